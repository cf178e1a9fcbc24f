using System.Text;
using System.Text.Unicode;
using NodaTime;

namespace Tollkeeper.Rating;

/// <summary>What the person who imports a deck says about its file; never guessed from the file.</summary>
public sealed record DeckCsvOptions
{
    /// <summary>The deck may hold rates of zero that are no blocked rows.</summary>
    public bool ZeroRates { get; init; }

    /// <summary>Billing increments where a line has none; seconds.</summary>
    public int FirstSeconds { get; init; } = 60;

    public int NextSeconds { get; init; } = 60;

    /// <summary>Where the midnight lies that a bare date means.</summary>
    public DateTimeZone Zone { get; init; } = DateTimeZone.Utc;

    /// <summary>Dates may be written M/D/YYYY.</summary>
    public bool MonthFirstDates { get; init; }

    /// <summary>What each column holds; null: what its name says.</summary>
    public IReadOnlyList<DeckField>? Columns { get; init; }

    /// <summary>A file with more rates than this is refused; a bound on memory.</summary>
    public int MaxRates { get; init; } = 1_000_000;
}

/// <summary>A file's rates; all of them, or none and the lines that are why.</summary>
public sealed record DeckReading(IReadOnlyList<Rate> Rates, BadLines Bad)
{
    public bool Accepted => !Bad.Any;

    /// <summary>The first bad line as a refusal, for who can show one only.</summary>
    public Refused? Refused => Bad.Any ? new Refused(Bad.Kept[0].Refusal, Bad.Kept[0].ToString()) : null;
}

/// <summary>
/// Reads the records of a rate deck's CSV one by one: columns by name, separators comma, semicolon or tab, several
/// codes or a range in one cell. Whoever has the bytes gives them; nothing of a file with a bad line is taken.
/// </summary>
public sealed class DeckCsv(DeckCsvOptions options)
{
    readonly List<Rate> rates = [];
    readonly BadLines bad = new();
    readonly HashSet<(long Prefix, Instant From)> starts = [];
    CsvFields fields = new((byte)',');
    DeckLine? line;
    bool stopped;

    /// <returns>False when nothing more needs to be read: the header is unusable or the file too large.</returns>
    public bool Take(long lineNo, ReadOnlySpan<byte> record)
    {
        if (!Utf8.IsValid(record)) bad.Add(lineNo, new Refused(Refusal.FileNotUtf8, "bytes that are no UTF-8"));
        else if (line is null) TakeHeader(lineNo, record);
        else if (record.Trim((byte)' ').IsEmpty) return true;
        else TakeLine(lineNo, record);
        return !stopped;
    }

    /// <summary>Says that the file itself, from this line on, cannot be read.</summary>
    public void Stop(long lineNo, Refused refused)
    {
        bad.Add(lineNo, refused);
        stopped = true;
    }

    public DeckReading Finish()
    {
        if (rates.Count == 0 && !bad.Any) bad.Add(1, new Refused(Refusal.DeckEmpty, "no rate below the header"));
        return new DeckReading(bad.Any ? [] : rates, bad);
    }

    void TakeHeader(long lineNo, ReadOnlySpan<byte> record)
    {
        fields = new CsvFields(CsvFields.SeparatorOf(record));
        var header = CsvHeader.Read(record, fields);
        var columns = header.Accepted ? ColumnsOf(header.Value) : header.Refused!;
        if (columns.Accepted) line = new DeckLine(columns.Value, options);
        else Stop(lineNo, columns.Refused!);
    }

    Result<DeckColumns> ColumnsOf(CsvHeader header) =>
        options.Columns is { } said ? DeckColumns.Of(header, said) : DeckColumns.Of(header);

    void TakeLine(long lineNo, ReadOnlySpan<byte> record)
    {
        if (!fields.TrySplit(record))
        {
            bad.Add(lineNo, new Refused(Refusal.FileUnreadable, "quotes that do not fit"));
            return;
        }
        var read = line!.Read(record, fields);
        if (!read.Accepted)
        {
            bad.Add(lineNo, read.Refused!);
            return;
        }
        foreach (var prefix in line.Prefixes)
        {
            var rate = read.Value with { Prefix = prefix };
            if (!starts.Add((PackedPrefix.Of(prefix), rate.From ?? Instant.MinValue)))
            {
                bad.Add(lineNo,
                    new Refused(Refusal.DeckOverlap, $"prefix {prefix} has another rate with the same start"));
                return;
            }
            // Once a line is bad nothing will be taken: the rates are no longer kept, only checked.
            if (!bad.Any) rates.Add(rate);
        }
        if (starts.Count > options.MaxRates)
            Stop(lineNo, new Refused(Refusal.FileTooLarge, $"more than {options.MaxRates} rates"));
    }
}
