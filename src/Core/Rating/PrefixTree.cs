using System.Numerics;
using System.Runtime.CompilerServices;

namespace Tollkeeper.Rating;

/// <summary>
/// Finds the longest of many digit prefixes that a number starts with, in about three places of a megabyte: a table
/// over the first digits, where all numbers crowd, then nodes that take two digits at once. A look-up is bound by
/// memory, not by arithmetic, so what counts is how little of it is touched.
/// </summary>
sealed class PrefixTree
{
    readonly long[] prefixes;
    readonly int[] values;
    readonly int jumpDigits;

    // What follows some digits: 0 nothing, n + 1 the value n and no longer prefix, ~n the node n.
    readonly int[] jumps;
    readonly int[] links;
    readonly Node[] nodes;

    PrefixTree(long[] prefixes, int[] values, int jumpDigits)
    {
        (this.prefixes, this.values, this.jumpDigits) = (prefixes, values, jumpDigits);
        var growth = new PrefixTreeGrowth(prefixes, values);
        jumps = growth.Jumps(jumpDigits);
        links = [.. growth.Links];
        nodes = [.. growth.Nodes];
    }

    /// <param name="prefixes">Packed prefixes in the order of <see cref="PackedPrefix.Compare"/>, none twice.</param>
    /// <param name="values">What <see cref="Longest"/> gives for the prefix at the same place; not negative.</param>
    public static PrefixTree Build(long[] prefixes, int[] values)
    {
        var jumpDigits = prefixes.Length switch { >= 20_000 => 5, >= 1_000 => 4, >= 100 => 3, _ => 1 };
        return new PrefixTree(prefixes, values, jumpDigits);
    }

    /// <summary>
    /// The value of the longest prefix of the number, or -1. A character that is no digit ends the number.
    /// </summary>
    public int Longest<T>(ReadOnlySpan<T> number)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (number.Length < jumpDigits) return Search(number);
        var slot = 0u;
        for (var i = 0; i < jumpDigits; i++)
        {
            var digit = DigitOf(number[i]);
            if (digit > 9) return Search(number);
            slot = slot * 10 + digit;
        }
        var link = jumps[slot];
        for (var i = jumpDigits; link < 0; i += 2)
        {
            ref readonly var node = ref nodes[~link];
            if (i == number.Length) return node.Value;
            if (i + 1 == number.Length) return Search(number);
            var (first, second) = (DigitOf(number[i]), DigitOf(number[i + 1]));
            if (first > 9 || second > 9) return Search(number);
            var place = node.PlaceOf((int)(first * 10 + second));
            if (place < 0) return node.Value;
            link = links[place];
        }
        return link - 1;
    }

    /// <summary>For the rare number that ends between the digits of a node: ever shorter prefixes.</summary>
    int Search<T>(ReadOnlySpan<T> number)
        where T : unmanaged, IBinaryInteger<T>
    {
        Span<char> digits = stackalloc char[Rate.MaxDigits];
        var length = 0;
        while (length < Math.Min(number.Length, digits.Length) && DigitOf(number[length]) is <= 9 and var digit)
        {
            digits[length++] = (char)('0' + digit);
        }
        for (; length > 0; length--)
        {
            var at = prefixes.AsSpan().BinarySearch(PackedPrefix.Of(digits[..length]), PackedPrefix.Order);
            if (at >= 0) return values[at];
        }
        return -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint DigitOf<T>(T character)
        where T : unmanaged, IBinaryInteger<T> => unchecked(uint.CreateTruncating(character) - '0');

    /// <summary>Which of the hundred pairs of digits lead on, as bits, and where their links stand.</summary>
    /// <param name="Value">The value of the longest prefix up to here, or -1.</param>
    internal readonly record struct Node(ulong Below64, ulong From64, int FirstLink, int Value)
    {
        /// <summary>Where the link of a pair stands, or -1 when it leads nowhere.</summary>
        public int PlaceOf(int pair)
        {
            var bit = 1UL << (pair & 63);
            if (pair < 64)
            {
                return (Below64 & bit) == 0 ? -1 : FirstLink + BitOperations.PopCount(Below64 & (bit - 1));
            }
            if ((From64 & bit) == 0) return -1;
            return FirstLink + BitOperations.PopCount(Below64) + BitOperations.PopCount(From64 & (bit - 1));
        }
    }
}

/// <summary>Grows a <see cref="PrefixTree"/> from sorted prefixes: those with common digits are a range.</summary>
sealed class PrefixTreeGrowth(long[] prefixes, int[] values)
{
    public List<PrefixTree.Node> Nodes { get; } = [];

    public List<int> Links { get; } = [];

    public int[] Jumps(int digits)
    {
        var links = new List<int>();
        Descend(0, prefixes.Length, 0, -1);
        return [.. links];

        void Descend(int low, int high, int depth, int value)
        {
            if (depth == digits)
            {
                links.Add(LinkOf(low, high, depth, value));
                return;
            }
            TakeOwn(ref low, high, depth, ref value);
            for (var digit = 0; digit < 10; digit++)
            {
                var end = EndOf(low, high, depth, digit);
                Descend(low, end, depth + 1, value);
                low = end;
            }
        }
    }

    /// <param name="value">The value of the longest prefix so far, or -1.</param>
    int LinkOf(int low, int high, int depth, int value)
    {
        TakeOwn(ref low, high, depth, ref value);
        return low == high ? value + 1 : ~NodeOf(low, high, depth, value);
    }

    int NodeOf(int low, int high, int depth, int value)
    {
        var index = Nodes.Count;
        Nodes.Add(default);
        var (below, from) = (0UL, 0UL);
        var links = new List<int>();
        for (var first = 0; first < 10; first++)
        {
            var end = EndOf(low, high, depth, first);
            var reached = value;
            var covered = TakeOwn(ref low, end, depth + 1, ref reached);
            for (var second = 0; second < 10; second++)
            {
                var pairEnd = EndOf(low, end, depth + 1, second);
                // A prefix of one digit more stands at each of its ten pairs.
                if (covered || pairEnd > low)
                {
                    var pair = first * 10 + second;
                    if (pair < 64) below |= 1UL << pair;
                    else from |= 1UL << (pair - 64);
                    links.Add(LinkOf(low, pairEnd, depth + 2, reached));
                }
                low = pairEnd;
            }
        }
        Nodes[index] = new PrefixTree.Node(below, from, Links.Count, value);
        Links.AddRange(links);
        return index;
    }

    /// <summary>The prefix that ends right here comes first in its range.</summary>
    bool TakeOwn(ref int low, int high, int depth, ref int value)
    {
        if (low == high || PackedPrefix.Length(prefixes[low]) != depth) return false;
        value = values[low++];
        return true;
    }

    int EndOf(int low, int high, int depth, int digit)
    {
        while (low < high && PackedPrefix.Digit(prefixes[low], depth) == digit) low++;
        return low;
    }
}
