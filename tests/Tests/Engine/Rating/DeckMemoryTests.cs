using System.Runtime.CompilerServices;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Rating;
using Tollkeeper.Tests.Golden;
using Xunit;

namespace Tollkeeper.Tests.Engine.Rating;

/// <summary>Tests that weigh the memory, with no other beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MemoryTests
{
    public const string Name = "memory";
}

[Collection(MemoryTests.Name)]
public sealed class DeckMemoryTests
{
    [Fact]
    public void The_84817_prefixes_of_the_sample_deck_add_less_than_12_MB()
    {
        // The first reading loads what stays for good: code, patterns, pools.
        GC.KeepAlive(SampleDeck());
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var deck = SampleDeck();
        var after = GC.GetTotalMemory(forceFullCollection: true);
        Assert.Equal(84_817, deck.PrefixCount);
        Assert.InRange(after - before, 1_000_000, 12_000_000);
        Assert.Equal("1416", deck.Find("14165550100", default).Value.Prefix[..4]);
        GC.KeepAlive(deck);
    }

    /// <summary>A method of its own, so that nothing of the reading is still held.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static RateDeck SampleDeck()
    {
        var reading = DeckFile.Read(Repository.Sample("deck-usd.csv"), new DeckCsvOptions()).Value;
        Assert.True(reading.Accepted, reading.Refused?.Detail);
        return RateDeck.Build(1, 1, Currency.Usd, Rounding.Micros, reading.Rates);
    }
}
