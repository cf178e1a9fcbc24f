using NodaTime;
using Tollkeeper.Rating;

namespace Tollkeeper.Bench;

/// <summary>The price of a call whose terms are known, beside the same sum in decimal arithmetic.</summary>
public static class CallPriceBench
{
    public static IEnumerable<BenchRow> Run(SampleCalls calls, bool quick)
    {
        var count = quick ? 200_000 : 1_000_000;
        var at = Instant.FromUtc(2026, 3, 1, 0, 0);
        var matches = calls.Numbers(4_096).Select(number => calls.Deck.Find(number, at).Value);
        var terms = matches.Select(match => match.TermsFor(CallJurisdiction.None, dipMicros: 0)).ToArray();
        var perMinute = terms.Select(t => t.PerMinute.E8 / 100_000_000m).ToArray();
        var (mine, theirs) = (0L, 0m);
        var prices = Rounds.Interleaved(quick ? 5 : 9, Ours, Baseline);
        Demand.That(mine == (long)(theirs * Money.MicrosPerUnit), $"both charge the same ({mine}, {theirs})");
        var perPrice = Rounds.PerOperation(2_000, 100, i => CallPrice.Of(terms[i & 4_095], i % 1_200));
        yield return new BenchRow(
            "price of a call, one core", "prices/s", prices.Ours, "decimal", prices.Baseline, prices.Ratio,
            $"{perPrice}; same total {mine} micros");

        long Ours()
        {
            mine = 0;
            for (var i = 0; i < count; i++) mine += CallPrice.Of(terms[i & 4_095], i % 1_200).ChargeMicros;
            return count;
        }

        long Baseline()
        {
            theirs = 0;
            for (var i = 0; i < count; i++) theirs += PriceOf(terms[i & 4_095], perMinute[i & 4_095], i % 1_200);
            return count;
        }
    }

    /// <summary>As it is usually written; correct as long as the rounding is said.</summary>
    static decimal PriceOf(in RateTerms terms, decimal perMinute, int seconds)
    {
        if (seconds == 0) return 0;
        decimal first = terms.FirstSeconds, next = terms.NextSeconds;
        var billed = seconds <= first ? first : first + Math.Ceiling((seconds - first) / next) * next;
        return Math.Round(perMinute * billed / 60, 6, MidpointRounding.AwayFromZero);
    }
}
