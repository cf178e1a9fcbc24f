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
    /// <summary>RATE-03: six decimals, half away from zero.</summary>
    public static Rounding Micros => new(6, RoundingMode.HalfUp);

    /// <summary>
    /// One whole division, named and rounded once: <paramref name="numerator"/> ÷ <paramref name="denominator"/>.
    /// </summary>
    public static long Divide(Int128 numerator, Int128 denominator, RoundingMode mode)
    {
        Demand.That(denominator > 0, "a divisor is positive");
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
}
