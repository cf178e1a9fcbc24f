using System.Globalization;
using NodaTime;

namespace Tollkeeper.Ledger;

/// <summary>
/// One dated step of a wallet's floor, micros: 0 for prepaid, minus the credit limit for postpaid (R58). In force from
/// <paramref name="From"/> until just before <paramref name="Until"/>, or for good.
/// </summary>
public readonly record struct FloorRecord(Instant From, Instant? Until, long FloorMicros)
{
    public bool IsInForce(Instant at) => From <= at && (Until is not { } until || at < until);
}

/// <summary>The lowest that a balance may go, as a function of dated records at the moment of decision.</summary>
public static class Floor
{
    /// <summary>The floor at an instant, micros: of the records in force the one recorded last; none means 0.</summary>
    /// <param name="records">In the order in which they were recorded.</param>
    public static long At(IReadOnlyList<FloorRecord> records, Instant at)
    {
        for (var i = records.Count - 1; i >= 0; i--)
            if (records[i].IsInForce(at)) return records[i].FloorMicros;
        return 0;
    }

    /// <summary>
    /// The records without those that can rule no decision again: they are over, or one for good was recorded after
    /// them and is in force.
    /// </summary>
    public static IReadOnlyList<FloorRecord> StillToRule(IEnumerable<FloorRecord> records, Instant at)
    {
        var left = records.Where(record => record.Until is not { } until || until > at).ToList();
        var forGood = left.FindLastIndex(record => record.From <= at && record.Until is null);
        return forGood > 0 ? left[forGood..] : left;
    }

    /// <summary>
    /// The records as one short text, kept on the wallet's row: <c>from/until=floor</c> joined by <c>;</c>, instants as
    /// microseconds since 1970, to which the books cut every instant. No record is the empty text.
    /// </summary>
    public static string Write(IReadOnlyList<FloorRecord> records) => string.Join(';', records.Select(WriteOne));

    /// <exception cref="FormatException">The text was not written by <see cref="Write"/>.</exception>
    public static IReadOnlyList<FloorRecord> Read(string text) =>
        text.Length == 0 ? [] : text.Split(';').Select(ReadOne).ToArray();

    static string WriteOne(FloorRecord record)
    {
        var from = record.From.ToMicros();
        var until = record.Until is { } end ? end.ToMicros().ToString(CultureInfo.InvariantCulture) : "";
        return string.Create(CultureInfo.InvariantCulture, $"{from}/{until}={record.FloorMicros}");
    }

    static FloorRecord ReadOne(string text)
    {
        var slash = text.IndexOf('/');
        var equals = text.IndexOf('=');
        if (slash < 0 || equals < slash) throw new FormatException($"'{text}' is no floor record.");
        var until = text.AsSpan((slash + 1)..equals);
        return new FloorRecord(
            InstantOf(text.AsSpan(0, slash)),
            until.IsEmpty ? null : InstantOf(until),
            long.Parse(text.AsSpan(equals + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
    }

    static Instant InstantOf(ReadOnlySpan<char> microseconds) => Instants.FromMicros(
        long.Parse(microseconds, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
}
