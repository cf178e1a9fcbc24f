namespace Tollkeeper.Rating;

/// <summary>
/// The parts of one call's price before tax, each rounded once (RATE-06, RND-03); micros of the deck's currency.
/// </summary>
public readonly record struct CallPrice(
    int BilledSeconds, long UsageMicros, long ConnectFeeMicros, long DipMicros, long SurchargeMicros)
{
    /// <summary>The whole price before tax.</summary>
    public long ChargeMicros => checked(UsageMicros + ConnectFeeMicros + DipMicros + SurchargeMicros);

    /// <summary>What a usage tax is taken on: usage, connection fee and surcharges, not the dip (TAX-US-01).</summary>
    public long TaxBaseMicros => checked(UsageMicros + ConnectFeeMicros + SurchargeMicros);

    /// <summary>
    /// The price of a call of so many seconds; zero seconds is a call not answered, which owes the dip alone
    /// (RATE-01, RATE-02, RATE-06).
    /// </summary>
    public static CallPrice Of(in RateTerms terms, int seconds)
    {
        Demand.That(seconds >= 0, "a call has no negative length");
        if (seconds == 0) return new CallPrice(0, 0, 0, terms.DipMicros, 0);
        var billed = Increments.Billed(seconds, terms.FirstSeconds, terms.NextSeconds);
        var usage = Math.Max(Usage(terms, billed), terms.MinimumMicros);
        return new CallPrice(billed, usage, terms.ConnectFeeMicros, terms.DipMicros, terms.SurchargeMicros);
    }

    /// <summary>
    /// rate × billed ÷ 60, rounded once at the deck's decimals, in micros; what a deck keeps beyond six decimals is
    /// rounded in the same step. The minimum is not in it.
    /// </summary>
    public static long Usage(in RateTerms terms, int billedSeconds)
    {
        var (rate, rounding) = (terms.PerMinute, terms.Rounding);
        var decimals = Math.Min(rounding.Decimals, 6);
        var divisor = 60 * Pow10(8 - decimals);
        // 128 bits only where 64 do not do: no real price needs them, and they cost more than all the rest.
        var kept = rate.E8 <= Rounding.Small / int.MaxValue
            ? Rounding.Divide(rate.E8 * billedSeconds, divisor, rounding.Mode)
            : Rounding.Divide((Int128)rate.E8 * billedSeconds, divisor, rounding.Mode);
        return checked(kept * Pow10(6 - decimals));
    }

    static long Pow10(int exponent)
    {
        var result = 1L;
        for (var i = 0; i < exponent; i++) result *= 10;
        return result;
    }
}
