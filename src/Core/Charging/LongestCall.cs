namespace Tollkeeper.Charging;

/// <summary>PRE-01: the longest call that the money allows; exact, on the price as it will be booked.</summary>
public static class LongestCall
{
    /// <summary>
    /// The greatest first + n × next seconds whose whole price is at most <paramref name="availableMicros"/>, never
    /// more than <paramref name="capSeconds"/>; the cap itself where its billed price fits. Zero: not even the first
    /// increment fits. What costs nothing needs no money, so a free call gets the cap whatever is available.
    /// </summary>
    public static int Seconds(in CallTerms terms, long availableMicros, int capSeconds)
    {
        if (capSeconds <= 0) return 0;
        var spendable = Math.Max(0, availableMicros);
        if (Fits(terms, capSeconds, spendable)) return capSeconds;
        if (!Fits(terms, Math.Min(terms.Rate.FirstSeconds, capSeconds), spendable)) return 0;

        // A price never falls with length, so the increments that fit come first and a binary search finds the last.
        var fits = 0;
        var tooMany = (capSeconds - terms.Rate.FirstSeconds) / terms.Rate.NextSeconds + 1;
        while (tooMany - fits > 1)
        {
            var middle = fits + (tooMany - fits) / 2;
            if (Fits(terms, Length(terms, middle), spendable)) fits = middle;
            else tooMany = middle;
        }
        return Length(terms, fits);
    }

    static bool Fits(in CallTerms terms, int seconds, long spendableMicros) =>
        Charge.Of(terms, seconds).TotalMicros <= spendableMicros;

    static int Length(in CallTerms terms, int increments) =>
        terms.Rate.FirstSeconds + increments * terms.Rate.NextSeconds;
}
