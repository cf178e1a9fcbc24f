using System.Text;
using System.Text.Unicode;

namespace Tollkeeper.Rating;

/// <summary>
/// Reads the records of a numbering table's CSV: <c>prefix,state,country</c> by name, the prefix with or without the
/// leading 1, the country CA for a Canadian province and US otherwise where the column is missing.
/// </summary>
public sealed class NumberingCsv
{
    const int MaxEntries = 2_000_000;
    const string Provinces = "AB BC MB NB NL NS NT NU ON PE QC SK YT";

    readonly List<NumberingEntry> entries = [];
    readonly BadLines bad = new();
    readonly DeckPrefixes prefixes = new();
    readonly HashSet<string> words = new(StringComparer.Ordinal);
    CsvFields fields = new((byte)',');
    (int Prefix, int State, int Country)? columns;
    bool stopped;

    /// <summary>All entries, or none and the lines that are why.</summary>
    public (IReadOnlyList<NumberingEntry> Entries, BadLines Bad) Finish()
    {
        if (entries.Count == 0 && !bad.Any) bad.Add(1, new Refused(Refusal.DeckEmpty, "no line below the header"));
        return (bad.Any ? [] : entries, bad);
    }

    /// <inheritdoc cref="DeckCsv.Take"/>
    public bool Take(long lineNo, ReadOnlySpan<byte> record)
    {
        if (!Utf8.IsValid(record)) bad.Add(lineNo, new Refused(Refusal.FileNotUtf8, "bytes that are no UTF-8"));
        else if (columns is null) TakeHeader(lineNo, record);
        else if (record.Trim((byte)' ').IsEmpty) return true;
        else if (TakeLine(record) is { } refused) bad.Add(lineNo, refused);
        if (entries.Count > MaxEntries)
            Stop(lineNo, new Refused(Refusal.FileTooLarge, $"more than {MaxEntries} prefixes"));
        return !stopped;
    }

    public void Stop(long lineNo, Refused refused)
    {
        bad.Add(lineNo, refused);
        stopped = true;
    }

    void TakeHeader(long lineNo, ReadOnlySpan<byte> record)
    {
        fields = new CsvFields(CsvFields.SeparatorOf(record));
        var header = CsvHeader.Read(record, fields);
        if (!header.Accepted)
        {
            Stop(lineNo, header.Refused!);
            return;
        }
        var prefix = header.Value.Find("prefix", "npanxx", "npanxxx", "npa", "code");
        var state = header.Value.Find("state", "province", "region", "stateprovince");
        var country = header.Value.Find("country", "countrycode", "iso");
        if ((prefix.Refused ?? state.Refused ?? country.Refused) is { } twice) Stop(lineNo, twice);
        else if (prefix.Value < 0) Stop(lineNo, new Refused(Refusal.DeckColumnMissing, "prefix"));
        else if (state.Value < 0) Stop(lineNo, new Refused(Refusal.DeckColumnMissing, "state"));
        else columns = (prefix.Value, state.Value, country.Value);
    }

    Refused? TakeLine(ReadOnlySpan<byte> record)
    {
        var (prefixAt, stateAt, countryAt) = columns!.Value;
        if (!fields.TrySplit(record)) return new Refused(Refusal.FileUnreadable, "quotes that do not fit");
        if (fields.Count <= Math.Max(prefixAt, Math.Max(stateAt, countryAt)))
            return new Refused(Refusal.FileUnreadable, "a field is missing");
        if (prefixes.Read(fields.Of(record, prefixAt).Trim(" "u8), npaNxx: true) is { } badPrefix) return badPrefix;
        var state = CodeOf(fields.Of(record, stateAt));
        if (state is null) return DeckLine.Bad(Refusal.BadText, "state", fields.Of(record, stateAt));
        var country = countryAt < 0 ? CountryOf(state) : CodeOf(fields.Of(record, countryAt));
        if (country is null) return DeckLine.Bad(Refusal.BadText, "country", fields.Of(record, countryAt));
        foreach (var prefix in prefixes.Found)
        {
            if (prefix[0] != '1') return new Refused(Refusal.DeckBadPrefix, $"prefix {prefix} is not North American");
            entries.Add(new NumberingEntry(prefix, state, country));
        }
        return null;
    }

    static string CountryOf(string state) => Provinces.Contains(state, StringComparison.Ordinal) ? "CA" : "US";

    /// <summary>Two letters, made capitals, one string for each code.</summary>
    string? CodeOf(ReadOnlySpan<byte> cell)
    {
        var trimmed = cell.Trim(" "u8);
        if (trimmed.Length != 2) return null;
        var code = Encoding.UTF8.GetString(trimmed).ToUpperInvariant();
        if (!code.All(char.IsAsciiLetterUpper)) return null;
        if (words.TryGetValue(code, out var known)) return known;
        words.Add(code);
        return code;
    }
}
