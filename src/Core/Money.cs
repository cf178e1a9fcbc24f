using System.Globalization;

namespace Tollkeeper;

/// <summary>
/// An exact amount: a 64-bit count of micros (10⁻⁶ of the currency) with its currency.
/// Range ±9,223,372,036,854.775807; the default has no currency and joins no sum.
/// </summary>
public readonly record struct Money(long Micros, Currency Currency) : IComparable<Money>
{
    public const long MicrosPerUnit = 1_000_000;
    public const long MicrosPerCent = 10_000;

    public static Money Zero(Currency currency) => new(0, currency);

    public static Money operator +(Money left, Money right) =>
        new(checked(left.Micros + right.MicrosIn(left.Currency)), left.Currency);

    public static Money operator -(Money left, Money right) =>
        new(checked(left.Micros - right.MicrosIn(left.Currency)), left.Currency);

    public static Money operator -(Money value) => new(checked(-value.Micros), value.Currency);

    public static bool operator <(Money left, Money right) => left.CompareTo(right) < 0;

    public static bool operator >(Money left, Money right) => left.CompareTo(right) > 0;

    public static bool operator <=(Money left, Money right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Money left, Money right) => left.CompareTo(right) >= 0;

    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    public int CompareTo(Money other) => Micros.CompareTo(other.MicrosIn(Currency));

    /// <summary>The amount as text with exactly 6 decimals, as the API writes it: <c>-0.012500</c>.</summary>
    public string Amount => FixedPoint.Write(Micros, 6);

    public override string ToString() => $"{Amount} {Currency}";

    /// <summary>
    /// Reads text such as <c>12</c>, <c>-0.5</c> or <c>1.234567</c>: no groups, no exponent, at most 6 decimals.
    /// </summary>
    public static bool TryParse(string? text, Currency currency, out Money money)
    {
        var read = FixedPoint.TryRead(text, 6, out var micros);
        money = new Money(micros, currency);
        return read;
    }

    long MicrosIn(Currency currency)
    {
        Demand.That(Currency == currency, $"both amounts are in one currency ('{Currency}' and '{currency}' are not)");
        return Micros;
    }
}

/// <summary>Decimal text to and from whole counts of a power of ten, with no floating point on the way.</summary>
public static class FixedPoint
{
    public static string Write(long count, int decimals)
    {
        var digits = UInt64Of(count).ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        var sign = count < 0 ? "-" : "";
        return decimals == 0 ? sign + digits : $"{sign}{digits[..^decimals]}.{digits[^decimals..]}";
    }

    /// <summary>
    /// True when the text is a plain decimal of at most <paramref name="decimals"/> decimals that fits 64 bits.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<char> text, int decimals, out long count)
    {
        count = 0;
        var negative = text is ['-', ..];
        if (negative) text = text[1..];
        var point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        var fraction = point < 0 ? [] : text[(point + 1)..];
        if (whole.IsEmpty || whole.Length > 19) return false;
        if ((point >= 0 && fraction.IsEmpty) || fraction.Length > decimals) return false;
        Int128 total = 0;
        foreach (var c in whole)
        {
            if (!char.IsAsciiDigit(c)) return false;
            total = total * 10 + (c - '0');
        }
        for (var i = 0; i < decimals; i++)
        {
            var c = i < fraction.Length ? fraction[i] : '0';
            if (!char.IsAsciiDigit(c)) return false;
            total = total * 10 + (c - '0');
        }
        if (negative) total = -total;
        if (total < long.MinValue || total > long.MaxValue) return false;
        count = (long)total;
        return true;
    }

    static ulong UInt64Of(long count) => count < 0 ? (ulong)(-(Int128)count) : (ulong)count;
}
