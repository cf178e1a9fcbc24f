using NodaTime;

namespace Tollkeeper;

/// <summary>
/// Instants as the databases keep them: a 64-bit count of microseconds since 1970-01-01T00:00:00Z. Finer parts are cut
/// (toward the past) before anything is compared, hashed or stored, because PostgreSQL keeps six digits.
/// </summary>
public static class Instants
{
    const long TicksPerMicrosecond = 10;

    public static long ToMicros(this Instant instant)
    {
        var ticks = instant.ToUnixTimeTicks();
        return ticks >= 0 ? ticks / TicksPerMicrosecond : -((-ticks + TicksPerMicrosecond - 1) / TicksPerMicrosecond);
    }

    public static Instant FromMicros(long micros) => Instant.FromUnixTimeTicks(checked(micros * TicksPerMicrosecond));

    public static Instant? FromMicros(long? micros) => micros is { } known ? FromMicros(known) : null;

    /// <summary>The instant without the parts that no database keeps.</summary>
    public static Instant CutToMicros(this Instant instant) => FromMicros(instant.ToMicros());
}
