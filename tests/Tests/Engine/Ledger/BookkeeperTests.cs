using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Ledger;
using Tollkeeper.Tests.Engine.Charging;
using Xunit;

namespace Tollkeeper.Tests.Engine.Ledger;

/// <summary>What the one writer of the books must bear besides its usual work.</summary>
public sealed class BookkeeperTests
{
    readonly MovableClock clock = new();

    [Fact]
    public async Task Ending_the_bookkeeper_decides_what_waits_and_never_hangs()
    {
        await using var test = await TestDatabase.New(DatabaseKind.Sqlite);
        await using var desk = await Desk.Open(test.Database, clock);
        var account = await desk.AccountNo(await desk.Account());
        for (var i = 0; i < 100; i++)
        {
            var node = await desk.Another(test.Database);
            var asked = node.Money.Post(Deposit(desk, account, $"d{i}"), 0);
            await node.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
            await asked.WaitAsync(TimeSpan.FromSeconds(10));
            var late = await node.Money.Post(Deposit(desk, account, "late"), 0).WaitAsync(TimeSpan.FromSeconds(10));
            Assert.Equal(Refusal.Busy, late.Refused?.Refusal);
        }
    }

    [BothDatabases]
    public async Task A_zone_that_moves_west_does_not_stop_a_wallet_whose_day_is_over_already(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var zone = DateTimeZone.ForOffset(Offset.FromHours(10));
        await using var desk = await Desk.Open(test.Database, clock, zone: () => zone);
        var account = await desk.Account(balanceMicros: 10_000_000);
        clock.MoveTo(Instant.FromUtc(2026, 3, 3, 13, 0));
        await Spend("east, 3 March");
        clock.MoveTo(Instant.FromUtc(2026, 3, 3, 15, 0));
        await Spend("east, 4 March");
        zone = DateTimeZone.ForOffset(Offset.FromHours(-10));
        await Spend("west, 3 March again");
        clock.MoveTo(Instant.FromUtc(2026, 3, 4, 15, 0));
        await Spend("west, 4 March");
        Assert.Equal(9_800_000, (await desk.Wallet(account)).BalanceMicros);

        async Task Spend(string call)
        {
            Assert.True((await desk.Start(account, call: call)).Accepted, call);
            Assert.Null((await desk.Finish(call, 60)).Refused);
        }
    }

    [BothDatabases]
    public async Task A_credit_limit_set_again_is_answered_as_the_first_time(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var desk = await Desk.Open(test.Database, clock);
        var account = await desk.Account(type: AccountType.Postpaid);
        var change = new CreditLimitChange(
            desk.Provider.No, await desk.AccountNo(account), null, new Money(5_000_000, Currency.Usd), null, null, "k",
            "me");
        var first = await desk.CreditLimit.Set(change);
        await desk.Deposit(account, 1_000_000);
        Assert.Equal(first.Value, (await desk.CreditLimit.Set(change)).Value);
    }

    [BothDatabases]
    public async Task A_key_that_set_one_accounts_limit_does_not_pass_for_anothers(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var desk = await Desk.Open(test.Database, clock);
        var (one, two) = (await desk.Account(type: AccountType.Postpaid),
            await desk.Account(type: AccountType.Postpaid));
        var limit = new Money(5_000_000, Currency.Usd);
        var change = new CreditLimitChange(
            desk.Provider.No, await desk.AccountNo(one), null, limit, null, null, "k", "me");
        Assert.Null((await desk.CreditLimit.Set(change)).Refused);
        var other = await desk.CreditLimit.Set(change with { AccountNo = await desk.AccountNo(two) });
        Assert.Equal(Refusal.RepeatedDifferently, other.Refused?.Refusal);
    }

