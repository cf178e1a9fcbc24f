using Tollkeeper.Providers;

namespace Tollkeeper.Charging;

/// <summary>
/// What a running call may use (PRE-02). <paramref name="Seconds"/> counts from the answer and is the whole time
/// granted so far; <paramref name="HeldMicros"/> is the price of exactly that. <paramref name="Final"/>: less than a
/// full quota was affordable, so the call ends there unless money comes.
/// </summary>
public readonly record struct Grant(int Seconds, long HeldMicros, bool Final)
{
    /// <summary>The first quota, or as much of it as the money buys.</summary>
    public static Result<Grant> First(in CallTerms terms, long availableMicros, CallRules rules) =>
        Upto(terms, 0, 0, availableMicros, rules);

    /// <summary>
    /// One more quota on top of what was granted. Its price is that of the whole call less what is held already, so
    /// that increments count over the whole call and never per quota (PRE-03).
    /// </summary>
    /// <param name="availableMicros">What is free now, the call's own hold not counted.</param>
    public static Result<Grant> Next(
        in CallTerms terms, int grantedSeconds, long heldMicros, long availableMicros, CallRules rules) =>
        grantedSeconds >= rules.MaxCallSeconds
            ? Refusal.CallTooLong
            : Upto(terms, grantedSeconds, heldMicros, availableMicros, rules);

    /// <summary>
    /// When to ask for more, in seconds from the answer: what was granted before, plus the policy's share of this quota
    /// (EX-31), rounded up so that it is always later than the previous grant's end.
    /// </summary>
    public int RenewInSeconds(int previouslyGrantedSeconds, CallRules rules)
    {
        Demand.That(rules.RenewAtPartsPerMillion is > 0 and <= 1_000_000, "a quota is renewed within itself");
        var quota = (Int128)(Seconds - previouslyGrantedSeconds) * rules.RenewAtPartsPerMillion;
        return checked(previouslyGrantedSeconds + (int)Rounding.Divide(quota, 1_000_000, RoundingMode.Up));
    }

    static Result<Grant> Upto(
        in CallTerms terms, int grantedSeconds, long heldMicros, long availableMicros, CallRules rules)
    {
        Demand.That(grantedSeconds >= 0 && heldMicros >= 0, "a grant and its hold are not negative");
        Demand.That(rules.QuotaSeconds > 0 && rules.MaxCallSeconds > 0, "a quota and the longest call are positive");
        var wanted = (int)Math.Min((long)grantedSeconds + rules.QuotaSeconds, rules.MaxCallSeconds);
        // Below its floor a wallet has nothing free, yet what is held stays held: seconds paid for may be given.
        var seconds = LongestCall.Seconds(terms, checked(heldMicros + Math.Max(0, availableMicros)), wanted);
        if (seconds <= grantedSeconds) return Refusal.InsufficientFunds;
        return new Grant(seconds, Charge.Of(terms, seconds).TotalMicros, Final: seconds < wanted);
    }
}
