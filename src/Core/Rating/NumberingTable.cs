namespace Tollkeeper.Rating;

/// <summary>
/// One row of the numbering table: digits with the leading 1 (1-NPA-NXX, or one digit more or fewer), the state or
/// province as two capital letters, and the country as two (US, CA, JM …).
/// </summary>
public readonly record struct NumberingEntry(string Prefix, string State, string Country)
{
    /// <summary>
    /// Puerto Rico, the Virgin Islands, Guam, American Samoa, the Northern Marianas: no state, so indeterminate.
    /// </summary>
    public bool IsUsTerritory => Country is "PR" or "VI" or "GU" or "AS" or "MP"
        || (Country == "US" && State is ("PR" or "VI" or "GU" or "AS" or "MP"));
}

/// <summary>
/// The state and country of North American numbers by their first digits; immutable, longest prefix first.
/// </summary>
public sealed class NumberingTable
{
    readonly PrefixTree tree;
    readonly ushort[] places;
    readonly NumberingEntry[] kinds;

    NumberingTable(long[] prefixes, ushort[] places, NumberingEntry[] kinds)
    {
        (this.places, this.kinds) = (places, kinds);
        tree = PrefixTree.Build(prefixes, [.. Enumerable.Range(0, prefixes.Length)]);
    }

    public static NumberingTable Empty { get; } = Build([]);

    public int Count => places.Length;

    /// <summary>Where a prefix is given twice, the later row counts.</summary>
    public static NumberingTable Build(IEnumerable<NumberingEntry> entries)
    {
        var kinds = new List<NumberingEntry>();
        var kindNos = new Dictionary<(string State, string Country), ushort>();
        var rows = new SortedDictionary<long, ushort>(PackedPrefix.Order);
        foreach (var entry in entries)
        {
            var key = (entry.State, entry.Country);
            if (!kindNos.TryGetValue(key, out var no))
            {
                no = checked((ushort)kinds.Count);
                kinds.Add(entry);
                kindNos.Add(key, no);
            }
            rows[PackedPrefix.Of(entry.Prefix)] = no;
        }
        return new NumberingTable([.. rows.Keys], [.. rows.Values], [.. kinds]);
    }

    /// <summary>
    /// The state and country of a number (E.164 digits, no plus); null when the table does not know it.
    /// </summary>
    public (string State, string Country)? PlaceOf(ReadOnlySpan<char> number) =>
        EntryOf(number) is { } e ? (e.State, e.Country) : null;

    internal NumberingEntry? EntryOf(ReadOnlySpan<char> number)
    {
        var at = tree.Longest(number);
        return at < 0 ? null : kinds[places[at]];
    }
}
