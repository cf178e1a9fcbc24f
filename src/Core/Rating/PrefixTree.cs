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
    readonly Node[] jumps;
    readonly int jumpDigits;

    PrefixTree(Node[] nodes, int jumpDigits)
    {
        (this.nodes, this.jumpDigits) = (nodes, jumpDigits);
        jumps = new Node[jumpDigits == 0 ? 0 : Pow10(jumpDigits)];
        Span<byte> digits = stackalloc byte[jumpDigits];
        for (var slot = 0; slot < jumps.Length; slot++)
        {
            var rest = slot;
            for (var i = jumpDigits - 1; i >= 0; i--)
            {
                digits[i] = (byte)('0' + rest % 10);
                rest /= 10;
            }
            jumps[slot] = Walk<byte>(digits, 0, nodes[0]);
        }
    }

    /// <param name="prefixes">Packed prefixes in the order of <see cref="PackedPrefix.Compare"/>, none twice.</param>
    /// <param name="values">What <see cref="Longest"/> gives for the prefix at the same place; not negative.</param>
    public static PrefixTree Build(long[] prefixes, int[] values)
    {
        var jumpDigits = prefixes.Length switch { >= 20_000 => 5, >= 2_000 => 4, >= 100 => 3, _ => 0 };
        return new PrefixTree(NodesOf(prefixes, values), jumpDigits);
    }

    /// <summary>
    /// The value of the longest prefix of the number, or -1. A character that is no digit ends the number.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Longest<T>(ReadOnlySpan<T> number)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (jumpDigits == 0 || number.Length < jumpDigits) return Walk(number, 0, nodes[0]).Value;
        var slot = 0u;
        for (var i = 0; i < jumpDigits; i++)
        {
            var digit = DigitOf(number[i]);
            if (digit > 9) return Walk(number, 0, nodes[0]).Value;
            slot = slot * 10 + digit;
        }
        return Walk(number, jumpDigits, jumps[slot]).Value;
    }

    /// <summary>Where the number leads from a node, with the value of the longest prefix on the way.</summary>
    Node Walk<T>(ReadOnlySpan<T> number, int from, Node node)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (var i = from; i < number.Length && node.Children != 0; i++)
        {
            var digit = DigitOf(number[i]);
            if (digit > 9 || (node.Children & (1u << (int)digit)) == 0) return node with { Children = 0 };
            var child = nodes[node.FirstChild + BitOperations.PopCount(node.Children & ((1u << (int)digit) - 1))];
            node = child.Value >= 0 ? child : child with { Value = node.Value };
        }
        return node;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint DigitOf<T>(T character)
        where T : unmanaged, IBinaryInteger<T> => unchecked(uint.CreateTruncating(character) - '0');

    /// <summary>Level by level: a node is a range of the sorted prefixes that share their first digits.</summary>
    static Node[] NodesOf(long[] prefixes, int[] values)
    {
        var nodes = new List<Node>(prefixes.Length + 16) { default };
        var ranges = new Queue<(int Low, int High, int Depth)>();
        ranges.Enqueue((0, prefixes.Length, 0));
        for (var index = 0; ranges.TryDequeue(out var range); index++)
        {
            var (low, high, depth) = range;
            var own = None;
            if (low < high && PackedPrefix.Length(prefixes[low]) == depth) own = values[low++];
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

    static int Pow10(int exponent) => exponent == 0 ? 1 : 10 * Pow10(exponent - 1);

    /// <param name="Children">
    /// Bit d is set where a child for the digit d follows <paramref name="FirstChild"/> in digit order.
    /// </param>
    /// <param name="Value">The value of the prefix that ends here, or -1.</param>
    readonly record struct Node(uint Children, int FirstChild, int Value);
}
