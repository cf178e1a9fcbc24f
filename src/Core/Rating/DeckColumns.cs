namespace Tollkeeper.Rating;

/// <summary>
/// Where a deck's file has which column; -1 where it has none. The synonyms are those that carriers use.
/// </summary>
sealed record DeckColumns
{
    public int Prefix { get; private set; }

    /// <summary>Area code and exchange in two columns, in place of a prefix.</summary>
    public int Npa { get; private set; }
    public int Nxx { get; private set; }

    /// <summary>The prefix column counts North American codes without their leading 1.</summary>
    public bool PrefixIsNpaNxx { get; private set; }
    public int Destination { get; private set; }
    public int Rate { get; private set; }
    public int First { get; private set; }
    public int Next { get; private set; }
    public int ConnectFee { get; private set; }
    public int Minimum { get; private set; }
    public int Blocked { get; private set; }
    public int From { get; private set; }
    public int To { get; private set; }
    public int Interstate { get; private set; }
    public int Intrastate { get; private set; }
    public int Indeterminate { get; private set; }
    public int Count { get; private init; }

    public static Result<DeckColumns> Of(CsvHeader header)
    {
        var columns = new DeckColumns { Count = header.Count };
        return columns.Place(header) is { } refused ? refused : columns;
    }

    Refused? Place(CsvHeader header)
    {
        Refused? twice = null;
        Prefix = At(
            ["prefix", "prefixes", "code", "codes", "dialprefix", "dialcode", "dialcodes", "areacode", "breakout"]);
        var npaNxx = At(["npanxx", "npanxxx"]);
        PrefixIsNpaNxx = Prefix < 0 && npaNxx >= 0;
        if (PrefixIsNpaNxx) Prefix = npaNxx;
        Npa = At(["npa"]);
        Nxx = At(["nxx"]);
        Destination = At(
            ["destination", "destinationname", "description", "name", "dest", "route", "country", "zone"]);
        Rate = At(["rate", "rateusd", "ratecad", "price", "perminute", "rateperminute", "ratepermin", "priceperminute",
            "cost"]);
        First = At(
            ["first", "initial", "initials", "initialseconds", "initialincrement", "initialbillingtime",
            "firstincrement",
                "firstinterval", "minimumduration", "minduration", "duration"]);
        Next = At(
            ["next", "increment", "increments", "increment1", "billingincrement", "interval", "nextincrement",
                "nextinterval", "subsequent", "billing"]);
        ConnectFee = At(["connectfee", "connectionfee", "setupfee", "connect"]);
        Minimum = At(["mincharge", "minimumcharge", "minimum"]);
        Blocked = At(["blocked", "block"]);
        From = At(["effectivefrom", "effective", "effectivedate", "from", "validfrom", "startdate"]);
        To = At(["effectiveto", "to", "validto", "validuntil", "enddate", "expires", "expirydate"]);
        Interstate = At(["interstate", "interrate", "inter", "rateinterstate", "interstaterate"]);
        Intrastate = At(["intrastate", "intrarate", "intra", "rateintrastate", "intrastaterate"]);
        Indeterminate = At(["indeterminate", "ijrate", "ij", "rateindeterminate", "indeterminaterate"]);
        if (twice is not null) return twice;
        if (Prefix < 0 && (Npa < 0 || Nxx < 0)) return new Refused(Refusal.DeckColumnMissing, "prefix");
        if (Rate < 0 && (Interstate < 0 || Intrastate < 0)) return new Refused(Refusal.DeckColumnMissing, "rate");
        return null;

        int At(ReadOnlySpan<string> synonyms)
        {
            var found = header.Find(synonyms);
            twice ??= found.Refused;
            return found.Accepted ? found.Value : -1;
        }
    }
}
