using NodaTime;
using Tollkeeper.Ledger;

namespace Tollkeeper.Charging;

/// <summary>
/// A call in progress and what it may have cost so far, tax included. Only the switch knows when it was answered, so
/// the time since it was let through is the most it can have lasted.
/// </summary>
/// <param name="Seconds">Since it was let through, at most what it was granted.</param>
public sealed record RunningCall(Hold Hold, int Seconds, long AtMostMicros)
{
    public static RunningCall Of(Hold hold, Instant now)
    {
        var elapsed = Rounding.Divide(now.ToMicros() - hold.StartedAt.ToMicros(), 1_000_000, RoundingMode.Up);
        var seconds = (int)Math.Clamp(elapsed, 0, hold.GrantedSeconds);
        var cost = hold.Billable ? Charge.Of(hold.Terms.CallTerms(), seconds).TotalMicros : 0;
        return new RunningCall(hold, seconds, cost);
    }
}
