namespace Tollkeeper.Rating;

/// <summary>
/// Where a deck's file has which column; -1 where it has none. By the names that carriers use, or as somebody says.
/// </summary>
sealed record DeckColumns
{
    readonly int[] places;

    DeckColumns(int[] places, int count) => (this.places, Count) = (places, count);

    public int Count { get; }

    /// <summary>The prefix column counts North American codes without their leading 1.</summary>
    public bool PrefixIsNpaNxx => At(DeckField.Prefix) < 0 && At(DeckField.NpaNxx) >= 0;

    public int Prefix => PrefixIsNpaNxx ? At(DeckField.NpaNxx) : At(DeckField.Prefix);

    /// <summary>Area code and exchange in two columns, in place of a prefix.</summary>
    public int Npa => At(DeckField.Npa);
    public int Nxx => At(DeckField.Nxx);
    public int Destination => At(DeckField.Destination);
    public int Rate => At(DeckField.Rate);
    public int First => At(DeckField.First);
    public int Next => At(DeckField.Next);
    public int ConnectFee => At(DeckField.ConnectFee);
    public int Minimum => At(DeckField.Minimum);
    public int Blocked => At(DeckField.Blocked);
    public int From => At(DeckField.From);
    public int To => At(DeckField.To);
    public int Interstate => At(DeckField.Interstate);
    public int Intrastate => At(DeckField.Intrastate);
    public int Indeterminate => At(DeckField.Indeterminate);

    /// <summary>By the header alone.</summary>
    public static Result<DeckColumns> Of(CsvHeader header) =>
        Of([.. header.Names.Select(DeckFieldNames.Of)], header.Names);

    /// <summary>As somebody says, column by column; a file with more or fewer columns is refused.</summary>
    public static Result<DeckColumns> Of(CsvHeader header, IReadOnlyList<DeckField> said) =>
        said.Count == header.Count
            ? Of(said, header.Names)
            : new Refused(Refusal.FileUnreadable, $"{header.Count} columns where {said.Count} were named");

    public static Result<DeckColumns> Of(IReadOnlyList<DeckField> fields, IReadOnlyList<string> names)
    {
        var places = new int[Enum.GetValues<DeckField>().Length];
        Array.Fill(places, -1);
        for (var i = 0; i < fields.Count; i++)
        {
            if (fields[i] == DeckField.None) continue;
            ref var place = ref places[(int)fields[i]];
            if (place >= 0) return new Refused(Refusal.DeckColumnTwice, $"{names[place]} and {names[i]}");
            place = i;
        }
        var columns = new DeckColumns(places, fields.Count);
        if (columns.Prefix < 0 && (columns.Npa < 0 || columns.Nxx < 0))
            return new Refused(Refusal.DeckColumnMissing, "prefix");
        if (columns.Rate < 0 && (columns.Interstate < 0 || columns.Intrastate < 0))
            return new Refused(Refusal.DeckColumnMissing, "rate");
        return columns;
    }

    int At(DeckField field) => places[(int)field];
}
