namespace Tollkeeper.Rating;

/// <summary>
/// Where a call runs, twice, because two rules differ: <paramref name="Column"/> chooses the deck's price and
/// <paramref name="Tax"/> what taxes and reports see. Canada–US is interstate in the deck and international for tax.
/// </summary>
public readonly record struct CallJurisdiction(RateColumn Column, Jurisdiction Tax)
{
    /// <summary>
    /// A call priced without regard to states, such as one to a country outside the North American plan.
    /// </summary>
    public static CallJurisdiction International => new(RateColumn.Flat, Jurisdiction.International);

    public static CallJurisdiction Indeterminate => new(RateColumn.Indeterminate, Jurisdiction.Indeterminate);

    /// <summary>Inbound calls and decks without jurisdictions.</summary>
    public static CallJurisdiction None => default;

    /// <summary>
    /// RATE-05, on E.164 digits without plus. The caller as sent decides "from"; the LRN, where the called number was
    /// ported, else the dialled number decides "to". Unknown, toll-free and US territories are indeterminate.
    /// </summary>
    /// <param name="caller">Empty when it is missing, anonymous or no number.</param>
    /// <param name="lrn">Empty when there is none.</param>
    public static CallJurisdiction Of(
        ReadOnlySpan<char> caller, ReadOnlySpan<char> dialled, ReadOnlySpan<char> lrn, NumberingTable table)
    {
        if (dialled is not ['1', ..]) return International;
        if (PlaceOf(caller, table) is not { } from || PlaceOf(lrn.IsEmpty ? dialled : lrn, table) is not { } to)
        {
            return Indeterminate;
        }
        var sameState = from.Country == to.Country && from.State == to.State;
        var column = sameState ? RateColumn.Intrastate : RateColumn.Interstate;
        if (from.Country != to.Country) return new(column, Jurisdiction.International);
        return new(column, column == RateColumn.Intrastate ? Jurisdiction.Intrastate : Jurisdiction.Interstate);
    }

    /// <summary>The codes whose called party pays: 800, 833, 844, 855, 866, 877, 888.</summary>
    public static bool IsTollFree(ReadOnlySpan<char> number) =>
        number is ['1', '8', '0' or '3' or '4' or '5' or '6' or '7' or '8', ..] && number.Length > 3
            && number[2] == number[3];

    static NumberingEntry? PlaceOf(ReadOnlySpan<char> number, NumberingTable table)
    {
        if (number is not ['1', ..] || IsTollFree(number)) return null;
        return table.EntryOf(number) is { IsUsTerritory: false } entry ? entry : null;
    }
}
