using System.Text;

namespace Tollkeeper.Rating;

/// <summary>
/// The prefixes in one cell: one, several (<c>4930, 4931</c>), ranges of equal length (<c>4930-4935</c>).
/// </summary>
sealed class DeckPrefixes
{
    /// <summary>A range of a whole exchange, and what a slip of the finger must not turn into.</summary>
    const int MaxInCell = 10_000;
    const int MaxCell = 4_000;

    readonly List<string> found = [];

    public IReadOnlyList<string> Found => found;

    /// <param name="npaNxx">Codes of 3, 6 or 7 digits stand without the leading 1 of North America.</param>
    public Refused? Read(ReadOnlySpan<byte> cell, bool npaNxx)
    {
        found.Clear();
        if (cell.Length > MaxCell) return DeckLine.Bad(Refusal.DeckBadPrefix, "prefix", cell);
        var rest = cell;
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOfAny(",;| "u8);
            var code = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (!code.IsEmpty && !TryTake(code, npaNxx)) return DeckLine.Bad(Refusal.DeckBadPrefix, "prefix", cell);
        }
        return found.Count == 0 ? DeckLine.Bad(Refusal.DeckBadPrefix, "prefix", cell) : null;
    }

    public Refused? ReadNpaNxx(ReadOnlySpan<byte> npa, ReadOnlySpan<byte> nxx)
    {
        found.Clear();
        Span<byte> code = stackalloc byte[Rate.MaxDigits];
        if (npa.Length != 3 || nxx.Length > 4) return DeckLine.Bad(Refusal.DeckBadPrefix, "area code", npa);
        npa.CopyTo(code);
        nxx.CopyTo(code[npa.Length..]);
        return TryTake(code[..(npa.Length + nxx.Length)], npaNxx: true) ? null
            : DeckLine.Bad(Refusal.DeckBadPrefix, "exchange", nxx);
    }

    bool TryTake(ReadOnlySpan<byte> code, bool npaNxx)
    {
        var dash = code.IndexOf((byte)'-');
        if (dash < 0) return TryReadOne(code, npaNxx, out var one) && TryAdd(one);
        if (!TryReadOne(code[..dash], npaNxx, out var first) || !TryReadOne(code[(dash + 1)..], npaNxx, out var last))
            return false;
        if (first.Length != last.Length) return false;
        var (low, high) = (long.Parse(first), long.Parse(last));
        if (high < low || high - low >= MaxInCell) return false;
        for (var value = low; value <= high; value++)
        {
            if (!TryAdd(value.ToString("D" + first.Length))) return false;
        }
        return true;
    }

    bool TryAdd(string prefix)
    {
        if (found.Count >= MaxInCell) return false;
        found.Add(prefix);
        return true;
    }

    static bool TryReadOne(ReadOnlySpan<byte> code, bool npaNxx, out string prefix)
    {
        prefix = "";
        if (code is [(byte)'+', ..]) code = code[1..];
        if (code.Length is < 1 or > Rate.MaxDigits || code.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0)
            return false;
        if (code[0] == '0') return false;
        prefix = Encoding.ASCII.GetString(code);
        if (npaNxx && code[0] != '1' && code.Length is (3 or 6 or 7)) prefix = "1" + prefix;
        return true;
    }
}
