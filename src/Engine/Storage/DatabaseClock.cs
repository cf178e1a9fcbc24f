using NodaTime;

namespace Tollkeeper.Engine.Storage;

/// <summary>
/// How far this machine's clock is from the database's, which several nodes share. A node that is more than a second
/// off lets no call through: rates, days and rate buckets go by the clock.
/// </summary>
public sealed class DatabaseClock(Database database, IClock clock)
{
    public static Duration Tolerance => Duration.FromSeconds(1);

    long skewMicros;

    public Duration Skew => Duration.FromTicks(Interlocked.Read(ref skewMicros) * 10);

    public bool IsSkewed => Skew > Tolerance || Skew < -Tolerance;

    /// <summary>Asks once; on SQLite both clocks are one.</summary>
    public async Task Compare(CancellationToken ct)
    {
        if (!database.IsPostgres) return;
        await using var connection = await database.Connect(ct);
        var before = clock.GetCurrentInstant();
        var theirs = await ClockStore.Now(connection, ct);
        var skew = Measure(before, theirs, clock.GetCurrentInstant());
        Interlocked.Exchange(ref skewMicros, skew.BclCompatibleTicks / 10);
    }

    /// <summary>Their instant lies between ours before and after the question: only what is outside is skew.</summary>
    static Duration Measure(Instant before, Instant theirs, Instant after)
    {
        if (theirs < before) return theirs - before;
        return theirs > after ? theirs - after : Duration.Zero;
    }
}
