using Tollkeeper.Rating;

namespace Tollkeeper.Engine.Rating;

/// <summary>Reads a numbering table from a file or an upload, all or nothing.</summary>
public static class NumberingFile
{
    const long MaxBytes = 100_000_000;

    /// <param name="onBytes">Told now and then how many bytes are read, for a progress bar.</param>
    public static (IReadOnlyList<NumberingEntry> Entries, BadLines Bad) Read(Stream stream,
        Action<long>? onBytes = null)
    {
        var table = new NumberingCsv();
        if (CsvRecords.Read(stream, MaxBytes, table.Take, onBytes) is { } ended) table.Stop(ended.Line, ended.Refused);
        return table.Finish();
    }
}
