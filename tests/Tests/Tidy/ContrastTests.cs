using System.Text.RegularExpressions;
using Tollkeeper.Providers;
using Xunit;

namespace Tollkeeper.Tests.Tidy;

/// <summary>
/// WCAG 2.2, 1.4.3 and 1.4.11: what is written with the tokens of src/Host/Web/styles can be read, in the light and in
/// the dark, whatever colours a provider chooses.
/// </summary>
public sealed class ContrastTests
{
    const int Lines = 3_000;

    static readonly string[] Surfaces = ["page", "subtle", "raised", "hover"];

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public void Text_can_be_read_on_every_surface(string theme)
    {
        var tokens = Tokens(theme);
        var texts = new[] { "ink", "muted", "good", "warn", "bad", "brand", "accent" };
        var pairs = texts.SelectMany(text => Surfaces.Select(surface => (text, surface)))
            .Concat(new[] { "good", "warn", "bad" }.SelectMany(state => new[]
            {
                (state, state + "-fill"), ("ink", state + "-fill"), ("muted", state + "-fill"),
            }))
            .Append(("brand-text", "brand"));
        SourceTree.AssertNone(TooLow(tokens, pairs, Colour.LegibleContrast), $"Text has 4.5 : 1 ({theme}):");
    }

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public void The_line_around_a_control_can_be_seen_on_every_surface(string theme) =>
        SourceTree.AssertNone(
            TooLow(Tokens(theme), Surfaces.Select(surface => ("control-line", surface)), Lines),
            $"The line of a control has 3 : 1 ({theme}):");

    [Theory]
    [InlineData("#ffffff")]
    [InlineData("#000000")]
    [InlineData("#ffe600")]
    [InlineData("#00ff80")]
    [InlineData("#7a7a7a")]
    [InlineData("#1f5f99")]
    public void A_provider_s_colours_can_be_read_on_every_surface(string chosen)
    {
        Assert.True(Colour.TryParse(chosen, out var colour));
        var blocks = Regex.Matches(new Brand(1, "N", colour, colour, null).Css, @"\{(--tk-[^{}]*)\}")
            .Select(match => Read(match.Groups[1].Value)).ToList();
        Assert.Equal(3, blocks.Count);
        var pairs = new[] { "brand", "accent" }
            .SelectMany(text => Surfaces.Select(surface => (text, surface))).Append(("brand-text", "brand"))
            .ToList();
        foreach (var (theme, brand) in new[] { "light", "dark", "dark" }.Zip(blocks))
        {
            var tokens = new Dictionary<string, Colour>(Tokens(theme));
            foreach (var (name, value) in brand) tokens[name] = value;
            SourceTree.AssertNone(TooLow(tokens, pairs, Colour.LegibleContrast), $"{chosen}, {theme}:");
        }
    }

    static IEnumerable<string> TooLow(
        Dictionary<string, Colour> tokens, IEnumerable<(string Above, string Below)> pairs, int least) =>
        from pair in pairs
        let contrast = tokens[pair.Above].ContrastWith(tokens[pair.Below])
        where contrast < least
        select $"--tk-{pair.Above} on --tk-{pair.Below}: {contrast / 1000}.{contrast % 1000:000}";

    static Dictionary<string, Colour> Tokens(string theme)
    {
        var styles = File.ReadAllText(Path.Combine(SourceTree.Root, "src/Host/Web/styles/tokens.css"));
        var dark = styles.IndexOf("[data-bs-theme=\"dark\"]", StringComparison.Ordinal);
        return Read(theme == "dark" ? styles[dark..] : styles[..dark]);
    }

    static Dictionary<string, Colour> Read(string styles) =>
        Regex.Matches(styles, @"--tk-([a-z-]+):\s*(#[0-9a-f]{6})").ToDictionary(
            match => match.Groups[1].Value,
            match => Colour.TryParse(match.Groups[2].Value, out var colour) ? colour : default);
}
