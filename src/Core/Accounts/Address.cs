namespace Tollkeeper.Accounts;

/// <summary>A postal address. Which fields it needs depends on its country.</summary>
/// <param name="Region">The code of a province or state, where the country has some here; else free text.</param>
/// <param name="Country">ISO 3166-1.</param>
public sealed record Address(
    string Line1, string Line2, string City, string Region, string PostalCode, string Country)
{
    public const int LongestLine = 100;
    public const int LongestPostalCode = 12;

    public static Address Empty { get; } = new("", "", "", "", "", "");

    /// <summary>Nothing of it was filled in but the country, which a form offers by itself.</summary>
    public bool IsEmpty => this == Empty with { Country = Country };

    /// <summary>Without blanks around, codes in capitals, a Canadian postal code with its blank.</summary>
    public Address Tidied()
    {
        var code = PostalCode.Trim().ToUpperInvariant();
        var squeezed = code.Replace(" ", "", StringComparison.Ordinal);
        if (Country == "CA" && squeezed.Length == 6) code = $"{squeezed[..3]} {squeezed[3..]}";
        return new Address(Line1.Trim(), Line2.Trim(), City.Trim(), Region.Trim(), code, Country.Trim());
    }

    /// <summary>
    /// What is wrong, each with its field: <see cref="Refusal.FieldEmpty"/>, <see cref="Refusal.BadText"/>,
    /// <see cref="Refusal.BadPlace"/>, <see cref="Refusal.BadPostalCode"/>.
    /// </summary>
    public IEnumerable<Refused> Problems()
    {
        var regions = Place.Regions(Country, Language.English);
        if (Needed(Line1, LongestLine) is { } line1) yield return new Refused(line1, nameof(Line1));
        if (Line2.Length > 0 && !PlainText.Fits(Line2, LongestLine))
            yield return new Refused(Refusal.BadText, nameof(Line2));
        if (Needed(City, LongestLine) is { } city) yield return new Refused(city, nameof(City));
        if (Place.Country(Country) is null) yield return new Refused(Refusal.BadPlace, nameof(Country));
        if (regions.Count > 0 && Place.Region(Country, Region) is null)
            yield return new Refused(Region.Length == 0 ? Refusal.FieldEmpty : Refusal.BadPlace, nameof(Region));
        else if (Region.Length > 0 && !PlainText.Fits(Region, LongestLine))
            yield return new Refused(Refusal.BadText, nameof(Region));
        if (!IsPostalCode()) yield return new Refused(Refusal.BadPostalCode, nameof(PostalCode));
    }

    /// <summary>The region's name, where it has one.</summary>
    public string RegionName(Language language) => Place.Region(Country, Region)?.In(language) ?? Region;

    bool IsPostalCode() => Country switch
    {
        "CA" => IsCanadian(PostalCode),
        "US" => IsAmerican(PostalCode),
        _ => PostalCode.Length == 0 || PlainText.Fits(PostalCode, LongestPostalCode),
    };

    internal static Refusal? Needed(string text, int longest) =>
        string.IsNullOrWhiteSpace(text) ? Refusal.FieldEmpty : PlainText.Fits(text, longest) ? null : Refusal.BadText;

    /// <summary>Letter, digit, letter, a blank, digit, letter, digit; Canada Post: no D, F, I, O, Q or U.</summary>
    static bool IsCanadian(string code) =>
        code.Length == 7 && code[3] == ' '
        && code.Where((_, i) => i is 0 or 2 or 5).All(c => char.IsAsciiLetterUpper(c) && !"DFIOQU".Contains(c))
        && code.Where((_, i) => i is 1 or 4 or 6).All(char.IsAsciiDigit) && code[0] is not ('W' or 'Z');

    /// <summary>Five digits, or nine with a dash.</summary>
    static bool IsAmerican(string code) =>
        code.Length is 5 or 10 && code.Where((_, i) => i != 5).All(char.IsAsciiDigit)
        && (code.Length == 5 || code[5] == '-');
}
