using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Ledger;
using Xunit;

namespace Tollkeeper.Tests.Engine.Charging;

/// <summary>R52: an account's open pages hear of what moves, whichever node moved it.</summary>
public sealed class LiveAccountTests
{
    static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task R52_What_another_node_charges_is_seen_here(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var desk = await Desk.Open(test.Database, clock);
        await using var here = test.OpenAgain();
        await using var live = new LiveAccounts(here, await Providers(desk), clock);
        var account = await desk.Account(balanceMicros: 10_000_000);
        using var watch = live.Watch(await desk.AccountNo(account));
        var first = await watch.Next(Long, default);
        Assert.Equal((10_000_000L, 0L, 0, true), Seen(first!));

        Assert.True((await desk.Start(account, call: "c1")).Accepted);
        var during = await watch.Next(Long, default);
        Assert.Equal((10_000_000L, true), (during!.Wallets[0].BalanceMicros, during.Wallets[0].HeldMicros > 0));
        Assert.Equal((1, 0L), (during.CallsUp, during.Calls));
        Assert.True(during.HasOtherCallsThan(first!));

        clock.Move(Duration.FromSeconds(61));
        Assert.True((await desk.Finish("c1", 61)).Accepted);
        var after = await watch.Next(Long, default);
        Assert.Equal((9_900_000L, 0L, 0, true), Seen(after!));
        Assert.Equal((9_900_000L, 100_000L, 100_000L, 1L),
            (after!.Wallets[0].AvailableMicros, after.TodayMicros, after.MonthMicros, after.Calls));
    }

    [BothDatabases]
    public async Task R52_R67_A_suspension_and_a_change_at_midnight_are_seen(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var desk = await Desk.Open(test.Database, clock, "wholesale-usd");
        await using var live = new LiveAccounts(test.Database, await Providers(desk), clock);
        var account = await desk.Account(tax: TaxStatus.ExemptReseller);
        await desk.Deposit(account, 20_000_000, wallet: WalletName.Outbound);
        await desk.Deposit(account, 3_000_000, wallet: WalletName.Inbound);
        Assert.True((await desk.Start(account, call: "c1")).Accepted);
        Assert.True((await desk.Finish("c1", 60)).Accepted);
        var no = await desk.AccountNo(account);
        using var watch = live.Watch(no);
        var first = await watch.Next(Long, default);
        Assert.Equal([WalletName.Outbound, WalletName.Inbound], first!.Wallets.Select(wallet => wallet.Name));
        Assert.True(first.TodayMicros > 0);

        Assert.True((await new SuspendAccount(test.Database, clock).Run(
            no, "violation", Directions.Both, Actor.Named("staff"))).Accepted);
        var suspended = await watch.Next(Long, default);
        Assert.True(suspended!.HasOtherStatusThan(first));
        Assert.Equal(["violation"], suspended.Status.Reasons.Select(reason => reason.Code));
        Assert.False(suspended.HasOtherCallsThan(first));

        clock.Move(Duration.FromHours(24));
        var tomorrow = await watch.Next(Long, default);
        Assert.Equal((0L, first.MonthMicros), (tomorrow!.TodayMicros, tomorrow.MonthMicros));
    }

    [BothDatabases]
    public async Task Nothing_is_asked_when_nobody_watches_and_many_are_asked_for_at_once(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var desk = await Desk.Open(test.Database, clock);
        await using var live = new LiveAccounts(test.Database, await Providers(desk), clock);
        await Task.Delay(700);
        Assert.Equal(0, live.Questions);
        var accounts = new List<long>();
        for (var i = 0; i < 20; i++) accounts.Add(await desk.AccountNo(await desk.Account(balanceMicros: 1_000_000)));
        var watches = accounts.Select(live.Watch).ToList();
        foreach (var watch in watches)
        {
            Assert.Equal((1_000_000L, 0L, 0, true), Seen((await watch.Next(Long, default))!));
            watch.Dispose();
        }
        // A watcher alone would have had twenty; the last of these may have come when the first was asked for.
        Assert.InRange(live.Questions, 1, 10);
        await Task.Delay(700);
        var asked = live.Questions;
        await Task.Delay(1_200);
        Assert.Equal(asked, live.Questions);

        // And again, after nobody did.
        using var again = live.Watch(accounts[0]);
        Assert.NotNull(await again.Next(Long, default));
        Assert.Same(await again.Next(TimeSpan.FromMilliseconds(10), default),
            await again.Next(TimeSpan.FromMilliseconds(700), default));
    }

    [Fact]
    [Trait("Category", "needs-postgres")]
    public async Task A_database_that_is_away_is_told_once_and_asked_again_and_the_watch_ends()
    {
        await using var test = await TestDatabase.New(DatabaseKind.Postgres);
        await using var desk = await Desk.Open(test.Database, clock);
        var account = await desk.AccountNo(await desk.Account(balanceMicros: 1_000_000));
        await using var gone = test.OpenAgain();
        var failures = 0;
        await using var live = new LiveAccounts(gone, await Providers(desk), clock, _ => failures++);
        using var watch = live.Watch(account);
        Assert.NotNull(await watch.Next(Long, default));
        await gone.DisposeAsync();
        await Assert.ThrowsAsync<TimeoutException>(() => watch.Next(Long, default));
        Assert.Equal(1, failures);
        var asked = live.Questions;
        await Task.Delay(1_200);
        Assert.InRange(live.Questions, asked + 1, asked + 4);
    }

    static (long Balance, long Held, int CallsUp, bool On) Seen(LiveAccount account) => (
        account.Wallets[0].BalanceMicros, account.Wallets[0].HeldMicros, account.CallsUp, account.Status.On);

    static async Task<ProvidersInForce> Providers(Desk desk)
    {
        var providers = new ProvidersInForce();
        await providers.Refresh(desk.Database, default);
        return providers;
    }
}
