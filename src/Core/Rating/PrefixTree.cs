using System.Numerics;
using System.Runtime.CompilerServices;

namespace Tollkeeper.Rating;

/// <summary>
/// Finds the longest of many digit prefixes that a number starts with. A tree of 12-byte nodes in one array, children
/// of a node side by side, and a table that jumps over the first digits where all numbers crowd.
/// </summary>
sealed class PrefixTree
{
    const int None = -1;

    readonly Node[] nodes;
    readonly int[] shorter;
    readonly Jump[] jumps;
    readonly int jumpDigits;

    PrefixTree(Node[] nodes, int[] shorter, int jumpDigits)
    {
        (this.nodes, this.shorter, this.jumpDigits) = (nodes, shorter, jumpDigits);
        jumps = new Jump[jumpDigits == 0 ? 0 : Pow10(jumpDigits)];
        Span<byte> digits = stackalloc byte[jumpDigits];
        for (var slot = 0; slot < jumps.Length; slot++)
        {
            var rest = slot;
            for (var i = jumpDigits - 1; i >= 0; i--)
            {
                digits[i] = (byte)('0' + rest % 10);
                rest /= 10;
            }
            jumps[slot] = Walk<byte>(digits, 0, new Jump(0, nodes[0].Prefix));
        }
    }

    /// <param name="prefixes">Packed prefixes in the order of <see cref="PackedPrefix.Compare"/>, none twice.</param>
    public static PrefixTree Build(long[] prefixes)
    {
        var jumpDigits = prefixes.Length switch { >= 20_000 => 5, >= 2_000 => 4, >= 100 => 3, _ => 0 };
        return new PrefixTree(NodesOf(prefixes), ShorterOf(prefixes), jumpDigits);
    }

    /// <summary>
    /// The index of the longest prefix of the number, or -1. A character that is no digit ends the number.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Longest<T>(ReadOnlySpan<T> number)
        where T : unmanaged, IBinaryInteger<T>
    {
        var slot = 0u;
        if (jumpDigits == 0 || number.Length < jumpDigits) return Walk(number, 0, new Jump(0, nodes[0].Prefix)).Prefix;
        for (var i = 0; i < jumpDigits; i++)
        {
            var digit = DigitOf(number[i]);
            if (digit > 9) return Walk(number, 0, new Jump(0, nodes[0].Prefix)).Prefix;
            slot = slot * 10 + digit;
        }
        var jump = jumps[slot];
        return jump.Node == None ? jump.Prefix : Walk(number, jumpDigits, jump).Prefix;
    }

    /// <summary>The next shorter prefix that also begins the number, or -1.</summary>
    public int Shorter(int prefix) => shorter[prefix];

    Jump Walk<T>(ReadOnlySpan<T> number, int from, Jump at)
        where T : unmanaged, IBinaryInteger<T>
    {
        var (index, prefix) = at;
        for (var i = from; i < number.Length; i++)
        {
            var digit = DigitOf(number[i]);
            ref readonly var node = ref nodes[index];
            if (digit > 9 || (node.Children & (1u << (int)digit)) == 0) return new Jump(None, prefix);
            index = node.FirstChild + BitOperations.PopCount(node.Children & ((1u << (int)digit) - 1));
            var here = nodes[index].Prefix;
            if (here >= 0) prefix = here;
        }
        return new Jump(index, prefix);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint DigitOf<T>(T character)
        where T : unmanaged, IBinaryInteger<T> => unchecked(uint.CreateTruncating(character) - '0');

    /// <summary>Level by level: a node is a range of the sorted prefixes that share their first digits.</summary>
    static Node[] NodesOf(long[] prefixes)
    {
        var nodes = new List<Node>(prefixes.Length + 16) { default };
        var ranges = new Queue<(int Low, int High, int Depth)>();
        ranges.Enqueue((0, prefixes.Length, 0));
        for (var index = 0; ranges.TryDequeue(out var range); index++)
        {
            var (low, high, depth) = range;
            var own = None;
            if (low < high && PackedPrefix.Length(prefixes[low]) == depth) own = low++;
            var firstChild = nodes.Count;
            var children = 0u;
            while (low < high)
            {
                var digit = PackedPrefix.Digit(prefixes[low], depth);
                var end = low;
                while (end < high && PackedPrefix.Digit(prefixes[end], depth) == digit) end++;
                children |= 1u << digit;
                nodes.Add(default);
                ranges.Enqueue((low, end, depth + 1));
                low = end;
            }
            nodes[index] = new Node(children, firstChild, own);
        }
        return [.. nodes];
    }

    static int[] ShorterOf(long[] prefixes)
    {
        var shorter = new int[prefixes.Length];
        for (var i = 0; i < prefixes.Length; i++)
        {
            var above = i - 1;
            while (above >= 0 && !PackedPrefix.StartsWith(prefixes[i], prefixes[above])) above = shorter[above];
            shorter[i] = above;
        }
        return shorter;
    }

    static int Pow10(int exponent) => exponent == 0 ? 1 : 10 * Pow10(exponent - 1);

    /// <param name="Children">Bit d is set where a child for the digit d follows <paramref name="FirstChild"/> in
    /// digit order.</param>
    /// <param name="Prefix">The prefix that ends here, or -1.</param>
    readonly record struct Node(uint Children, int FirstChild, int Prefix);

    /// <summary>Where the walk stands (-1: nothing longer exists) and the longest prefix so far.</summary>
    readonly record struct Jump(int Node, int Prefix);
}
