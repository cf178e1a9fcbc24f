using System.IO.Compression;
using System.Text;
using Tollkeeper.Rating;

namespace Tollkeeper.Engine.Rating;

/// <summary>The first lines of a deck's file as they stand there, and what its columns seem to hold.</summary>
public sealed record DeckPreview(
    IReadOnlyList<string> Header, IReadOnlyList<DeckField> Guess, IReadOnlyList<IReadOnlyList<string>> Rows);

/// <summary>A draft's file: kept as it was sent, packed, since decks repeat themselves.</summary>
public static class DraftFile
{
    /// <summary>A deck of a million rates has some 60 MB.</summary>
    public const long MaxBytes = 64_000_000;

    public const int PreviewRows = 8;

    public static byte[] Pack(ReadOnlySpan<byte> file)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest)) zip.Write(file);
        return packed.ToArray();
    }

    public static Stream Open(byte[] packed) =>
        new GZipStream(new MemoryStream(packed, writable: false), CompressionMode.Decompress);

    public static byte[] Unpack(byte[] packed)
    {
        using var file = new MemoryStream();
        using (var zip = Open(packed)) zip.CopyTo(file);
        return file.ToArray();
    }

    public static Result<DeckPreview> Preview(Stream file)
    {
        CsvFields? fields = null;
        Result<CsvHeader>? header = null;
        var names = new List<string>();
        var rows = new List<IReadOnlyList<string>>();
        var ended = CsvRecords.Read(file, MaxBytes, Take, null);
        if (header is not { } read) return ended?.Refused ?? new Refused(Refusal.DeckEmpty);
        if (read.Refused is { } unreadable) return unreadable;
        return new DeckPreview(names, DeckMapping.Guess(read.Value), rows);

        bool Take(long line, ReadOnlySpan<byte> record)
        {
            if (fields is null)
            {
                fields = new CsvFields(CsvFields.SeparatorOf(record));
                header = CsvHeader.Read(record, fields);
                if (header.Value.Accepted) names.AddRange(Cells(record));
                return header.Value.Accepted;
            }
            if (fields.TrySplit(record)) rows.Add(Cells(record));
            return rows.Count < PreviewRows;
        }

        List<string> Cells(ReadOnlySpan<byte> record)
        {
            var cells = new List<string>(fields!.Count);
            for (var i = 0; i < fields.Count; i++) cells.Add(Shown(fields.Of(record, i)));
            return cells;
        }
    }

    /// <summary>What stands in a cell, shortened and without what a page cannot show.</summary>
    static string Shown(ReadOnlySpan<byte> cell)
    {
        const int longest = 60;
        var text = Encoding.UTF8.GetString(cell[..Math.Min(cell.Length, 4 * longest)]);
        return string.Concat(text.Take(longest).Select(c => char.IsControl(c) ? ' ' : c));
    }
}
