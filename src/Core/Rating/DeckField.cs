using System.Collections.Frozen;

namespace Tollkeeper.Rating;

/// <summary>What a column of a deck's file holds. The names are stored with a draft: never rename.</summary>
public enum DeckField
{
    /// <summary>Nothing that a deck needs.</summary>
    None,

    Prefix,

    /// <summary>North American codes without their leading 1.</summary>
    NpaNxx,
    Npa,
    Nxx,
    Destination,
    Rate,
    First,
    Next,
    ConnectFee,
    Minimum,
    Blocked,
    From,
    To,
    Interstate,
    Intrastate,
    Indeterminate,
}

/// <summary>What the columns of a file hold, as its header suggests and as somebody says.</summary>
public static class DeckMapping
{
    /// <summary>What the header's names suggest; the first of two columns of one meaning.</summary>
    public static IReadOnlyList<DeckField> Guess(CsvHeader header)
    {
        var seen = new HashSet<DeckField>();
        return [.. header.Names.Select(DeckFieldNames.Of).Select(
            field => field == DeckField.None || seen.Add(field) ? field : DeckField.None)];
    }

    /// <summary>Why a deck cannot be read by these columns; null where it can.</summary>
    public static Refused? Problem(IReadOnlyList<DeckField> fields) =>
        DeckColumns.Of(fields, [.. fields.Select(field => $"{field}")]).Refused;
}

/// <summary>The names that carriers give to columns, without case, spaces and punctuation.</summary>
static class DeckFieldNames
{
    static readonly (DeckField Field, string[] Names)[] All =
    [
        (DeckField.Prefix,
            ["prefix", "prefixes", "code", "codes", "dialprefix", "dialcode", "dialcodes", "areacode", "breakout"]),
        (DeckField.NpaNxx, ["npanxx", "npanxxx"]),
        (DeckField.Npa, ["npa"]),
        (DeckField.Nxx, ["nxx"]),
        (DeckField.Destination,
            ["destination", "destinationname", "description", "name", "dest", "route", "country", "zone"]),
        (DeckField.Rate,
            ["rate", "rateusd", "ratecad", "price", "perminute", "rateperminute", "ratepermin", "priceperminute",
                "cost"]),
        (DeckField.First,
            ["first", "initial", "initials", "initialseconds", "initialincrement", "initialbillingtime",
                "firstincrement", "firstinterval", "minimumduration", "minduration", "duration"]),
        (DeckField.Next,
            ["next", "increment", "increments", "increment1", "billingincrement", "interval", "nextincrement",
                "nextinterval", "subsequent", "billing"]),
        (DeckField.ConnectFee, ["connectfee", "connectionfee", "setupfee", "connect"]),
        (DeckField.Minimum, ["mincharge", "minimumcharge", "minimum"]),
        (DeckField.Blocked, ["blocked", "block"]),
        (DeckField.From, ["effectivefrom", "effective", "effectivedate", "from", "validfrom", "startdate"]),
        (DeckField.To, ["effectiveto", "to", "validto", "validuntil", "enddate", "expires", "expirydate"]),
        (DeckField.Interstate, ["interstate", "interrate", "inter", "rateinterstate", "interstaterate"]),
        (DeckField.Intrastate, ["intrastate", "intrarate", "intra", "rateintrastate", "intrastaterate"]),
        (DeckField.Indeterminate, ["indeterminate", "ijrate", "ij", "rateindeterminate", "indeterminaterate"]),
    ];

    static readonly FrozenDictionary<string, DeckField> ByName = All
        .SelectMany(each => each.Names.Select(name => (name, each.Field)))
        .ToFrozenDictionary(each => each.name, each => each.Field, StringComparer.Ordinal);

    /// <summary>What a column of a plain name holds; nothing where the name is not known.</summary>
    public static DeckField Of(string plainName) => ByName.GetValueOrDefault(plainName);
}
