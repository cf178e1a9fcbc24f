using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Tollkeeper.Host.Shell;

/// <summary>
/// Everything that pages say, in one language. The texts stand in <c>src/Host/Texts</c>, one file per area with the
/// three languages side by side; a test keeps them complete.
/// </summary>
public sealed class Texts
{
    static readonly FrozenDictionary<Language, Texts> All = Languages.All.ToFrozenDictionary(
        language => language, language => new Texts(language));

    readonly FrozenDictionary<string, (string One, string Other)> texts;
    readonly Language language;

    Texts(Language language)
    {
        this.language = language;
        texts = Resources().SelectMany(Entries).ToFrozenDictionary(
            entry => entry.Name, entry => Read(entry.Value.GetProperty(language.Tag())), StringComparer.Ordinal);
    }

    public static Texts Of(Language language) => All[language];

    /// <exception cref="KeyNotFoundException">No text has this key: a fault of the page.</exception>
    public string this[string key] => texts[key].Other;

    /// <summary>A text with places <c>{0}</c>, <c>{1}</c> …, filled with what is written for the reader.</summary>
    public string Format(string key, params ReadOnlySpan<object?> parts) =>
        string.Format(CultureInfo.InvariantCulture, texts[key].Other, parts);

    /// <summary>
    /// The form that goes with a count, which is <c>{0}</c>; further parts follow. One is singular, and in French
    /// nothing too.
    /// </summary>
    public string Plural(string key, long count, string shown, params object?[] parts)
    {
        var single = language switch
        {
            Language.English or Language.Spanish => count == 1,
            Language.French => count is 0 or 1,
        };
        var (one, other) = texts[key];
        return string.Format(CultureInfo.InvariantCulture, single ? one : other, [shown, .. parts]);
    }

    static IEnumerable<JsonDocument> Resources()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(
            name => name.StartsWith("Texts/", StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            yield return JsonDocument.Parse(stream);
        }
    }

    static IEnumerable<JsonProperty> Entries(JsonDocument document) => document.RootElement.EnumerateObject();

    static (string One, string Other) Read(JsonElement text)
    {
        if (text.ValueKind == JsonValueKind.String) return (text.GetString()!, text.GetString()!);
        return (text.GetProperty("one").GetString()!, text.GetProperty("other").GetString()!);
    }
}
