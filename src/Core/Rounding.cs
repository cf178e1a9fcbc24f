namespace Tollkeeper;

/// <summary>
/// How a fraction of the last kept decimal is decided (RND-03). Half up means away from zero (RND-01).
/// </summary>
public enum RoundingMode
{
    HalfUp = 0,
    HalfEven = 1,
    Up = 2,
    Down = 3,
}

/// <summary>How many decimals a price part keeps (4 to 8) and how the rest is rounded; books keep at most 6.</summary>
public readonly record struct Rounding(int Decimals, RoundingMode Mode)
{
    /// <summary>Twice of it still fits 64 bits.</summary>
    internal const long Small = long.MaxValue / 2;

    /// <summary>RATE-03: six decimals, half away from zero.</summary>
    public static Rounding Micros => new(6, RoundingMode.HalfUp);

    /// <summary>
    /// One whole division, named and rounded once: <paramref name="numerator"/> ÷ <paramref name="denominator"/>.
    /// </summary>
    public static long Divide(Int128 numerator, Int128 denominator, RoundingMode mode)
    {
        Demand.That(denominator > 0, "a divisor is positive");
        if (numerator <= Small && numerator >= -Small && denominator <= Small)
        {
            return Divide((long)numerator, (long)denominator, mode);
        }
        var (quotient, rest) = Int128.DivRem(numerator, denominator);
        if (rest == 0) return checked((long)quotient);
        var away = quotient + (numerator < 0 ? -1 : 1);
        var twice = Int128.Abs(rest) * 2;
        return checked((long)(mode switch
        {
            RoundingMode.Up => away,
            RoundingMode.Down => quotient,
            RoundingMode.HalfUp => twice >= denominator ? away : quotient,
            RoundingMode.HalfEven =>
                twice > denominator || (twice == denominator && Int128.IsOddInteger(quotient)) ? away : quotient,
        }));
    }

    /// <summary>The same where both fit <see cref="Small"/>, as nearly every price does: ten times as fast.</summary>
    internal static long Divide(long numerator, long denominator, RoundingMode mode)
    {
        Demand.That(denominator > 0 && denominator <= Small, "a divisor is positive and small");
        var (quotient, rest) = Math.DivRem(numerator, denominator);
        if (rest == 0) return quotient;
        var away = quotient + (numerator < 0 ? -1 : 1);
        var twice = Math.Abs(rest) * 2;
        return mode switch
        {
            RoundingMode.Up => away,
            RoundingMode.Down => quotient,
            RoundingMode.HalfUp => twice >= denominator ? away : quotient,
            RoundingMode.HalfEven =>
                twice > denominator || (twice == denominator && long.IsOddInteger(quotient)) ? away : quotient,
        };
    }
}
