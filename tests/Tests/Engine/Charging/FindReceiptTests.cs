using Tollkeeper.Charging;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Ledger;
using Tollkeeper.Tests.Engine.Ledger;
using Xunit;

namespace Tollkeeper.Tests.Engine.Charging;

public sealed class FindReceiptTests
{
    [BothDatabases]
    public async Task Every_call_has_a_receipt_that_agrees_with_its_entry_and_its_chain(DatabaseKind kind)
    {
        await using var books = await SomeBooks.Keep(kind);
        var prepaid = await books.Desk.AccountNo(books.Prepaid);
        var receipts = new List<Receipt>();
        foreach (var call in new[] { "c1", "c2", "late", "c3", "i1" })
        {
            var receipt = await Find(books, prepaid, call);
            Assert.NotNull(receipt);
            Assert.True(receipt.Agrees, call);
            receipts.Add(receipt);
        }
        Assert.Equal([true, false, true, true, true], receipts.Select(receipt => receipt.Entry is not null));
        Assert.All(receipts, receipt => Assert.True(receipt.Entry?.HashFollows ?? true));
        Assert.Equal(WhyFree.NotAnswered, receipts[1].WhyFree);
        // The deposit, then 61 s of +1 at 0.05 a minute in whole minutes.
        Assert.Equal((3_000_000L, 2_900_000L), (receipts[0].BalanceBeforeMicros, receipts[0].BalanceAfterMicros));
        Assert.Equal((120, "0.1"), (receipts[0].Price.BilledSeconds, receipts[0].Usage.Text));
        Assert.Equal(EntryKind.LateCall, receipts[2].Entry!.Kind);
        Assert.Null(receipts[4].Call.GrantedSeconds);
        Assert.Equal(
            [(100_000L, "a test's reason")],
            receipts.Select(receipt => receipt.Reversal).OfType<Entry>().Select(
                reversal => (reversal.AmountMicros, reversal.Reference!)));
        Assert.NotNull(receipts[0].Reversal);
        Assert.All(receipts, receipt => Assert.Equal("standard", receipt.DeckName));
    }

    [BothDatabases]
    public async Task Anothers_call_is_as_good_as_none(DatabaseKind kind)
    {
        await using var books = await SomeBooks.Keep(kind);
        var (prepaid, postpaid) =
            (await books.Desk.AccountNo(books.Prepaid), await books.Desk.AccountNo(books.Postpaid));
        Assert.NotNull(await Find(books, postpaid, "p1"));
        Assert.Null(await Find(books, prepaid, "p1"));
        Assert.Null(await Find(books, prepaid, "never"));
        Assert.True(await Exists(books, "p1"));
        Assert.False(await Exists(books, "never"));
        // It is still up.
        Assert.Null(await Find(books, postpaid, "open1"));
    }

    [BothDatabases]
    public async Task A_receipt_says_that_an_entry_was_changed_or_taken_away(DatabaseKind kind)
    {
        await using var books = await SomeBooks.Keep(kind);
        var prepaid = await books.Desk.AccountNo(books.Prepaid);
        await books.Damage($"update entry set reference = 'x' where wallet_no = {books.PrepaidWallet} and seq = 2");
        Assert.False((await Find(books, prepaid, "c1"))!.Entry!.HashFollows);
        await books.Damage($"delete from entry where wallet_no = {books.PrepaidWallet} and seq = 2");
        var receipt = await Find(books, prepaid, "c1");
        Assert.True(receipt is { Entry: null, Agrees: false });
    }

    static Task<bool> Exists(SomeBooks books, string call) =>
        new FindReceipt(books.Test.Database).Exists(
            CallKey.Of(books.Desk.Provider.No, "sw1", call), CancellationToken.None);

    static Task<Receipt?> Find(SomeBooks books, long account, string call) =>
        new FindReceipt(books.Test.Database).Of(
            books.Desk.Provider.No, account, CallKey.Of(books.Desk.Provider.No, "sw1", call), CancellationToken.None);
}
