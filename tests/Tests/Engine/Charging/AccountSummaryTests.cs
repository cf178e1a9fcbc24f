using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Ledger;
using Xunit;

namespace Tollkeeper.Tests.Engine.Charging;

public sealed class AccountSummaryTests
{
    // The zone of the policy retail-usd, C4.
    static readonly DateTimeZone Eastern = DateTimeZone.ForOffset(Offset.FromHours(-5));

    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task R4_R51_A_summary_says_what_is_there_what_is_held_and_by_which_calls(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var desk = await Desk.Open(test.Database, clock, zone: () => Eastern);
        var account = await desk.Account(balanceMicros: 10_000_000);
        await desk.Account(balanceMicros: 77_000_000);
        Assert.True((await desk.Start(account, call: "c1")).Accepted);
        clock.Move(Duration.FromSeconds(61));
        Assert.True((await desk.Finish("c1", 61)).Accepted);
        Assert.True((await desk.Start(account, call: "c2")).Accepted);
        clock.Move(Duration.FromSeconds(5));
        Assert.True((await desk.Start(account, "+442070000000", "c3", "sw2")).Accepted);
        clock.Move(Duration.FromSeconds(10));

        var summary = await Summary(desk, account);
        Assert.Equal(account, summary.Id.Text);
        Assert.Equal("An account", summary.Name);
        var wallet = Assert.Single(summary.Wallets);
        Assert.Equal(
            (9_900_000L, 3_250_000L, 6_650_000L, 0L),
            (wallet.BalanceMicros, wallet.HeldMicros, wallet.AvailableMicros, wallet.FloorMicros));
        Assert.Equal((100_000L, 100_000L), (summary.TodayMicros, summary.MonthMicros));
        Assert.True(summary.Status.On);
        // 6.65 at 0.10 a day.
        Assert.Equal(summary.Today.PlusDays(66), wallet.DepletedOn);
        Assert.Equal(30, summary.Days.Count);
        Assert.Equal(new DaySpending(new LocalDate(2026, 3, 2), 100_000), summary.Days[^1]);
        Assert.All(summary.Days.SkipLast(1), day => Assert.Equal(0, day.SpentMicros));
        var last = Assert.Single(summary.LastCalls);
        Assert.Equal(
            ("+14165550100", 61, 120, 100_000L), (last.To, last.Seconds, last.BilledSeconds, last.TotalMicros));

        Assert.Equal(2, summary.RunningCount);
        Assert.Equal(["+442070000000", "+14165550100"], summary.RunningCalls.Select(call => call.Hold.To));
        Assert.Equal([(10, 100_000L), (15, 50_000L)], summary.RunningCalls.Select(c => (c.Seconds, c.AtMostMicros)));
    }

    [BothDatabases]
    public async Task Spending_is_of_the_local_day_and_month_and_an_old_day_is_not_today(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        clock.MoveTo(Instant.FromUtc(2026, 2, 20, 12, 0));
        await using var desk = await Desk.Open(test.Database, clock, zone: () => Eastern);
        var account = await desk.Account(balanceMicros: 10_000_000);
        // Five in the morning UTC is midnight there: the first call is of the last of February.
        clock.MoveTo(Instant.FromUtc(2026, 3, 1, 4, 59));
        await Call(desk, account, 60);
        clock.MoveTo(Instant.FromUtc(2026, 3, 1, 5, 1));
        await Call(desk, account, 180);
        var onTheFirst = await Summary(desk, account);
        Assert.Equal((150_000L, 150_000L), (onTheFirst.TodayMicros, onTheFirst.MonthMicros));
        Assert.Equal(
            [(new LocalDate(2026, 2, 28), 50_000L), (new LocalDate(2026, 3, 1), 150_000L)],
            onTheFirst.Days.Where(day => day.SpentMicros != 0).Select(day => (day.Date, day.SpentMicros)));

        clock.MoveTo(Instant.FromUtc(2026, 3, 5, 15, 0));
        var later = await Summary(desk, account);
        Assert.Equal((0L, 150_000L), (later.TodayMicros, later.MonthMicros));
        clock.MoveTo(Instant.FromUtc(2026, 4, 2, 15, 0));
        var nextMonth = await Summary(desk, account);
        Assert.Equal((0L, 0L), (nextMonth.TodayMicros, nextMonth.MonthMicros));
        Assert.All(nextMonth.Days, day => Assert.Equal(0, day.SpentMicros));
        Assert.Null(nextMonth.Wallets[0].DepletedOn);
    }

    [BothDatabases]
    public async Task R51_Two_wallets_are_shown_apart_and_their_calls_together(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var desk = await Desk.Open(test.Database, clock, "wholesale-usd");
        var account = await desk.Account(tax: TaxStatus.ExemptReseller);
        await desk.Deposit(account, 20_000_000, wallet: WalletName.Outbound);
        await desk.Deposit(account, 3_000_000, wallet: WalletName.Inbound);
        for (var i = 0; i < 8; i++)
            await Call(desk, account, 60, i % 2 == 0 ? Directions.Outbound : Directions.Inbound);

        var summary = await Summary(desk, account);
        Assert.Equal([WalletName.Outbound, WalletName.Inbound], summary.Wallets.Select(wallet => wallet.Name));
        Assert.Equal([19_800_000L, 2_800_000L], summary.Wallets.Select(wallet => wallet.BalanceMicros));
        Assert.Equal(400_000, summary.TodayMicros);
        Assert.Equal(
            [Directions.Inbound, Directions.Outbound, Directions.Inbound, Directions.Outbound, Directions.Inbound],
            summary.LastCalls.Select(call => call.Direction));
        Assert.Equal([4L, 4, 3, 3, 2], summary.LastCalls.Select(call => call.N));
    }

    [BothDatabases]
    public async Task R50_R67_A_suspended_account_is_off_and_an_account_of_another_provider_is_not_there(
        DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var desk = await Desk.Open(test.Database, clock);
        var account = await desk.Account(balanceMicros: 0);
        var no = await desk.AccountNo(account);
        Assert.True((await new SuspendAccount(test.Database, clock).Run(
            no, "violation", Directions.Both, Actor.Named("staff"))).Accepted);
        var summary = await Summary(desk, account);
        Assert.Equal(["violation", "funds"], summary.Status.Reasons.Select(reason => reason.Code));

        var other = await new House(test.Database, clock).Provider("retail-cad");
        await desk.Providers.Refresh(test.Database, CancellationToken.None);
        Assert.Null(await Summaries(desk).Of(other.No, no, CancellationToken.None));
        Assert.Null(await Summaries(desk).Of(desk.Provider.No, 4711, CancellationToken.None));
    }

    static SummarizeAccount Summaries(Desk desk) =>
        new(desk.Database, desk.Providers, new OpenHolds(desk.Database), desk.Clock);

    static async Task<AccountSummary> Summary(Desk desk, string account)
    {
        var summary = await Summaries(desk).Of(
            desk.Provider.No, await desk.AccountNo(account), CancellationToken.None);
        Assert.NotNull(summary);
        return summary;
    }

    async Task Call(Desk desk, string account, int seconds, Directions direction = Directions.Outbound)
    {
        var started = await desk.Start(account, direction: direction);
        Assert.True(started.Accepted, started.Refused?.ToString());
        clock.Move(Duration.FromMilliseconds(10));
        Assert.True((await desk.Finish(started.Value.Call, seconds, Disposition.Answered)).Accepted);
    }
}