    [BothDatabases]
    public async Task Amounts_that_no_sum_could_hold_are_refused_and_stop_nothing(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var desk = await Desk.Open(test.Database, clock);
        var id = await desk.Account(type: AccountType.Postpaid);
        var account = await desk.AccountNo(id);
        var most = new Money(MoneyMove.MostMicros, Currency.Usd);
        var deposit = Deposit(desk, account, "most") with { Amount = most };
        Assert.Null((await desk.Money.Post(deposit, 0)).Refused);
        Assert.Equal(Refusal.BadAmount, (await desk.Money.Post(deposit with { Key = "more" }, 0)).Refused?.Refusal);
        var huge = deposit with { Key = "huge", Amount = new Money(long.MaxValue, Currency.Usd) };
        Assert.Equal(Refusal.BadAmount, (await desk.Money.Post(huge, 0)).Refused?.Refusal);
        var change = new CreditLimitChange(desk.Provider.No, account, null, huge.Amount, null, null, "k", "me");
        Assert.Equal(Refusal.BadAmount, (await desk.CreditLimit.Set(change)).Refused?.Refusal);
        Assert.Null((await desk.CreditLimit.Set(change with { Limit = most })).Refused);
        Assert.True((await desk.Start(id)).Accepted);
    }

    [BothDatabases]
    public async Task Limits_set_a_hundred_times_leave_a_short_record_on_the_wallet(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var desk = await Desk.Open(test.Database, clock);
        var account = await desk.Account(type: AccountType.Postpaid);
        var no = await desk.AccountNo(account);
        for (var i = 1; i <= 100; i++)
        {
            var change = new CreditLimitChange(
                desk.Provider.No, no, null, new Money(i * 1_000_000, Currency.Usd), null, null, $"k{i}", "me");
            Assert.Null((await desk.CreditLimit.Set(change)).Refused);
        }
        var wallet = await desk.Wallet(account);
        Assert.Equal(-100_000_000, wallet.FloorMicros(clock.Now));
        Assert.Single(wallet.Floors);
    }

    [BothDatabases]
    public async Task The_same_finished_call_sent_for_two_accounts_at_once_is_charged_to_one(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var desk = await Desk.Open(test.Database, clock);
        await using var again = kind == DatabaseKind.Postgres ? test.OpenAgain() : null;
        await using var other = await desk.Another(again ?? test.Database);
        var accounts = new[] { await desk.Account(balanceMicros: 1), await desk.Account(balanceMicros: 1) };
        clock.Move(Duration.FromHours(1));
        for (var i = 0; i < 60; i++)
        {
            var outcomes = await Task.WhenAll(
                desk.Import.Import(Finished(desk, accounts[0], $"i{i}")),
                other.Import.Import(Finished(desk, accounts[1], $"i{i}")));
            Assert.Single(outcomes, outcome => outcome.Accepted);
            Assert.Single(outcomes, outcome => outcome.Refused?.Refusal == Refusal.RepeatedDifferently);
        }
    }

    [BothDatabases]
    public async Task A_call_that_ends_while_it_is_let_through_holds_nothing_afterwards(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var desk = await Desk.Open(test.Database, clock);
        await using var again = kind == DatabaseKind.Postgres ? test.OpenAgain() : null;
        await using var other = await desk.Another(again ?? test.Database);
        var account = await desk.Account(balanceMicros: 100_000_000);
        for (var i = 0; i < 100; i++)
        {
            var started = desk.Start(account, call: $"c{i}");
            var ended = other.Finish($"c{i}", 0, Disposition.Cancelled);
            Assert.NotEqual((await started).Accepted, (await ended).Refused?.Refusal == Refusal.UnknownCall);
        }
        Assert.Equal(0, (await desk.Wallet(account)).HeldMicros);
    }

    static MoneyMove Deposit(Desk desk, long account, string key) => new(
        desk.Provider.No, account, null, EntryKind.Deposit, new Money(1, Currency.Usd), LedgerCode.InTransit, key,
        "a test");

    FinishedCall Finished(Desk desk, string account, string call) => new(
        new CallQuestion(
            desk.Provider.No, "sw1", call, account, Directions.Outbound, "+12125550100", "+14165550100", null),
        new CallOver(desk.Provider.No, "sw1", call, null, clock.Now, 60, Disposition.Answered, 200));
}
