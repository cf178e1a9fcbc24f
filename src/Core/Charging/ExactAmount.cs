using System.Globalization;
using Tollkeeper.Rating;

namespace Tollkeeper.Charging;

/// <summary>
/// An amount before it is rounded, as decimal text with a point: <c>0.00516666</c>. Exact, or, where the division does
/// not come out even, its first twelve decimals, cut (<paramref name="GoesOn"/>).
/// </summary>
public readonly record struct ExactAmount(string Text, bool GoesOn)
{
    const int Decimals = 12;

    /// <summary>Rate × billed seconds ÷ 60.</summary>
    public static ExactAmount OfUsage(PerMinute rate, int billedSeconds) =>
        Of((Int128)rate.E8 * billedSeconds, (Int128)60 * 100_000_000);

    /// <summary>Base × rate.</summary>
    public static ExactAmount OfTax(long baseMicros, int partsPerMillion) =>
        Of((Int128)baseMicros * partsPerMillion, (Int128)1_000_000 * 1_000_000);

    static ExactAmount Of(Int128 numerator, Int128 denominator)
    {
        Demand.That(numerator >= 0 && denominator > 0, "an amount before rounding is not negative");
        var (whole, rest) = Int128.DivRem(numerator, denominator);
        Span<char> fraction = stackalloc char[Decimals];
        for (var i = 0; i < Decimals; i++)
        {
            (var digit, rest) = Int128.DivRem(rest * 10, denominator);
            fraction[i] = (char)('0' + (int)digit);
        }
        var kept = rest == 0 ? fraction.TrimEnd('0') : fraction;
        var text = whole.ToString(CultureInfo.InvariantCulture);
        return new ExactAmount(kept.IsEmpty ? text : $"{text}.{kept}", rest != 0);
    }
}
