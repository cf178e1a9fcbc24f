using NodaTime;
using Tollkeeper.Rating;

namespace Tollkeeper.Bench;

/// <summary>Longest prefixes of the sample deck, beside a dictionary that is asked for ever shorter ones.</summary>
public static class PrefixLookupBench
{
    static readonly Instant At = Instant.FromUtc(2026, 3, 1, 0, 0);

    public static IEnumerable<BenchRow> Run(SampleCalls calls, bool quick)
    {
        var numbers = calls.Numbers(quick ? 200_000 : 1_000_000);
        var byPrefix = calls.Rates.ToDictionary(rate => rate.Prefix, StringComparer.Ordinal);
        var (mine, theirs) = (0L, 0L);
        var rates = Rounds.Interleaved(quick ? 5 : 9, Ours, Baseline);
        Demand.That(mine == theirs, $"both find the same rates ({mine}, {theirs})");
        var perLookup = Rounds.PerOperation(2_000, 100, i => calls.Deck.Find(numbers[i % numbers.Length], At));
        yield return new BenchRow(
            "prefix lookup, one core", "lookups/s", rates.Ours, "dictionary of strings", rates.Baseline, rates.Ratio,
            $"{perLookup}; {calls.Deck.PrefixCount:#,##0} prefixes add {calls.DeckBytes / 1e6:0.0} MB; same sum");
        var large = calls.TenTimesLarger();
        var growth = Rounds.Interleaved(quick ? 5 : 9, Larger, Ours);
        yield return new BenchRow(
            $"prefix lookup, {large.PrefixCount:#,##0} prefixes", "lookups/s", growth.Ours,
            $"{calls.Deck.PrefixCount:#,##0}", growth.Baseline, growth.Ratio, "");

        long Larger()
        {
            mine = 0;
            foreach (var number in numbers) mine += large.Find(number, At).Value.PrefixLength;
            return numbers.Length;
        }

        long Ours()
        {
            mine = 0;
            foreach (var number in numbers) mine += calls.Deck.Find(number, At).Value.PrefixLength;
            return numbers.Length;
        }

        long Baseline()
        {
            theirs = 0;
            foreach (var number in numbers) theirs += LongestOf(number).Prefix.Length;
            return numbers.Length;
        }

        Rate LongestOf(string number)
        {
            for (var length = Math.Min(number.Length, 9); length > 0; length--)
            {
                if (byPrefix.TryGetValue(number[..length], out var rate)) return rate;
            }
            throw new InvalidOperationException($"No rate for {number}.");
        }
    }
}
