using FsCheck;
using FsCheck.Fluent;
using Tollkeeper.Providers;
using Xunit;

namespace Tollkeeper.Tests.Core.Providers;

public sealed class BrandTests
{
    [Theory]
    [InlineData("#000000", "#ffffff", 21_000)]
    [InlineData("#ffffff", "#ffffff", 1_000)]
    [InlineData("#777777", "#ffffff", 4_478)]
    [InlineData("#1f5f99", "#ffffff", 6_655)]
    public void Contrast_is_what_WCAG_computes(string one, string other, int thousandths)
    {
        Assert.InRange(Of(one).ContrastWith(Of(other)), thousandths - 5, thousandths + 5);
        Assert.Equal(Of(one).ContrastWith(Of(other)), Of(other).ContrastWith(Of(one)));
    }

    [Fact]
    public void Every_colour_becomes_legible_on_light_and_on_dark_and_stays_itself_where_it_is() =>
        Prop.ForAll<byte, byte, byte>((red, green, blue) =>
        {
            var colour = new Colour(red, green, blue);
            foreach (var page in new[] { Colour.White, Of("#151f2c") })
            {
                var shade = colour.LegibleOn(page);
                if (shade.ContrastWith(page) < Colour.LegibleContrast) return false;
                if (colour.ContrastWith(page) >= Colour.LegibleContrast && shade != colour) return false;
                if (shade.TextOn.ContrastWith(shade) < Colour.LegibleContrast) return false;
            }
            return true;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("red")]
    [InlineData("#12345")]
    [InlineData("#12345g")]
    [InlineData("#1234567")]
    [InlineData("# 12345")]
    [InlineData(null)]
    public void What_is_no_colour_is_refused(string? text) =>
        Assert.Equal(Refusal.BadColour, Brand.Of(1, "N", text, "#000000", null, 0).Refused?.Refusal);

    [Theory]
    [InlineData("image/gif", 10)]
    [InlineData("image/png", 100_001)]
    [InlineData("image/png", 0)]
    [InlineData(null, 5)]
    public void What_is_no_logo_is_refused(string? type, int bytes) =>
        Assert.Equal(Refusal.BadLogo, Brand.Of(1, "N", "#000000", "#000000", type, bytes).Refused?.Refusal);

    [Theory]
    [InlineData("")]
    [InlineData("line\nbreak")]
    [InlineData(null)]
    public void A_brand_has_a_name(string? name) =>
        Assert.Equal(Refusal.BadText, Brand.Of(1, name, "#000000", "#000000", null, 0).Refused?.Refusal);

    static Colour Of(string text)
    {
        Assert.True(Colour.TryParse(text, out var colour));
        return colour;
    }
}
