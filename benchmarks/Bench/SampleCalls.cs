using System.Runtime.CompilerServices;
using System.Text;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Rating;

namespace Tollkeeper.Bench;

/// <summary>The sample deck, and calls to its prefixes that are the same in every run.</summary>
public sealed class SampleCalls
{
    SampleCalls(IReadOnlyList<Rate> rates, long deckBytes)
    {
        (Rates, DeckBytes) = (rates, deckBytes);
        Deck = RateDeck.Build(1, 1, Currency.Usd, Rounding.Micros, rates);
    }

    public IReadOnlyList<Rate> Rates { get; }

    public RateDeck Deck { get; private init; }

    /// <summary>What the deck adds to the memory, names and busy prefixes included.</summary>
    public long DeckBytes { get; }

    public static SampleCalls Read()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var deck = TouchedDeck();
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(deck);
        return new SampleCalls(ReadRates(), bytes);
    }

    /// <summary>A deck whose every prefix was asked for once; what its reading needed is free again.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static RateDeck TouchedDeck()
    {
        var deck = RateDeck.Build(1, 1, Currency.Usd, Rounding.Micros, ReadRates());
        Demand.That(deck.Rates.All(rate => rate.Prefix.Length > 0), "every rate has a prefix");
        return deck;
    }

    static IReadOnlyList<Rate> ReadRates()
    {
        var reading = DeckFile.Read(Path.Combine(Root, "samples", "deck-usd.csv"), new DeckCsvOptions()).Value;
        Demand.That(reading.Accepted, $"the sample deck is good: {reading.Refused}");
        return reading.Rates;
    }

    /// <summary>The same deck with ten longer prefixes beside each of its own.</summary>
    public RateDeck TenTimesLarger()
    {
        var prefixes = Rates.Select(rate => rate.Prefix).ToHashSet(StringComparer.Ordinal);
        var longer = Rates.Where(rate => rate.Prefix.Length < Rate.MaxDigits)
            .SelectMany(rate => Enumerable.Range(0, 10).Select(digit => rate with { Prefix = $"{rate.Prefix}{digit}" }))
            .Where(rate => prefixes.Add(rate.Prefix));
        return RateDeck.Build(1, 1, Currency.Usd, Rounding.Micros, [.. Rates, .. longer]);
    }

    public string[] Numbers(int count)
    {
        var random = new Random(20_260_101);
        var numbers = new string[count];
        for (var i = 0; i < count; i++) numbers[i] = NumberOf(Rates[random.Next(Rates.Count)].Prefix, random);
        return numbers;
    }

    /// <summary>A file of calls as `tollkeeper rate` takes it.</summary>
    public byte[] File(int count)
    {
        var random = new Random(7);
        var text = new StringBuilder("call,account,direction,from,to,answered_at,seconds\n");
        var start = new DateTime(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc);
        foreach (var number in Numbers(count))
        {
            var at = start.AddSeconds(random.Next(2_500_000));
            text.Append("c-").Append(random.NextInt64(1L << 48).ToString("x12"))
                .Append(",acc_").Append(random.Next(10_000).ToString("D6"))
                .Append(",outbound,+1212555").Append(random.Next(10_000).ToString("D4")).Append(",+").Append(number)
                .Append(',').Append(at.ToString("yyyy-MM-ddTHH:mm:ssZ"))
                .Append(',').Append(random.Next(0, 1_200)).Append('\n');
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Eleven digits in North America, twelve elsewhere.</summary>
    static string NumberOf(string prefix, Random random)
    {
        var number = new StringBuilder(prefix);
        if (prefix == "1") number.Append(random.Next(2, 10));
        while (number.Length < (prefix[0] == '1' ? 11 : 12)) number.Append((char)('0' + random.Next(10)));
        return number.ToString();
    }

    static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "Tollkeeper.slnx")))
            {
                folder = folder.Parent;
            }
            return folder?.FullName ?? throw new DirectoryNotFoundException("This runs outside the repository.");
        }
    }
}
