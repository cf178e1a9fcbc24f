using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Tollkeeper.Rating;
using Xunit;

namespace Tollkeeper.Tests.Rating;

public sealed class RateDeckTests
{
    static readonly Instant Start = Instant.FromUtc(2026, 1, 1, 0, 0);

    [Fact]
    public void RATE_04_a_deck_finds_what_a_linear_search_finds()
    {
        // Few digits and few days, so that prefixes and periods really overlap.
        var digits =
            from length in Gen.Choose(1, 7)
            from text in Gen.ArrayOf(Gen.Elements('1', '2', '3'), length)
            select new string(text);
        var day = Gen.Choose(0, 6);
        var rate = from prefix in digits
                   from price in Gen.Choose(1, 1_000_000)
                   from has in Gen.Choose(0, 3)
                   from a in day
                   from b in day
                   from blocked in Gen.Choose(0, 9)
                   select new Rate
                   {
                       Prefix = prefix,
                       Destination = "to " + prefix,
                       PerMinute = new PerMinute(price),
                       FirstSeconds = 6,
                       NextSeconds = 6,
                       Blocked = blocked == 0,
                       From = (has & 1) == 0 ? null : Start + Duration.FromDays(Math.Min(a, b)),
                       To = (has & 2) == 0 ? null : Start + Duration.FromDays(Math.Max(a, b) + 1),
                   };
        var sizes = Gen.Frequency((3, Gen.Choose(0, 20)), (1, Gen.Choose(100, 400)), (1, Gen.Choose(2_000, 3_000)));
        var decks = from size in sizes from rates in Gen.ArrayOf(rate, size) select rates;
        var calls =
            from number in digits
            from rest in Gen.Choose(0, 999)
            from days in day
            select (number + rest, Start + Duration.FromDays(days));
        var cases = from rates in decks from asked in Gen.ArrayOf(calls, 50) select (rates, asked);

        Prop.ForAll(cases.ToArbitrary(), given =>
        {
            var rates = given.rates.DistinctBy(r => (r.Prefix, r.From)).ToList();
            var deck = RateDeck.Build(1, 1, Currency.Usd, Rounding.Micros, rates);
            Assert.Equal(rates.Count, deck.Rates.Count());
            Assert.Equal(rates.ToHashSet(), deck.Rates.ToHashSet());
            foreach (var (number, at) in given.asked) AssertSame(Linear(rates, number, at), deck.Find(number, at));
        }).QuickCheckThrowOnFailure();
    }

    static Result<Rate> Linear(List<Rate> rates, string number, Instant at)
    {
        var winner = rates
            .Where(r => number.StartsWith(r.Prefix, StringComparison.Ordinal))
            .Where(r => (r.From is not { } from || from <= at) && (r.To is not { } to || at < to))
            .OrderByDescending(r => r.Prefix.Length)
            .ThenByDescending(r => r.From ?? Instant.MinValue)
            .Cast<Rate?>()
            .FirstOrDefault();
        if (winner is not { } rate) return Refusal.NoRate;
        return rate.Blocked ? Refusal.DestinationBlocked : rate;
    }

    static void AssertSame(Result<Rate> expected, Result<RateMatch> found)
    {
        Assert.Equal(expected.Refused?.Refusal, found.Refused?.Refusal);
        if (!expected.Accepted) return;
        Assert.Equal(expected.Value, found.Value.Rate);
        Assert.Equal(expected.Value.Prefix.Length, found.Value.PrefixLength);
    }

    [Fact]
    public void RATE_04_a_blocked_row_refuses_and_never_falls_back_to_a_shorter_prefix()
    {
        var deck = DeckOf(RateOf("1", 100), RateOf("1900", 100) with { Blocked = true });
        Assert.Equal(Refusal.DestinationBlocked, deck.Find("19005550100", Start).Refused!.Refusal);
        Assert.Equal("1", deck.Find("18005550100", Start).Value.Prefix);
        Assert.Equal(Refusal.NoRate, deck.Find("442071234567", Start).Refused!.Refusal);
    }

    [Fact]
    public void RATE_04_a_blocked_row_that_has_ended_is_as_absent()
    {
        var deck = DeckOf(RateOf("1", 100), RateOf("1900", 100) with { Blocked = true, To = Start });
        Assert.Equal("1", deck.Find("19005550100", Start).Value.Prefix);
        Assert.Equal(
            Refusal.DestinationBlocked, deck.Find("19005550100", Start - Duration.Epsilon).Refused!.Refusal);
    }

    [Fact]
    public void Finding_a_rate_allocates_nothing()
    {
        var deck = DeckOf(RateOf("1", 100), RateOf("1416", 100), RateOf("44", 200) with { Blocked = true });
        Look(deck);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) Look(deck);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void Look(RateDeck deck)
        {
            var terms = deck.Find("14165550100", Start).Value.TermsFor(CallJurisdiction.None, 0);
            Assert.True(terms.PerMinute.E8 == 100);
            Assert.True(deck.Find("442071234567", Start).Refused!.Refusal == Refusal.DestinationBlocked);
        }
    }

    [Fact]
    public void Two_rows_of_one_prefix_with_one_start_are_a_bug_of_the_caller() =>
        Assert.Throws<InvalidOperationException>(() => DeckOf(RateOf("1", 1), RateOf("1", 2)));

    [Fact]
    public void RATE_05_an_indeterminate_call_without_a_column_pays_the_higher_rate()
    {
        var rate = RateOf("1", 100) with { Interstate = new PerMinute(70), Intrastate = new PerMinute(120) };
        var deck = DeckOf(rate);
        Assert.Equal(120, PriceIn(deck, CallJurisdiction.Indeterminate));
        Assert.Equal(70, PriceIn(deck, new(RateColumn.Interstate, Jurisdiction.Interstate)));
        Assert.Equal(100, PriceIn(deck, CallJurisdiction.International));
        Assert.Equal(90,
            PriceIn(DeckOf(rate with { Indeterminate = new PerMinute(90) }), CallJurisdiction.Indeterminate));

        static long PriceIn(RateDeck deck, CallJurisdiction where) =>
            deck.Find("14165550100", Start).Value.TermsFor(where, 0).PerMinute.E8;
    }

    static RateDeck DeckOf(params Rate[] rates) => RateDeck.Build(7, 3, Currency.Usd, Rounding.Micros, rates);

    static Rate RateOf(string prefix, long e8) => new()
    {
        Prefix = prefix,
        Destination = prefix,
        PerMinute = new PerMinute(e8),
        FirstSeconds = 6,
        NextSeconds = 6,
    };
}
