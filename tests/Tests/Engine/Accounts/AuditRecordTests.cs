using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Xunit;

namespace Tollkeeper.Tests.Engine.Accounts;

public sealed class AuditRecordTests
{
    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task What_is_put_on_record_is_written_whatever_a_stranger_sent(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var people = new SomePeople(test.Database, clock);
        using var records = new AuditRecords(test.Database, clock);
        var half = "\uD83D";
        records.Add(new AuditRecord(
            Act.ForeignIdAsked, 1, 2, 3, "acc_\u0000\n" + half + new string('x', 5_000), "", "::1"));
        records.Add(new AuditRecord(Act.SignInFailed, 1, null, null, "nobody@example.com"));
        Assert.Empty(await people.Records(1));
        await records.Write();
        await records.Write();
        var written = await people.Records(1);
        Assert.Equal(["sign_in_failed", "foreign_id_asked"], written.Select(record => record.Act));
        Assert.StartsWith("acc_\uFFFD\uFFFD\uFFFDxxx", written[1].Subject, StringComparison.Ordinal);
        Assert.Equal((1_000, clock.Now, 2L, 3L), (
            written[1].Subject.Length, written[1].At, written[1].UserNo, written[1].AccountNo));
        Assert.Empty(await people.Records(2));
    }

    [BothDatabases]
    public async Task While_the_database_is_away_records_wait_and_no_more_than_a_number_of_them(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var people = new SomePeople(test.Database, clock);
        using var records = new AuditRecords(test.Database, clock);
        for (var i = 0; i < 10_007; i++) records.Add(new AuditRecord(Act.ForeignIdAsked, 1, null, null, $"{i}"));
        Assert.Equal(7, records.Lost);
        await records.Write();
        Assert.Equal(1_000, (await people.Records(1)).Count);
        Assert.Equal("9999", (await people.Records(1))[0].Subject);
    }
}
