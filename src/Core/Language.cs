using System.Diagnostics.CodeAnalysis;

namespace Tollkeeper;

/// <summary>The languages that everything people read exists in (R2). French is written as Quebec writes it.</summary>
public enum Language
{
    English = 0,
    French = 1,
    Spanish = 2,
}

/// <summary>Languages by their tags: <c>en</c>, <c>fr</c>, <c>es</c>.</summary>
public static class Languages
{
    public static IReadOnlyList<Language> All { get; } = [Language.English, Language.French, Language.Spanish];

    public static string Tag(this Language language) => language switch
    {
        Language.English => "en",
        Language.French => "fr",
        Language.Spanish => "es",
    };

    /// <summary>What its own readers call it.</summary>
    public static string OwnName(this Language language) => language switch
    {
        Language.English => "English",
        Language.French => "Français",
        Language.Spanish => "Español",
    };

    /// <summary>True for a tag such as <c>fr</c>, <c>FR</c> or <c>fr-CA</c> of one of our languages.</summary>
    public static bool TryParse([NotNullWhen(true)] string? tag, out Language language)
    {
        language = Language.English;
        var primary = tag.AsSpan().Trim();
        if (primary.IndexOf('-') is > 0 and var dash) primary = primary[..dash];
        foreach (var one in All)
        {
            if (!primary.Equals(one.Tag(), StringComparison.OrdinalIgnoreCase)) continue;
            language = one;
            return true;
        }
        return false;
    }

    /// <summary>
    /// The first language of ours in an Accept-Language header by its weights, such as <c>de, fr-CA;q=0.8</c>; null
    /// where there is none.
    /// </summary>
    public static Language? Accepted(string? header)
    {
        if (header is null) return null;
        (Language? Language, int Weight) best = (null, 0);
        foreach (var range in header.Split(',', StringSplitOptions.TrimEntries).Take(20))
        {
            var parts = range.Split(';', StringSplitOptions.TrimEntries);
            if (!TryParse(parts[0], out var language)) continue;
            var weight = parts.Length > 1 ? WeightOf(parts[1]) : 1_000;
            if (weight > best.Weight) best = (language, weight);
        }
        return best.Language;
    }

    /// <summary>Thousandths of <c>q=0.8</c>; 0 where it cannot be read.</summary>
    static int WeightOf(string parameter) =>
        parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
        && FixedPoint.TryRead(parameter.AsSpan(2), 3, out var weight) && weight is >= 0 and <= 1_000
            ? (int)weight
            : 0;
}
