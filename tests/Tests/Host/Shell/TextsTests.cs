using System.Text.Json;
using System.Text.RegularExpressions;
using Tollkeeper.Host.Shell;
using Tollkeeper.Tests.Tidy;
using Xunit;

namespace Tollkeeper.Tests.Host.Shell;

/// <summary>R2: everything that people read exists in the three languages, and comes from resources.</summary>
public sealed class TextsTests
{
    /// <summary>Words that are the same in every language, or names.</summary>
    static readonly string[] NotTranslated = ["Tollkeeper", "EN", "FR", "ES", "CSV", "TOTP", "API", "ID", "SIP"];

    static IEnumerable<string> Pages => SourceTree.Files("*.razor", "src/Host");

    static IEnumerable<(string File, JsonProperty Text)> All =>
        from file in SourceTree.Files("*.json", "src/Host/Texts")
        from text in JsonDocument.Parse(File.ReadAllText(Path.Combine(SourceTree.Root, file))).RootElement
            .EnumerateObject()
        select (file, text);

    [Fact]
    public void R2_Every_text_exists_in_the_three_languages_with_the_same_places()
    {
        var findings =
            from text in All
            let forms = Languages.All.Select(language => Forms(text.Text.Value, language.Tag())).ToList()
            where forms.Any(form => form.Count == 0 || form.Any(string.IsNullOrWhiteSpace))
                || forms.Select(form => form.Count).Distinct().Count() > 1
                || forms.SelectMany(form => form.Select(Places)).Distinct().Count() > 1
            select $"{text.File}: {text.Text.Name}";
        SourceTree.AssertNone(findings, "A text has en, fr and es, each with the same forms and places:");
    }

    [Fact]
    public void R2_No_key_stands_twice()
    {
        var twice = All.GroupBy(text => text.Text.Name, StringComparer.Ordinal).Where(group => group.Count() > 1);
        SourceTree.AssertNone(twice.Select(group => group.Key), "A key stands once:");
    }

    /// <summary>
    /// The same sentence in two languages is a translation that was forgotten, where it is longer than a word.
    /// </summary>
    [Fact]
    public void R2_A_translation_differs_from_the_English()
    {
        var findings =
            from text in All
            let english = string.Join('|', Forms(text.Text.Value, "en"))
            where english.Count(char.IsLetter) > 12
            from tag in new[] { "fr", "es" }
            where string.Join('|', Forms(text.Text.Value, tag)) == english
            select $"{text.File}: {text.Text.Name} in {tag}";
        SourceTree.AssertNone(findings, "A sentence is translated:");
    }

    [Fact]
    public void R2_Every_key_that_a_page_names_exists_and_every_text_is_used()
    {
        var named = new Regex(@"""([a-z0-9-]+(?:\.[a-zA-Z0-9-]+)+)""");
        var keys = All.Select(text => text.Text.Name).ToHashSet(StringComparer.Ordinal);
        var areas = keys.Select(key => key.Split('.')[0]).ToHashSet(StringComparer.Ordinal);
        var used = new HashSet<string>(StringComparer.Ordinal);
        var missing = new List<string>();
        foreach (var file in Pages.Concat(SourceTree.Files("*.cs", "src/Host")))
        {
            foreach (Match match in named.Matches(File.ReadAllText(Path.Combine(SourceTree.Root, file))))
            {
                var key = match.Groups[1].Value;
                used.Add(key);
                if (areas.Contains(key.Split('.')[0]) && !keys.Contains(key) && !IsFile(key))
                    missing.Add($"{file}: {key}");
            }
        }
        SourceTree.AssertNone(missing, "No text has this key:");
        SourceTree.AssertNone(keys.Where(key => !used.Contains(key)).Order(StringComparer.Ordinal),
            "A text that no page names:");
    }

    [Fact]
    public void R2_No_page_has_words_of_its_own()
    {
        var findings = Pages.SelectMany(file =>
            HardCoded(File.ReadAllText(Path.Combine(SourceTree.Root, file))).Select(words => $"{file}: {words}"));
        SourceTree.AssertNone(findings, "What people read comes from src/Host/Texts:");
    }

    [Theory]
    [InlineData("<p>Hello there</p>", 1)]
    [InlineData("<p title=\"Read me\">@T[\"a.b\"]</p>", 1)]
    [InlineData("<p>@T[\"a.b\"] <code>@Name</code></p>", 0)]
    [InlineData("@* a comment *@ @if (x > 1) { <b>@y</b> } else { <i>no</i> }", 1)]
    [InlineData("<p>Pay now <b>@Amount</b></p>", 1)]
    [InlineData("<p><b>@Amount</b> is due</p>", 1)]
    [InlineData("<PageHead Title=\"Read me\" /><Field Label=\"Name\" Help=\"@T[\"a.b\"]\" />", 2)]
    [InlineData("@code { string s = \"words\"; }", 0)]
    public void R2_The_rule_itself_finds_what_it_should(string page, int findings) =>
        Assert.Equal(findings, HardCoded(page).Count());

    static bool IsFile(string key) => key.EndsWith(".css", StringComparison.Ordinal)
        || key.EndsWith(".js", StringComparison.Ordinal);

    static string Places(string form) =>
        string.Join(',', Regex.Matches(form, @"\{\d\}").Select(match => match.Value).Order(StringComparer.Ordinal)
            .Distinct());

    static List<string> Forms(JsonElement text, string tag)
    {
        if (!text.TryGetProperty(tag, out var form)) return [];
        return form.ValueKind == JsonValueKind.String
            ? [form.GetString()!]
            : [form.GetProperty("one").GetString()!, form.GetProperty("other").GetString()!];
    }

    /// <summary>Attributes, and parameters of components, that people read.</summary>
    const string Read = "title|alt|placeholder|aria-label|label|help|error|above|text";

    /// <summary>Words between tags, and in attributes that people read, that are not made of an expression.</summary>
    static IEnumerable<string> HardCoded(string page)
    {
        var code = page.IndexOf("@code", StringComparison.Ordinal);
        var markup = Regex.Replace(code < 0 ? page : page[..code], @"@\*.*?\*@", "", RegexOptions.Singleline);
        foreach (Match attribute in Regex.Matches(
            markup, $@"\b({Read})=""([^""@]*[A-Za-z]{{2,}}[^""@]*)""", RegexOptions.IgnoreCase))
            yield return attribute.Value;
        // Two letters and more right between tags; an expression begins with @, a control statement ends with a brace.
        foreach (Match text in Regex.Matches(
            markup, @"(?<=[a-z""/]|[a-z]\])>([^<>@{}();=]*[A-Za-z]{2,}[^<>@{}();=]*)<"))
        {
            var words = text.Groups[1].Value.Trim();
            if (!NotTranslated.Contains(words, StringComparer.Ordinal)) yield return words;
        }
    }
}
