using System.Numerics;
using System.Runtime.Intrinsics;

namespace Tollkeeper.Rating;

/// <summary>
/// The fields of one CSV record (RFC 4180), found without allocation: bounds into the record, or into a scratch buffer
/// where a quoted field had doubled quotes. One is used again for every record of a file.
/// </summary>
public sealed class CsvFields(byte separator)
{
    const byte Quote = (byte)'"';

    /// <summary>More fields than any deck or list of calls has.</summary>
    public const int MaxFields = 200;

    readonly int[] starts = new int[MaxFields];
    readonly int[] lengths = new int[MaxFields];
    byte[] scratch = [];
    int scratchUsed;

    public byte Separator => separator;

    public int Count { get; private set; }

    /// <summary>Field <paramref name="index"/> of the record that was split last, without its quotes.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> record, int index)
    {
        var start = starts[index];
        return start >= 0 ? record.Slice(start, lengths[index]) : scratch.AsSpan(~start, lengths[index]);
    }

    /// <summary>False when a quote stands where none may, is never closed, or there are too many fields.</summary>
    public bool TrySplit(ReadOnlySpan<byte> record)
    {
        (Count, scratchUsed) = (0, 0);
        var (at, start) = (0, 0);
        // Thirty-two bytes at a time: which are separators, and is there a quote among them.
        for (; at + Vector256<byte>.Count <= record.Length; at += Vector256<byte>.Count)
        {
            var block = Vector256.Create(record[at..]);
            if (Vector256.EqualsAny(block, Vector256.Create(Quote))) return TrySplitAnew(record);
            var ends = Vector256.Equals(block, Vector256.Create(separator)).ExtractMostSignificantBits();
            for (; ends != 0; ends &= ends - 1)
                if (!TryEnd(at + BitOperations.TrailingZeroCount(ends), ref start)) return false;
        }
        for (; at < record.Length; at++)
        {
            if (record[at] == Quote) return TrySplitAnew(record);
            if (record[at] == separator && !TryEnd(at, ref start)) return false;
        }
        return TryEnd(record.Length, ref start);
    }

    bool TryEnd(int end, ref int start)
    {
        if (Count == MaxFields) return false;
        (starts[Count], lengths[Count]) = (start, end - start);
        Count++;
        start = end + 1;
        return true;
    }

    bool TrySplitAnew(ReadOnlySpan<byte> record)
    {
        Count = 0;
        return TrySplitQuoted(record);
    }

    bool TrySplitQuoted(ReadOnlySpan<byte> record)
    {
        var at = 0;
        while (Count < MaxFields)
        {
            if (at < record.Length && record[at] == Quote)
            {
                if (!TryTakeQuoted(record, ref at)) return false;
            }
            else
            {
                var length = record[at..].IndexOf(separator);
                if (length < 0) length = record.Length - at;
                if (record.Slice(at, length).Contains(Quote)) return false;
                starts[Count] = at;
                lengths[Count++] = length;
                at += length;
            }
            if (at == record.Length) return true;
            if (record[at++] != separator) return false;
        }
        return false;
    }

    /// <summary>From an opening quote to behind the closing one.</summary>
    bool TryTakeQuoted(ReadOnlySpan<byte> record, ref int at)
    {
        var start = ++at;
        var doubled = false;
        while (true)
        {
            var next = record[at..].IndexOf(Quote);
            if (next < 0) return false;
            at += next + 1;
            if (at >= record.Length || record[at] != Quote) break;
            doubled = true;
            at++;
        }
        var inner = record[start..(at - 1)];
        if (!doubled)
        {
            starts[Count] = start;
            lengths[Count++] = inner.Length;
            return true;
        }
        TakeUndoubled(inner, record.Length);
        return true;
    }

    void TakeUndoubled(ReadOnlySpan<byte> inner, int capacity)
    {
        if (scratch.Length < capacity) Array.Resize(ref scratch, capacity);
        starts[Count] = ~scratchUsed;
        var from = scratchUsed;
        for (var i = 0; i < inner.Length; i++)
        {
            scratch[scratchUsed++] = inner[i];
            if (inner[i] == Quote) i++;
        }
        lengths[Count++] = scratchUsed - from;
    }

    /// <summary>
    /// The separator of a header line: the one of comma, semicolon and tab that stands there most often.
    /// </summary>
    public static byte SeparatorOf(ReadOnlySpan<byte> header)
    {
        ReadOnlySpan<byte> known = [(byte)',', (byte)';', (byte)'\t'];
        var best = known[0];
        foreach (var candidate in known)
        {
            if (header.Count(candidate) > header.Count(best)) best = candidate;
        }
        return best;
    }
}
