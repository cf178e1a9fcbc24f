using NodaTime;
using Tollkeeper.Ledger;

namespace Tollkeeper.Charging;

/// <summary>
/// PRE-05: the token bucket of a calls-per-second limit. Tokens are counted in millionths and time in microseconds, so
/// that a refill of n a second is exactly n millionths a microsecond. Capacity and burst are the limit itself.
/// </summary>
public readonly record struct RateBucket(long MicroTokens, Instant At)
{
    const long MicrosPerToken = 1_000_000;
    const long RefilledWhollyAfterMicroseconds = 1_000_000;

    public static RateBucket Full(int callsPerSecond, Instant at) => new(Capacity(callsPerSecond), at);

    /// <summary>
    /// The bucket after one more call, or null when no token is left: a refused attempt takes none and changes nothing,
    /// because the refill is reckoned from the last call that was let through. A limit of 0 lets no call through.
    /// </summary>
    /// <param name="now">An instant before the bucket's own refills nothing and does not turn its clock back.</param>
    public RateBucket? TryTake(int callsPerSecond, Instant now)
    {
        // Both cut to microseconds first, so that an instant cut on its way through the books changes no decision.
        var elapsed = now.ToMicros() - At.ToMicros();
        var refilled = Math.Clamp(elapsed, 0, RefilledWhollyAfterMicroseconds) * callsPerSecond;
        var tokens = Math.Min(Capacity(callsPerSecond), MicroTokens + refilled);
        if (tokens < MicrosPerToken) return null;
        return new RateBucket(tokens - MicrosPerToken, now > At ? now : At);
    }

    static long Capacity(int callsPerSecond)
    {
        Demand.That(callsPerSecond >= 0, "a limit is not negative");
        return callsPerSecond * MicrosPerToken;
    }
}
