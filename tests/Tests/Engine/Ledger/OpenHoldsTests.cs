using NodaTime;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Tests.Engine.Charging;
using Xunit;

namespace Tollkeeper.Tests.Engine.Ledger;

public sealed class OpenHoldsTests
{
    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task Calls_in_progress_are_found_for_their_account_alone_and_the_last_come_first(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var desk = await Desk.Open(test.Database, clock);
        var (one, other) = (await desk.Account(5_000_000), await desk.Account(5_000_000));
        foreach (var (account, call) in new[] { (one, "a"), (other, "b"), (one, "c") })
        {
            Assert.True((await desk.Start(account, call: call)).Accepted);
            clock.Move(Duration.FromSeconds(1));
        }
        var holds = new OpenHolds(test.Database);
        var found = await holds.Of(await desk.AccountNo(one), CancellationToken.None);
        Assert.Equal(["c", "a"], found.Newest.Select(hold => hold.Call));
        Assert.Equal(2, found.Count);
        Assert.Equal(1, (await holds.Of(await desk.AccountNo(other), CancellationToken.None)).Count);

        // What expired is free: it is no call in progress any more, though its late end may still come.
        clock.Move(Duration.FromHours(2));
        Assert.Equal(3, await desk.Expire.Expire());
        Assert.Same(HeldCalls.None, await holds.Of(await desk.AccountNo(one), CancellationToken.None));
    }

    [BothDatabases]
    public async Task However_many_ask_at_once_a_few_scans_answer_them_all(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var desk = await Desk.Open(test.Database, clock);
        var account = await desk.Account(5_000_000);
        Assert.True((await desk.Start(account)).Accepted);
        var no = await desk.AccountNo(account);
        var holds = new OpenHolds(test.Database);
        var asked = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => holds.Of(no, CancellationToken.None)));
        Assert.All(asked, found => Assert.Equal(1, found.Count));
        Assert.InRange(holds.Scans, 1, 50);
    }

    [BothDatabases]
    public async Task A_scan_that_fails_tells_those_who_asked_and_the_next_one_is_made(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var desk = await Desk.Open(test.Database, clock);
        var account = await desk.Account(5_000_000);
        Assert.True((await desk.Start(account)).Accepted);
        var no = await desk.AccountNo(account);
        var holds = new OpenHolds(test.Database);
        await Execute(test, "alter table hold rename to hold_away");
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => holds.Of(no, CancellationToken.None));
        await Execute(test, "alter table hold_away rename to hold");
        Assert.Equal(1, (await holds.Of(no, CancellationToken.None)).Count);
    }

    static async Task Execute(TestDatabase test, string sql)
    {
        await using var connection = await test.Database.Connect();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
