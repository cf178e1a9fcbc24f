using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Tollkeeper.Taxes;

/// <summary>What a sales tax is a part of (TAX-CA-02, TAX-CA-13). The numbers are stored: never renumber.</summary>
public enum TaxedOn
{
    /// <summary>The price without any other tax.</summary>
    Net = 1,

    /// <summary>The price with GST, as Quebec before 2013 and Prince Edward Island before April 2013.</summary>
    NetPlusGst = 2,
}

/// <summary>
/// One dated rate of a sales tax at a place (TAX-CA-01), in force from <paramref name="From"/> until the day before
/// <paramref name="To"/>, local dates.
/// </summary>
/// <param name="Place">Of a province, ISO 3166-2: <c>CA-QC</c>.</param>
/// <param name="Code">What English documents print: <c>QST</c>.</param>
/// <param name="CodeFrench">What French documents print: <c>TVQ</c>.</param>
/// <param name="PartsPerMillion">9.975 % is 99,750.</param>
/// <param name="To">Null: until another rate is entered.</param>
/// <param name="LiftedByResale">A reseller with the province's number does not pay it (TAX-CA-04).</param>
public sealed record SalesTaxRow(
    string Place, string Code, string Name, string CodeFrench, int PartsPerMillion, TaxedOn Base, LocalDate From,
    LocalDate? To, bool LiftedByResale)
{
    public bool IsInForce(string place, LocalDate date) => Place == place && From <= date && (To is null || date < To);

    /// <summary>GST, or HST, which holds it: one of them is everywhere in Canada.</summary>
    public bool IsFederal => Code is SalesTaxTable.Gst or SalesTaxTable.Hst;

    internal bool Overlaps(SalesTaxRow other) =>
        Place == other.Place && Code == other.Code && (To is null || other.From < To)
        && (other.To is null || From < other.To);
}

/// <summary>
/// The dated rates of sales taxes by place. A place and date without a rate is refused, and nobody may take that for
/// zero.
/// </summary>
public sealed class SalesTaxTable
{
    public const string Gst = "GST";
    public const string Hst = "HST";
    public const string Canada = "CA";

    const string Header =
        "jurisdiction,tax_code,name_en,code_fr,rate_fraction,base,effective_from,effective_to_exclusive,"
        + "resale_exemption_by_provincial_id,note";

    /// <exception cref="FormatException">A row is empty or negative, or two of one tax cover the same day.</exception>
    public SalesTaxTable(IEnumerable<SalesTaxRow> rows)
    {
        Rows = [.. rows.OrderBy(row => row.Place, StringComparer.Ordinal).ThenByDescending(row => row.IsFederal)
            .ThenBy(row => row.Code, StringComparer.Ordinal).ThenBy(row => row.From)];
        foreach (var row in Rows)
            if (row.To <= row.From || row.PartsPerMillion < 0) throw new FormatException($"{row} is no rate.");
        foreach (var (row, next) in Rows.Zip(Rows.Skip(1)))
            if (row.Overlaps(next)) throw new FormatException($"{row} overlaps {next}.");
    }

    /// <summary>The rates known when this release was made: the seed of an installation's own table.</summary>
    public static SalesTaxTable Shipped { get; } = Parse(Tollkeeper.Shipped.Read("ca-tax-rates.csv"));

    /// <summary>By place, the federal tax first, then by code and date.</summary>
    public IReadOnlyList<SalesTaxRow> Rows { get; }

    /// <summary>
    /// The taxes at a country's province on a local date: none outside of Canada (TAX-CA-12). Refusals:
    /// <see cref="Refusal.BadPlace"/> where Canada has no such province, and as below.
    /// </summary>
    public Result<IReadOnlyList<SalesTaxRow>> Of(string country, string province, LocalDate date)
    {
        if (country != Canada) return new List<SalesTaxRow>();
        return Accounts.Place.Region(country, province) is { } found
            ? Of(found.Code, date)
            : new Refused(Refusal.BadPlace, "province");
    }

    /// <summary>
    /// The taxes of a province on a local date, the federal one first. Refusal: <see cref="Refusal.TaxRateMissing"/>
    /// where there is no federal one, which no province is without.
    /// </summary>
    public Result<IReadOnlyList<SalesTaxRow>> Of(string place, LocalDate date)
    {
        List<SalesTaxRow> found = [.. Rows.Where(row => row.IsInForce(place, date))];
        return found.Any(row => row.IsFederal)
            ? found
            : new Refused(Refusal.TaxRateMissing, $"{place} on {date:uuuu'-'MM'-'dd}");
    }

    /// <summary>True when the table has a rate of the same tax for any day of the row.</summary>
    public bool Overlaps(SalesTaxRow row) => Rows.Any(row.Overlaps);

    /// <summary>Reads the shipped form: a header, then one row a line, the rate as a decimal fraction.</summary>
    /// <exception cref="FormatException">A line is not of that form; it is named.</exception>
    public static SalesTaxTable Parse(string csv)
    {
        var lines = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines is not [Header, .. var rows]) throw new FormatException($"The first line is not '{Header}'.");
        return new SalesTaxTable(rows.Select(ParseRow));
    }

    static SalesTaxRow ParseRow(string line, int index)
    {
        // The note comes last and may hold commas.
        if (line.Split(',', 10) is [
                var place, var code, var name, var french, var rate, var on, var from, var to, var resale, _]
            && FixedPoint.TryRead(rate, 6, out var millionths)
            && BaseOf(on) is { } taxBase
            && LocalDatePattern.Iso.Parse(from) is { Success: true, Value: var first }
            && (to.Length == 0 || LocalDatePattern.Iso.Parse(to).Success)
            && resale is "yes" or "no")
            return new SalesTaxRow(
                place, code, name, french, checked((int)millionths), taxBase, first,
                to.Length == 0 ? null : LocalDatePattern.Iso.Parse(to).Value, resale == "yes");
        var number = (index + 2).ToString(CultureInfo.InvariantCulture);
        throw new FormatException($"Line {number} is no rate: '{line}'.");
    }

    static TaxedOn? BaseOf(string word) => word switch
    {
        "NET" => TaxedOn.Net,
        "NET_PLUS_GST" => TaxedOn.NetPlusGst,
        _ => null,
    };
}
