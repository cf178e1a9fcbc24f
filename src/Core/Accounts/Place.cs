using System.Collections.Frozen;

namespace Tollkeeper.Accounts;

/// <summary>
/// A country (ISO 3166-1, <c>CA</c>) or one of the provinces and states that addresses here are written with (ISO
/// 3166-2, <c>CA-QC</c>), with what readers call it. The list is data: <c>places.csv</c>, country names by Unicode
/// CLDR. Territories of the United States are states of it, as in the post and in its taxes.
/// </summary>
public sealed record Place(string Code, string English, string French, string Spanish)
{
    static readonly FrozenDictionary<string, Place> All = Read();

    static readonly FrozenDictionary<Language, IReadOnlyList<Place>> Sorted = Languages.All.ToFrozenDictionary(
        language => language,
        language => (IReadOnlyList<Place>)[.. All.Values.Where(place => !place.Code.Contains('-'))
            .OrderBy(place => NameKey.Of(place.In(language)), StringComparer.Ordinal)]);

    public string In(Language language) => language switch
    {
        Language.English => English,
        Language.French => French,
        Language.Spanish => Spanish,
    };

    /// <summary>The country of that code; null where there is none.</summary>
    public static Place? Country(string code) => code.Contains('-') ? null : All.GetValueOrDefault(code);

    /// <summary>A country's province or state by its own code, such as <c>QC</c>; null where there is none.</summary>
    public static Place? Region(string country, string region) => All.GetValueOrDefault($"{country}-{region}");

    /// <summary>In the order of the language's names.</summary>
    public static IReadOnlyList<Place> Countries(Language language) => Sorted[language];

    /// <summary>A country's provinces or states; none where addresses are not written with them here.</summary>
    public static IReadOnlyList<Place> Regions(string country, Language language) =>
        [.. All.Values.Where(place => place.Code.StartsWith(country + "-", StringComparison.Ordinal))
            .OrderBy(place => NameKey.Of(place.In(language)), StringComparer.Ordinal)];

    /// <summary>The part of a region's code after its country.</summary>
    public string RegionCode => Code[(Code.IndexOf('-', StringComparison.Ordinal) + 1)..];

    static FrozenDictionary<string, Place> Read() =>
        Shipped.Read("places.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(line => line.Split(';'))
            .Select(fields => new Place(fields[0], fields[1], fields[2], fields[3]))
            .ToFrozenDictionary(place => place.Code, StringComparer.Ordinal);
}
