using NodaTime;
using NodaTime.Text;

namespace Tollkeeper.Jobs;

/// <summary>What becomes of occurrences that nobody was there to run.</summary>
public enum CatchUp
{
    /// <summary>Each of them, oldest first.</summary>
    OneByOne = 0,

    /// <summary>The newest alone stands for all of them.</summary>
    AsOne = 1,
}

/// <summary>One time at which a job is due, by a key that no other time of the job has.</summary>
public readonly record struct Occurrence(string Key, Instant At);

/// <summary>How far a job has come: its last occurrence, or since when occurrences count where there was none.
/// </summary>
public readonly record struct JobCursor(Instant Since, string? LastKey);

/// <summary>
/// When a job is due: every so often, counted from 1970 so that all nodes agree; at a local time of each date of a
/// zone; or never by itself.
/// </summary>
public sealed record JobRule
{
    JobRule()
    {
    }

    public Duration? Period { get; private init; }

    public LocalTime? At { get; private init; }

    public static JobRule OnRequest { get; } = new();

    public static JobRule Every(Duration period)
    {
        Demand.That(period >= Duration.FromSeconds(1), "a job is due every second at the most");
        return new JobRule { Period = period };
    }

    public static JobRule DailyAt(LocalTime at) => new() { At = at };

    /// <summary>The next occurrence after a cursor; none for a job on request.</summary>
    public Occurrence? Next(JobCursor cursor, DateTimeZone zone)
    {
        if (Period is { } period) return NextPeriod(period, cursor);
        return At is { } at ? NextDate(at, cursor, zone) : null;
    }

    /// <summary>The occurrences after a cursor that are due, oldest first, at most so many.</summary>
    public IReadOnlyList<Occurrence> Due(JobCursor cursor, DateTimeZone zone, Instant now, int most)
    {
        var due = new List<Occurrence>();
        while (due.Count < most && Next(cursor, zone) is { } next && next.At <= now)
        {
            due.Add(next);
            cursor = cursor with { LastKey = next.Key };
        }
        return due;
    }

    static Occurrence NextPeriod(Duration period, JobCursor cursor)
    {
        var last = cursor.LastKey is { } key ? InstantPattern.ExtendedIso.Parse(key).Value : cursor.Since;
        var micros = period.BclCompatibleTicks / 10;
        var count = Math.DivRem(last.ToMicros(), micros, out var rest);
        if (rest < 0) count--;
        var at = Instants.FromMicros((count + 1) * micros);
        return new Occurrence(InstantPattern.ExtendedIso.Format(at), at);
    }

    /// <summary>
    /// Each local date once, whatever its clocks do: a time that they skip comes as much later, and of a time that
    /// they show twice the first counts.
    /// </summary>
    static Occurrence NextDate(LocalTime time, JobCursor cursor, DateTimeZone zone)
    {
        if (cursor.LastKey is { } key) return On(LocalDatePattern.Iso.Parse(key).Value.PlusDays(1));
        var first = On(cursor.Since.InZone(zone).Date);
        return first.At > cursor.Since ? first : On(cursor.Since.InZone(zone).Date.PlusDays(1));

        Occurrence On(LocalDate date) =>
            new(LocalDatePattern.Iso.Format(date), zone.AtLeniently(date.At(time)).ToInstant());
    }
}
