using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Charging;

/// <summary>
/// What a switch is told when a call may run: for how long in all since the answer, and when to ask again; seconds.
/// </summary>
public sealed record CallGrant(
    string Call, bool Billable, int MaxSeconds, int RenewInSeconds, bool Final, Money Held, KeptTerms Terms)
{
    public static CallGrant FirstOf(Hold hold, Currency currency) => new(
        hold.Call, hold.Billable, hold.FirstAnswer.GrantedSeconds, hold.FirstAnswer.RenewSeconds,
        hold.FirstAnswer.Final, new Money(hold.FirstAnswer.HeldMicros, currency), hold.Terms);

    /// <summary>None for a call that was imported.</summary>
    public static CallGrant? FirstOf(Call call) => call.FirstAnswer is { } first
        ? new CallGrant(
            call.CallId, call.Billable, first.GrantedSeconds, first.RenewSeconds, first.Final,
            new Money(first.HeldMicros, call.Currency), call.Terms)
        : null;

    public static CallGrant Of(Hold hold, Renewal renewal, Currency currency) => new(
        hold.Call, hold.Billable, renewal.GrantedSeconds, renewal.RenewInSeconds, renewal.Final,
        new Money(renewal.HeldMicros, currency), hold.Terms);
}

/// <summary>What a switch is told when a call is over: what was billed, and the wallet's balance after it.</summary>
public sealed record CallCharged(
    string Call, int BilledSeconds, int OverrunSeconds, Money Charge, Money Tax, Money Total, Money Balance)
{
    public static CallCharged Of(Call call) => new(
        call.CallId, call.BilledSeconds, call.OverrunSeconds, new Money(call.ChargeMicros, call.Currency),
        new Money(call.TaxMicros, call.Currency), new Money(call.TotalMicros, call.Currency),
        new Money(call.BalanceMicros, call.Currency));
}
