using System.Text;

namespace Tollkeeper.Rating;

/// <summary>
/// The columns of a CSV file by name: case, spaces and punctuation do not matter, unknown columns are left alone.
/// </summary>
public sealed class CsvHeader
{
    readonly string[] names;

    CsvHeader(string[] names) => this.names = names;

    public int Count => names.Length;

    /// <summary>In their order, each plain: <c>connectfee</c>.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>Reads the first record of a file; the byte-order mark is already gone.</summary>
    public static Result<CsvHeader> Read(ReadOnlySpan<byte> record, CsvFields fields)
    {
        if (!fields.TrySplit(record)) return new Refused(Refusal.FileUnreadable, "the header line");
        var names = new string[fields.Count];
        for (var i = 0; i < names.Length; i++) names[i] = Plain(Encoding.UTF8.GetString(fields.Of(record, i)));
        return new CsvHeader(names);
    }

    /// <summary>
    /// The place of the column that bears one of the names (given plain: <c>connectfee</c>); -1 when none does.
    /// </summary>
    public Result<int> Find(params ReadOnlySpan<string> synonyms)
    {
        var found = -1;
        for (var i = 0; i < names.Length; i++)
        {
            if (!synonyms.Contains(names[i])) continue;
            if (found >= 0) return new Refused(Refusal.DeckColumnTwice, $"{names[found]} and {names[i]}");
            found = i;
        }
        return found;
    }

    static string Plain(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
