using NodaTime;

namespace Tollkeeper.Charging;

/// <summary>
/// The limits that a new call must pass (PRE-05, R68, R69): first calls per second, then channels. The bucket is to be
/// kept in either case: a call refused for its channels has taken a token and has not started, one refused
/// for its rate has done neither.
/// </summary>
public readonly record struct Admission(RateBucket Bucket, Refusal? Refusal)
{
    /// <param name="openCalls">The calls that the channel limit counts, from admission to end, this one aside.</param>
    public static Admission Of(RateBucket bucket, int callsPerSecond, int openCalls, int channels, Instant now)
    {
        if (bucket.TryTake(callsPerSecond, now) is not { } taken)
            return new Admission(bucket, Tollkeeper.Refusal.CpsExceeded);
        return new Admission(taken, openCalls < channels ? null : Tollkeeper.Refusal.ChannelsExceeded);
    }
}
