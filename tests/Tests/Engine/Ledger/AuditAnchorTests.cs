using Tollkeeper.Engine.Ledger;
using Tollkeeper.Ledger;
using Xunit;

namespace Tollkeeper.Tests.Engine.Ledger;

public sealed class AuditAnchorTests
{
    [BothDatabases]
    public async Task A_past_that_was_rewritten_with_all_its_hashes_is_found_by_the_anchor_alone(DatabaseKind kind)
    {
        await using var books = await SomeBooks.Keep(kind);
        var first = await books.Desk.Account(balanceMicros: 7_000_000);
        var wallet = (await books.Desk.Wallet(first)).No;
        var path = Path.Combine(books.Test.Folder, "anchor");
        (await books.Audit(AuditAnchor.Read(path).Value)).Anchor.Write(path);
        var anchor = AuditAnchor.Read(path).Value;
        Assert.Equal(3, anchor.Count);
        await books.Desk.Deposit(books.Postpaid, 1);
        Assert.True((await books.Audit(anchor)).Clean);

        var entry = Assert.Single(await WalletStore.Entries(
            books.Test.Database, wallet, 0, null, null, 10, CancellationToken.None));
        var forged = entry with
        {
            Reference = "forged",
            Postings = [new Posting(LedgerCode.InTransit, LedgerCode.PrepaidLiability, 7_000_000)],
        };
        var hash = Convert.ToHexStringLower(EntryChain.Hash(EntryChain.Start(wallet), forged));
        var bytes = kind == DatabaseKind.Postgres ? $"'\\x{hash}'::bytea" : $"x'{hash}'";
        await books.Damage($"update entry set reference = 'forged', hash = {bytes} where wallet_no = {wallet}");
        await books.Damage($"update wallet set chain = {bytes} where no = {wallet}");
        Assert.True((await books.Audit()).Clean);
        var finding = Assert.Single((await books.Audit(anchor)).Findings);
        Assert.Equal((AuditCheck.Anchor, wallet, 1L), (finding.Check, finding.WalletNo, finding.Place));

        await books.Damage($"delete from posting where wallet_no = {wallet}");
        await books.Damage($"delete from entry where wallet_no = {wallet}");
        await books.Damage($"delete from wallet where no = {wallet}");
        Assert.Equal(AuditCheck.Anchor, Assert.Single((await books.Audit(anchor)).Findings).Check);
    }

    [BothDatabases]
    public async Task An_anchor_file_is_for_its_owner_alone_and_a_changed_one_is_refused(DatabaseKind kind)
    {
        await using var books = await SomeBooks.Keep(kind);
        var path = Path.Combine(books.Test.Folder, "anchor");
        (await books.Audit()).Anchor.Write(path);
        (await books.Audit()).Anchor.Write(path);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal([path], Directory.GetFiles(books.Test.Folder, "anchor*"));
        var text = await File.ReadAllTextAsync(path);
        foreach (var damaged in new[] { text[..^9], text.Replace("\n1 ", "\n2 ", StringComparison.Ordinal), "", "x" })
        {
            await File.WriteAllTextAsync(path, damaged);
            Assert.Equal(Refusal.FileUnreadable, AuditAnchor.Read(path).Refused?.Refusal);
        }
    }
}
