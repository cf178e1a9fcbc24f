using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Tollkeeper.Taxes;

/// <summary>
/// One dated rate of a usage tax, parts per million (TAX-US-02): in force from <paramref name="From"/> until the day
/// before <paramref name="To"/>, local dates of the billing zone. The source is the notice that it was taken from.
/// </summary>
public sealed record FactorRow(string Code, LocalDate From, LocalDate To, int PartsPerMillion, string Source)
{
    public bool IsInForce(string code, LocalDate date) => Code == code && From <= date && date < To;
}

/// <summary>
/// The dated factors of usage taxes. A date that no row covers has no factor, and nobody may take that for zero.
/// </summary>
public sealed class FactorTable
{
    const string Header = "code,effective_from,effective_to_exclusive,factor,source";

    /// <exception cref="FormatException">A row is empty or negative, or two of one code cover the same day.</exception>
    public FactorTable(IEnumerable<FactorRow> rows)
    {
        Rows = [.. rows.OrderBy(row => row.Code, StringComparer.Ordinal).ThenBy(row => row.From)];
        foreach (var row in Rows)
            if (row.To <= row.From || row.PartsPerMillion < 0) throw new FormatException($"{row} is no factor.");
        foreach (var (row, next) in Rows.Zip(Rows.Skip(1)))
            if (row.Code == next.Code && next.From < row.To) throw new FormatException($"{row} overlaps {next}.");
    }

    /// <summary>The factors known when this release was made: the seed of an installation's own table.</summary>
    public static FactorTable Shipped { get; } = Parse(Tollkeeper.Shipped.Read("us-fusf-factors.csv"));

    /// <summary>By code, then by date.</summary>
    public IReadOnlyList<FactorRow> Rows { get; }

    /// <summary>The factor of a tax on a local date, parts per million; null when none is entered.</summary>
    public int? Find(string code, LocalDate date)
    {
        foreach (var row in Rows)
            if (row.IsInForce(code, date)) return row.PartsPerMillion;
        return null;
    }

    /// <summary>True when the table has a factor of the same tax for any day of the row.</summary>
    public bool Overlaps(FactorRow row) =>
        Rows.Any(known => known.Code == row.Code && known.From < row.To && row.From < known.To);

    /// <summary>Reads the shipped form: a header, then one row a line, the factor as a decimal fraction.</summary>
    /// <exception cref="FormatException">A line is not of that form; it is named.</exception>
    public static FactorTable Parse(string csv)
    {
        var lines = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines is not [Header, .. var rows]) throw new FormatException($"The first line is not '{Header}'.");
        return new FactorTable(rows.Select(ParseRow));
    }

    static FactorRow ParseRow(string line, int index)
    {
        if (line.Split(',') is [var code, var from, var to, var factor, var source]
            && LocalDatePattern.Iso.Parse(from) is { Success: true, Value: var first }
            && LocalDatePattern.Iso.Parse(to) is { Success: true, Value: var end }
            && FixedPoint.TryRead(factor, 6, out var millionths))
            return new FactorRow(code, first, end, checked((int)millionths), source);
        var number = (index + 2).ToString(CultureInfo.InvariantCulture);
        throw new FormatException($"Line {number} is no factor: '{line}'.");
    }
}
