using Tollkeeper.Rating;

namespace Tollkeeper.Engine.Rating;

/// <summary>
/// Cuts a stream into CSV records, whose quoted fields may hold line ends, within a bounded memory: a record longer
/// than <see cref="MaxRecordBytes"/> ends the reading, so that one lost quote does not swallow a file.
/// </summary>
public static class CsvRecords
{
    public const int MaxRecordBytes = 64 * 1024;
    const int BufferBytes = 256 * 1024;

    /// <summary>Gives a record and the number of the line that it begins on; false ends the reading.</summary>
    public delegate bool TakeRecord(long lineNo, ReadOnlySpan<byte> record);

    /// <param name="maxBytes">A longer stream is refused, after this many bytes at the latest.</param>
    /// <param name="onBytes">Told now and then how many bytes are read.</param>
    /// <returns>Null, or why the reading ended early and at which line.</returns>
    public static (long Line, Refused Refused)? Read(Stream stream, long maxBytes, TakeRecord take,
        Action<long>? onBytes)
    {
        if (stream.CanSeek && stream.Length > maxBytes) return (1, TooLarge(maxBytes));
        var buffer = new byte[BufferBytes];
        var (filled, line, total) = (0, 1L, 0L);
        while (true)
        {
            var read = stream.Read(buffer, filled, buffer.Length - filled);
            total += read;
            filled += read;
            if (total > maxBytes) return (line, TooLarge(maxBytes));
            var ended = read == 0;
            var start = 0;
            if (line == 1 && total == filled)
            {
                // The first bytes of a file: enough of them must be there to know their mark.
                if (!ended && filled < 3) continue;
                if (OtherEncodingOf(buffer.AsSpan(0, filled)) is { } other)
                    return (1, new Refused(Refusal.FileNotUtf8, other));
                if (buffer.AsSpan(0, filled).StartsWith("\uFEFF"u8)) start = 3;
            }
            while (TryCut(buffer.AsSpan(start, filled - start), ended, out var length, out var lines))
            {
                var record = buffer.AsSpan(start, length);
                if (record is [.., (byte)'\n']) record = record[..^1];
                if (record is [.., (byte)'\r']) record = record[..^1];
                if (!take(line, record)) return null;
                line += lines;
                start += length;
            }
            if (filled - start > MaxRecordBytes)
            {
                return (line, new Refused(Refusal.FileUnreadable,
                    $"a record of more than {MaxRecordBytes} bytes; is a quote not closed?"));
            }
            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            filled -= start;
            onBytes?.Invoke(total);
            if (ended) return null;
        }
    }

    static Refused TooLarge(long maxBytes) => new(Refusal.FileTooLarge, $"more than {maxBytes / 1_000_000} MB");

    /// <summary>A record up to and with its line end; at the end of the file, what is left.</summary>
    static bool TryCut(ReadOnlySpan<byte> rest, bool ended, out int length, out int lines)
    {
        (length, lines) = (0, 0);
        var quoted = false;
        while (length < rest.Length)
        {
            var next = rest[length..].IndexOfAny((byte)'\n', (byte)'"');
            if (next < 0) break;
            length += next + 1;
            if (rest[length - 1] == '"') quoted = !quoted;
            else
            {
                lines++;
                if (!quoted) return true;
            }
        }
        length = rest.Length;
        return ended && length > 0;
    }

    internal static string? OtherEncodingOf(ReadOnlySpan<byte> start) => start switch
    {
        [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => "the file is UTF-16",
        [0x50, 0x4B, 0x03, ..] => "the file is an archive or a workbook, no text",
        [0x1F, 0x8B, ..] => "the file is compressed",
        _ when start[..Math.Min(start.Length, 64)].Contains((byte)0) =>
            "the file holds zero bytes, as UTF-16 or a program does",
        _ => null,
    };
}
