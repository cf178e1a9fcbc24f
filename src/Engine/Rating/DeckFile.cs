using Tollkeeper.Rating;

namespace Tollkeeper.Engine.Rating;

/// <summary>Reads a rate deck from a file or an upload, all or nothing.</summary>
public static class DeckFile
{
    /// <summary>A deck of a million rates has some 60 MB; what is larger is no deck.</summary>
    public const long MaxBytes = 250_000_000;

    /// <param name="onBytes">Told now and then how many bytes are read, for a progress bar.</param>
    public static DeckReading Read(Stream stream, DeckCsvOptions options, Action<long>? onBytes = null)
    {
        var deck = new DeckCsv(options);
        if (CsvRecords.Read(stream, MaxBytes, deck.Take, onBytes) is { } ended) deck.Stop(ended.Line, ended.Refused);
        return deck.Finish();
    }

    /// <summary>A file that does not exist or may not be read is refused by its path.</summary>
    public static Result<DeckReading> Read(string path, DeckCsvOptions options, Action<long>? onBytes = null)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return Read(stream, options, onBytes);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            return new Refused(Refusal.FileUnreadable, path);
        }
    }
}
