using Tollkeeper.Ledger;
using Xunit;

namespace Tollkeeper.Tests.Engine.Charging;

public sealed class OneCallTests
{
    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task A_call_is_let_through_held_charged_once_and_its_rest_is_free_again(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var desk = await Desk.Open(test.Database, clock);
        var account = await desk.Account(balanceMicros: 1_000_000);

        var grant = (await desk.Start(account, call: "c1")).Value;
        Assert.Equal((300, 240, false), (grant.MaxSeconds, grant.RenewInSeconds, grant.Final));
        Assert.Equal(250_000, grant.Held.Micros);
        Assert.Equal(250_000, (await desk.Wallet(account)).HeldMicros);

        var charged = (await desk.Finish("c1", 61)).Value;
        Assert.Equal((120, 0, 100_000L), (charged.BilledSeconds, charged.OverrunSeconds, charged.Charge.Micros));
        Assert.Equal(900_000, charged.Balance.Micros);
        var wallet = await desk.Wallet(account);
        Assert.Equal((900_000L, 0L, 2L, 1L), (wallet.BalanceMicros, wallet.HeldMicros, wallet.Seq, wallet.Calls));
    }

    [BothDatabases]
    public async Task What_is_asked_again_is_answered_again_and_what_differs_is_refused_with_the_first_answer(
        DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var desk = await Desk.Open(test.Database, clock);
        var account = await desk.Account(balanceMicros: 1_000_000);

        var first = (await desk.Start(account, call: "c1")).Value;
        Assert.Equal(first, (await desk.Start(account, call: "c1")).Value);
        var differently = (await desk.Start(account, "+14165550199", call: "c1")).Refused;
        Assert.Equal((Refusal.RepeatedDifferently, (object?)first), (differently!.Refusal, differently.First));

        var renewed = (await desk.Continue("c1", 240)).Value;
        Assert.Equal(600, renewed.MaxSeconds);
        Assert.Equal(renewed, (await desk.Continue("c1", 240)).Value);

        var ended = (await desk.Finish("c1", 400)).Value;
        await desk.Deposit(account, 5_000_000);
        Assert.Equal(ended, (await desk.Finish("c1", 400)).Value);
        Assert.Equal(Refusal.RepeatedDifferently, (await desk.Finish("c1", 401)).Refused?.Refusal);
        // The id of a call that is over starts no second one.
        var again = (await desk.Start(account, call: "c1")).Refused;
        Assert.Equal((Refusal.CallEnded, (object?)first), (again!.Refusal, again.First));
        Assert.Equal(Refusal.CallEnded, (await desk.Continue("c1", 240)).Refused?.Refusal);
        Assert.Equal(1, (await desk.Wallet(account)).Calls);
    }

    [BothDatabases]
    public async Task An_end_before_its_authorize_is_unknown_and_keeps_the_late_authorize_out(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var desk = await Desk.Open(test.Database, clock);
        var account = await desk.Account(balanceMicros: 1_000_000);

        Assert.Equal(Refusal.UnknownCall, (await desk.Finish("c1", 0, Disposition.Cancelled)).Refused?.Refusal);
        Assert.Equal(Refusal.EndedBeforeAuthorize, (await desk.Start(account, call: "c1")).Refused?.Refusal);
        clock.Move(NodaTime.Duration.FromMinutes(11));
        Assert.True((await desk.Start(account, call: "c1")).Accepted);
    }

    [BothDatabases]
    public async Task R48_A_prepaid_account_at_zero_is_off_and_one_short_of_the_first_minute_is_refused(
        DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var desk = await Desk.Open(test.Database, clock);
        var empty = await desk.Account();
        var poor = await desk.Account(balanceMicros: 49_999);
        Assert.Equal(Refusal.InsufficientFundsStatus, (await desk.Start(empty)).Refused?.Refusal);
        Assert.Equal(Refusal.InsufficientFunds, (await desk.Start(poor)).Refused?.Refusal);
        Assert.Equal(Refusal.DestinationBlocked, (await desk.Start(poor, "+99912345678")).Refused?.Refusal);
        Assert.Equal(Refusal.NoRate, (await desk.Start(poor, "+33140000000")).Refused?.Refusal);
        Assert.Equal(Refusal.BadNumber, (await desk.Start(poor, "12x")).Refused?.Refusal);
        Assert.Equal(Refusal.UnknownAccount, (await desk.Start("nobody")).Refused?.Refusal);
    }
}
