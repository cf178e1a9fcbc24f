using NodaTime;

namespace Tollkeeper.Ledger;

/// <summary>Calls and spending of one day of one wallet; micros.</summary>
public readonly record struct DaySum(long Calls, long SpentMicros)
{
    public static DaySum operator +(DaySum left, DaySum right) =>
        new(unchecked(left.Calls + right.Calls), unchecked(left.SpentMicros + right.SpentMicros));
}

/// <summary>
/// Adds up a wallet's spending by local day (days since 1970) from its entries. Without a zone (it changed meanwhile)
/// only the total is known.
/// </summary>
public sealed class SpendingDays(DateTimeZone? zone)
{
    readonly SortedDictionary<int, DaySum> days = [];
    long fromMicros;
    long untilMicros;
    int day;
    DaySum open;

    public DaySum Total { get; private set; }

    public bool DaysKnown => zone is not null;

    public void Add(long recordedAtMicros, bool call, long spentMicros)
    {
        var sum = new DaySum(call ? 1 : 0, spentMicros);
        Total += sum;
        if (zone is null) return;
        if (recordedAtMicros < fromMicros || recordedAtMicros >= untilMicros) Turn(zone, recordedAtMicros);
        open += sum;
    }

    /// <summary>Every day on which something was spent.</summary>
    public IReadOnlyDictionary<int, DaySum> Days()
    {
        Close();
        return days;
    }

    void Turn(DateTimeZone zone, long micros)
    {
        Close();
        var date = Instants.FromMicros(micros).InZone(zone).Date;
        day = Period.DaysBetween(new LocalDate(1970, 1, 1), date);
        fromMicros = zone.AtStartOfDay(date).ToInstant().ToMicros();
        untilMicros = zone.AtStartOfDay(date.PlusDays(1)).ToInstant().ToMicros();
    }

    void Close()
    {
        if (open == default) return;
        days[day] = days.GetValueOrDefault(day) + open;
        open = default;
    }
}
