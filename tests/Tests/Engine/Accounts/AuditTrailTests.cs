using Dapper;
using Microsoft.Data.Sqlite;
using NodaTime;
using Npgsql;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Xunit;

namespace Tollkeeper.Tests.Engine.Accounts;

public sealed class AuditTrailTests
{
    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task Nobody_changes_or_removes_what_is_on_record(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await Write(test, new AuditRecord(Act.SignedIn, 1, null, null, "ana"));
        await using var connection = await test.Database.Connect();
        string[] attempts = ["update audit_record set subject = 'bo'", "delete from audit_record"];
        foreach (var attempt in kind == DatabaseKind.Postgres ? [.. attempts, "truncate audit_record"] : attempts)
        {
            var refused = await Record.ExceptionAsync(() => connection.ExecuteAsync(attempt));
            Assert.True(refused is PostgresException or SqliteException, $"{attempt}: {refused}");
            Assert.Contains("only ever inserted", refused.Message, StringComparison.Ordinal);
        }
        Assert.Equal("ana", Assert.Single(await Page(test, 1, new RecordFilter())).Written.Subject);
    }

    [BothDatabases]
    public async Task Each_filter_finds_what_fits_and_all_of_them_together(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var (house, people) = (new House(test.Database, clock), new SomePeople(test.Database, clock));
        var provider = await house.Provider();
        var account = await house.Account(provider, (await house.Deck(provider)).No, "Northwind");
        var ana = await people.User(provider, "Ana@example.com", account.No);
        var before = (await Page(test, provider.No, new RecordFilter())).Count;
        clock.Move(Duration.FromHours(1));
        var from = clock.Now;
        await Write(
            test,
            new AuditRecord(Act.NoteWritten, provider.No, ana.No, account.No, "one"),
            new AuditRecord(Act.Suspended, provider.No, ana.No, account.No, "fraud"),
            new AuditRecord(Act.Suspended, provider.No, 77, account.No, "fraud"),
            new AuditRecord(Act.Suspended, provider.No, ana.No, null, "fraud"),
            new AuditRecord(Act.Suspended, 99, ana.No, account.No, "fraud"));
        clock.Move(Duration.FromHours(1));
        var until = clock.Now;
        await Write(test, new AuditRecord(Act.Suspended, provider.No, ana.No, account.No, "fraud"));

        foreach (var (filter, expected) in new (RecordFilter, int)[]
        {
            (new RecordFilter(), before + 5),
            (new RecordFilter(From: from), 5),
            (new RecordFilter(Until: until), before + 4),
            (new RecordFilter(From: from, Until: until), 4),
            (new RecordFilter(AccountNo: account.No, From: from), 4),
            (new RecordFilter(UserNo: ana.No, From: from), 4),
            (new RecordFilter(UserNo: ana.No, Act: Act.Suspended), 3),
            (new RecordFilter(Act: Act.Suspended), 4),
            (new RecordFilter(Subject: "fraud"), 4),
            (new RecordFilter(Subject: "fraud", UserNo: 77), 1),
            (new RecordFilter(Subject: "frau"), 0),
            (new RecordFilter(ana.No, Act.Suspended, "fraud", account.No, from, until), 1),
        })
            Assert.Equal((filter, expected), (filter, (await Page(test, provider.No, filter)).Count));
        var listed = (await Page(test, provider.No, new RecordFilter(Subject: "fraud", UserNo: ana.No)))[0];
        Assert.Equal((ana.Id, "Ana@example.com", account.Id.Text, "Northwind"),
            (listed.UserId, listed.UserEmail, listed.AccountId, listed.AccountName));
        Assert.Empty(await Page(test, provider.No + 1, new RecordFilter(AccountNo: account.No)));
    }

    [BothDatabases]
    public async Task Nobody_of_another_provider_is_named(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var (house, people) = (new House(test.Database, clock), new SomePeople(test.Database, clock));
        var (asked, other) = (await house.Provider(), await house.Provider("retail-cad"));
        var account = await house.Account(other, (await house.Deck(other)).No, "Northwind");
        var ana = await people.User(other, "ana@example.com", account.No);
        await Write(test, new AuditRecord(Act.OtherProvidersSession, asked.No, ana.No, account.No));
        var listed = Assert.Single(
            await Page(test, asked.No, new RecordFilter(Act: Act.OtherProvidersSession)));
        Assert.Equal((ana.No, account.No), (listed.Written.UserNo!.Value, listed.Written.AccountNo!.Value));
        Assert.Equal(
            (null, null, null, null), (listed.UserId, listed.UserEmail, listed.AccountId, listed.AccountName));
    }

    [BothDatabases]
    public async Task Pages_have_each_record_once_and_the_newest_first_whenever_it_was_written(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        // What waited for the database is written late, with the instant at which it happened.
        for (var i = 0; i < 23; i++)
        {
            clock.Move(i % 3 == 0 ? Duration.FromSeconds(-5) : i % 3 == 1 ? Duration.Zero : Duration.FromSeconds(7));
            await Write(test, new AuditRecord(Act.SignedIn, 1, 5, 6, new string('é', 900) + i));
        }
        var all = await Page(test, 1, new RecordFilter());
        Assert.Equal(23, all.Count);
        Assert.Equal(all.OrderByDescending(one => one.Place.AtMicros).ThenByDescending(one => one.Place.No), all);
        foreach (var filter in new[]
            { new RecordFilter(), new RecordFilter(AccountNo: 6), new RecordFilter(UserNo: 5, Act: Act.SignedIn) })
        {
            var read = new List<ListedRecord>();
            RecordPlace? after = null;
            while (await AuditTrailStore.Page(test.Database, 1, filter, after, 4, default) is { Count: > 0 } some)
            {
                read.AddRange(some);
                after = RecordPlace.Read(some[^1].Place.Text);
            }
            Assert.Equal(all, read);
        }
        Assert.Single(await Page(test, 1, new RecordFilter(Subject: all[3].Written.Subject)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("5-x")]
    [InlineData("-5-5")]
    [InlineData("5-99999999999999999999")]
    public void A_place_that_is_none_is_the_newest(string? text) => Assert.Null(RecordPlace.Read(text));

    async Task Write(TestDatabase test, params AuditRecord[] records)
    {
        using var writer = new AuditRecords(test.Database, clock);
        foreach (var record in records) writer.Add(record);
        await writer.Write();
    }

    static Task<IReadOnlyList<ListedRecord>> Page(TestDatabase test, int providerNo, RecordFilter filter) =>
        AuditTrailStore.Page(test.Database, providerNo, filter, null, 1_000, default);
}
