using NodaTime;

namespace Tollkeeper.Taxes;

/// <summary>What one currency was worth in another on a day, by a source that the provider names (TAX-CA-08).</summary>
/// <param name="RateE8">Of the other currency for one of the first; 8 decimals.</param>
/// <param name="Remark">Why it takes another's place, or is far from the last one; may be empty.</param>
public sealed record ExchangeRate(
    Currency From, Currency To, LocalDate Day, long RateE8, string Source, string Remark)
{
    public const int LongestSource = 100;
    public const int LongestRemark = 200;

    /// <summary>
    /// A day without a rate of its own has the last one before it: banks publish none at weekends and holidays.
    /// </summary>
    public const int MostDaysOld = 7;

    const long One = 100_000_000;

    /// <summary>No two currencies that telephone service is sold in are further apart.</summary>
    const long Most = 10_000 * One;

    const long Least = One / 10_000;

    /// <summary>
    /// Why it cannot be entered. Refusals, each with its field: <see cref="Refusal.BadText"/>,
    /// <see cref="Refusal.BadExchangeRate"/>, <see cref="Refusal.BadDate"/>, <see cref="Refusal.DateAhead"/>,
    /// <see cref="Refusal.FieldEmpty"/>, <see cref="Refusal.ExchangeRateStands"/>,
    /// <see cref="Refusal.ExchangeRateOdd"/>.
    /// </summary>
    /// <param name="last">The one in force on its day before it; null: there is none.</param>
    public Refused? Problem(ExchangeRate? last, LocalDate today)
    {
        if (From == To) return new Refused(Refusal.CurrencyMismatch, "Pair");
        if (RateE8 is < Least or > Most) return new Refused(Refusal.BadExchangeRate, "Rate");
        if (Day.Year < 2010) return new Refused(Refusal.BadDate, "Day");
        if (Day > today) return new Refused(Refusal.DateAhead, "Day");
        if (Source.Length == 0) return new Refused(Refusal.FieldEmpty, "Source");
        if (!PlainText.Fits(Source, LongestSource)) return new Refused(Refusal.BadText, "Source");
        if (Remark.Length > 0)
            return PlainText.Fits(Remark, LongestRemark) ? null : new Refused(Refusal.BadText, "Remark");
        if (last?.Day == Day) return new Refused(Refusal.ExchangeRateStands, "Remark");
        return last is not null && IsFarFrom(last) ? new Refused(Refusal.ExchangeRateOdd, "Remark") : null;
    }

    /// <summary>More than a tenth: digits that were swapped, or the rate of the other direction.</summary>
    bool IsFarFrom(ExchangeRate last) => (Int128)10 * Math.Abs(RateE8 - last.RateE8) > last.RateE8;
}
