namespace Tollkeeper.Rating;

public enum ShortDurationMode
{
    /// <summary>Only the short calls beyond the allowed share pay.</summary>
    Excess = 0,

    /// <summary>Once the share is exceeded, every short call pays.</summary>
    AllWhenExceeded = 1,
}

/// <summary>
/// RATE-08: a fee for too many short calls among the connected ones of a UTC day or week. A call is short up to and
/// with <paramref name="ShortSeconds"/>; a share of exactly <paramref name="AllowedPartsPerMillion"/> is still allowed.
/// </summary>
public sealed record ShortDurationSurcharge(
    ShortDurationMode Mode, int ShortSeconds, int AllowedPartsPerMillion, long FeeMicros)
{
    /// <summary>A connected call has at least one second.</summary>
    public bool IsShort(int seconds) => seconds >= 1 && seconds <= ShortSeconds;

    /// <param name="connected">All connected calls of the period.</param>
    /// <param name="shortCalls">Those of them that are short.</param>
    public ShortDurationOutcome Of(long connected, long shortCalls)
    {
        Demand.That(shortCalls >= 0 && shortCalls <= connected, "short calls are some of the connected ones");
        if (connected == 0) return default;
        var allowed = (long)((Int128)connected * AllowedPartsPerMillion / 1_000_000);
        var share = Rounding.Divide((Int128)shortCalls * 1_000_000, connected, RoundingMode.HalfUp);
        if (shortCalls <= allowed) return new ShortDurationOutcome((int)share, false, 0, 0);
        var charged = Mode switch
        {
            ShortDurationMode.Excess => shortCalls - allowed,
            ShortDurationMode.AllWhenExceeded => shortCalls,
        };
        return new ShortDurationOutcome((int)share, true, charged, checked(charged * FeeMicros));
    }
}

/// <summary>The share of short calls in parts per million, and what is charged for them in micros.</summary>
public readonly record struct ShortDurationOutcome(
    int SharePartsPerMillion, bool Exceeded, long SurchargedCalls, long SurchargeMicros);
