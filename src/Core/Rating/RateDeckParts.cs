using NodaTime;

namespace Tollkeeper.Rating;

/// <summary>The arrays of a <see cref="RateDeck"/>, made once from its rows: what repeats is kept once.</summary>
sealed class RateDeckParts
{
    readonly Dictionary<string, int> destinationNos = new(StringComparer.Ordinal);
    readonly Dictionary<RateDeck.Clause, int> clauseNos = [];
    readonly Dictionary<RateDeck.Columns, int> columnNos = [];

    /// <summary>The packed prefix of each row; those of one prefix stand together, the latest start first.</summary>
    public required long[] Prefixes { get; init; }
    public required RateDeck.Row[] Rows { get; init; }
    public required PrefixTree Tree { get; init; }
    public required int PrefixCount { get; init; }
    public RateDeck.Clause[] Clauses { get; private set; } = [];
    public RateDeck.Columns[] ColumnSets { get; private set; } = [];
    public string[] Destinations { get; private set; } = [];

    public static RateDeckParts Of(IEnumerable<Rate> rates)
    {
        var given = rates as IReadOnlyList<Rate> ?? [.. rates];
        var keys = new (long Prefix, Instant From, int At)[given.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = (PackedPrefix.Of(given[i].Prefix), given[i].From ?? Instant.MinValue, i);
        }
        Array.Sort(keys, static (left, right) =>
        {
            var byPrefix = PackedPrefix.Compare(left.Prefix, right.Prefix);
            return byPrefix != 0 ? byPrefix : right.From.CompareTo(left.From);
        });

        var prefixes = new List<long>(keys.Length);
        var firstRows = new List<int>(keys.Length);
        for (var i = 0; i < keys.Length; i++)
        {
            if (i > 0 && keys[i].Prefix == keys[i - 1].Prefix)
            {
                Demand.That(keys[i].From != keys[i - 1].From, "the rows of one prefix start at different times");
                continue;
            }
            prefixes.Add(keys[i].Prefix);
            firstRows.Add(i);
        }

        var parts = new RateDeckParts
        {
            Prefixes = [.. keys.Select(key => key.Prefix)],
            Rows = new RateDeck.Row[keys.Length],
            Tree = PrefixTree.Build([.. prefixes], [.. firstRows]),
            PrefixCount = prefixes.Count,
        };
        for (var i = 0; i < keys.Length; i++) parts.Rows[i] = parts.RowOf(given[keys[i].At], i);
        parts.Clauses = [.. parts.clauseNos.Keys];
        parts.ColumnSets = [.. parts.columnNos.Keys];
        parts.Destinations = [.. parts.destinationNos.Keys];
        return parts;
    }

    RateDeck.Row RowOf(in Rate rate, int at)
    {
        Demand.That(rate.PerMinute.E8 >= 0, "a price is not negative");
        Demand.That(rate.FirstSeconds >= 1 && rate.NextSeconds >= 1, "increments are at least one second");
        Demand.That(rate.ConnectFeeMicros >= 0 && rate.MinimumMicros >= 0, "fees are not negative");
        var clause = new RateDeck.Clause(
            rate.From ?? Instant.MinValue, rate.To ?? Instant.MaxValue, rate.FirstSeconds, rate.NextSeconds,
            rate.ConnectFeeMicros, rate.MinimumMicros, rate.Blocked);
        var columns = new RateDeck.Columns(rate.Interstate, rate.Intrastate, rate.Indeterminate);
        return new RateDeck.Row(
            rate.PerMinute.E8, NoOf(destinationNos, rate.Destination), NoOf(clauseNos, clause),
            columns == default ? -1 : NoOf(columnNos, columns), ShorterOf(at), (byte)rate.Prefix.Length,
            at + 1 == Prefixes.Length || Prefixes[at + 1] != Prefixes[at]);
    }

    /// <summary>The first row of the next shorter prefix: it stands above, or above what stands above.</summary>
    int ShorterOf(int at)
    {
        if (at == 0) return -1;
        if (Prefixes[at - 1] == Prefixes[at]) return Rows[at - 1].Shorter;
        var above = FirstOf(at - 1);
        while (above >= 0 && !PackedPrefix.StartsWith(Prefixes[at], Prefixes[above])) above = Rows[above].Shorter;
        return above;
    }

    int FirstOf(int row)
    {
        while (row > 0 && Prefixes[row - 1] == Prefixes[row]) row--;
        return row;
    }

    /// <summary>A dictionary that is only added to enumerates in the order of its numbers.</summary>
    static int NoOf<T>(Dictionary<T, int> numbers, T value)
        where T : notnull
    {
        if (numbers.TryGetValue(value, out var no)) return no;
        no = numbers.Count;
        numbers.Add(value, no);
        return no;
    }
}
