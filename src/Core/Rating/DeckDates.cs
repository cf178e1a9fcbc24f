using System.Text;
using NodaTime;
using NodaTime.Text;

namespace Tollkeeper.Rating;

/// <summary>
/// The dates of a deck's file: an instant with its offset, a local time or date in the import's zone, and M/D/YYYY only
/// where the import says so.
/// </summary>
sealed class DeckDates(DeckCsvOptions options)
{
    const int MaxLength = 40;

    static readonly LocalDateTimePattern Spaced =
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm:ss");
    static readonly LocalDatePattern MonthFirst = LocalDatePattern.CreateWithInvariantCulture("M/d/uuuu");

    // One file has few different dates, in any number of lines.
    const int MaxRemembered = 10_000;
    readonly Dictionary<string, Instant> remembered = new(StringComparer.Ordinal);

    public Refused? Read(ReadOnlySpan<byte> cell, out Instant? instant)
    {
        instant = null;
        if (cell.IsEmpty) return null;
        if (cell.Length > MaxLength) return DeckLine.Bad(Refusal.DeckBadDate, "date", cell);
        Span<char> chars = stackalloc char[MaxLength];
        var text = chars[..Encoding.UTF8.GetChars(cell, chars)];
        if (remembered.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var known))
        {
            instant = known;
            return null;
        }
        var written = text.ToString();
        instant = Parse(written);
        if (instant is not { } read) return DeckLine.Bad(Refusal.DeckBadDate, "date", cell);
        if (remembered.Count < MaxRemembered) remembered.Add(written, read);
        return null;
    }

    Instant? Parse(string text)
    {
        if (OffsetDateTimePattern.Rfc3339.Parse(text) is { Success: true, Value: var withOffset })
            return withOffset.ToInstant();
        if (LocalDatePattern.Iso.Parse(text) is { Success: true, Value: var date }) return MidnightOf(date);
        if (LocalDateTimePattern.ExtendedIso.Parse(text) is { Success: true, Value: var local }) return InZone(local);
        if (Spaced.Parse(text) is { Success: true, Value: var spaced }) return InZone(spaced);
        if (options.MonthFirstDates && MonthFirst.Parse(text) is { Success: true, Value: var month })
            return MidnightOf(month);
        return null;
    }

    Instant MidnightOf(LocalDate date) => options.Zone.AtStartOfDay(date).ToInstant();

    Instant InZone(LocalDateTime local) => options.Zone.AtLeniently(local).ToInstant();
}
