using NodaTime;

namespace Tollkeeper.Taxes;

/// <summary>A new rate of a sales tax at a place, as somebody wants to enter it.</summary>
/// <param name="Code">Of a tax that is known somewhere: the same one, or the one that takes others' place.</param>
/// <param name="Ends">Codes of other taxes of the place that end where this one begins.</param>
/// <param name="Reason">Needed where the first day is past; goes on record.</param>
public sealed record SalesTaxChange(
    string Place, string Code, int PartsPerMillion, LocalDate From, IReadOnlyList<string> Ends, string Reason)
{
    public const int LongestReason = 200;

    /// <summary>50 %: more is a slip of the pen.</summary>
    const int MostPartsPerMillion = 500_000;

    const int MostYearsAhead = 5;

    /// <summary>
    /// What it would change, with the table as it would be. Refusals: <see cref="Refusal.BadPlace"/>,
    /// <see cref="Refusal.BadTaxRate"/>, <see cref="Refusal.BadDate"/>, <see cref="Refusal.TaxDatePast"/>,
    /// <see cref="Refusal.BadText"/>, <see cref="Refusal.TaxRateStands"/>, <see cref="Refusal.TaxRateMissing"/>.
    /// </summary>
    public Result<SalesTaxDraft> On(SalesTaxTable table, LocalDate today)
    {
        if (Problem(table, today) is { } problem) return problem;
        // Its names are those that it had here last, or that it has elsewhere.
        var named = table.Rows.LastOrDefault(row => row.Place == Place && row.Code == Code)
            ?? table.Rows.Last(row => row.Code == Code);
        var added = named with
        {
            Place = Place,
            PartsPerMillion = PartsPerMillion,
            Base = TaxedOn.Net,
            From = From,
            To = null,
            LiftedByResale = !named.IsFederal && TaxNumber.OfResellers(Place) is not null,
        };
        List<SalesTaxRow> ended = [.. table.Rows.Where(row => row.Place == Place && row.To is null
            && row.From < From && (row.Code == Code || Ends.Contains(row.Code)))];
        var after = table.Rows.Select(row => ended.Contains(row) ? row with { To = From } : row).ToList();
        if (after.Any(added.Overlaps)) return new Refused(Refusal.TaxRateStands, "From");
        var changed = new SalesTaxTable([.. after, added]);
        if (changed.Of(Place, From).Refused is { } missing) return missing with { Detail = "Ends" };
        return new SalesTaxDraft(added, [.. ended.Where(row => row.Code != Code)], changed);
    }

    Refused? Problem(SalesTaxTable table, LocalDate today)
    {
        if (table.Rows.All(row => row.Place != Place)) return new Refused(Refusal.BadPlace, "Place");
        if (table.Rows.All(row => row.Code != Code)) return new Refused(Refusal.BadText, "Code");
        if (PartsPerMillion is < 0 or > MostPartsPerMillion) return new Refused(Refusal.BadTaxRate, "Rate");
        if (From.Year < 2010 || From > today.PlusYears(MostYearsAhead)) return new Refused(Refusal.BadDate, "From");
        if (Reason.Length > 0 && !PlainText.Fits(Reason, LongestReason)) return new Refused(Refusal.BadText, "Reason");
        return From < today && Reason.Length == 0 ? new Refused(Refusal.TaxDatePast, "From") : null;
    }
}

/// <summary>What a change comes to.</summary>
/// <param name="Ended">Rates of other taxes that end where the added one begins.</param>
/// <param name="After">The whole table as it would be.</param>
public sealed record SalesTaxDraft(SalesTaxRow Added, IReadOnlyList<SalesTaxRow> Ended, SalesTaxTable After);
