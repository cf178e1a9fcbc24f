using System.Globalization;
using System.Numerics;

namespace Tollkeeper.Providers;

/// <summary>A colour of the screen, red, green and blue from 0 to 255 each; written <c>#1a5fb4</c>.</summary>
public readonly record struct Colour(byte Red, byte Green, byte Blue)
{
    /// <summary>WCAG 2.2, 1.4.3: text of normal size needs at least 4.5 : 1; in thousandths.</summary>
    public const int LegibleContrast = 4_500;

    public static Colour White => new(255, 255, 255);

    public static Colour Black => new(0, 0, 0);

    public string Text => string.Create(CultureInfo.InvariantCulture, $"#{Red:x2}{Green:x2}{Blue:x2}");

    public static bool TryParse(string? text, out Colour colour)
    {
        colour = default;
        if (text is not ['#', ..] || text.Length != 7) return false;
        if (!int.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var rgb))
            return false;
        colour = new Colour((byte)(rgb >> 16), (byte)((rgb >> 8) & 0xFF), (byte)(rgb & 0xFF));
        return true;
    }

    /// <summary>How far two colours are apart, in thousandths: 1,000 (the same) to 21,000 (black on white).</summary>
    public int ContrastWith(Colour other)
    {
        var (mine, others) = (Luminance, other.Luminance);
        var (light, dark) = mine > others ? (mine, others) : (others, mine);
        return (int)((light + Offset) * 1_000 / (dark + Offset));
    }

    /// <summary>White or black, whichever is easier to read on this colour.</summary>
    public Colour TextOn => ContrastWith(White) >= ContrastWith(Black) ? White : Black;

    /// <summary>
    /// The nearest shade of this colour, darker or lighter, that can be read on a background: a provider's colour stays
    /// itself where it may and legible always.
    /// </summary>
    public Colour LegibleOn(Colour background)
    {
        var aim = background.TextOn;
        var shade = this;
        for (var step = 1; step <= 20 && shade.ContrastWith(background) < LegibleContrast; step++)
            shade = Toward(aim, step);
        return shade;
    }

    /// <summary>So many twentieths of the way to another colour.</summary>
    Colour Toward(Colour aim, int twentieths)
    {
        return new Colour(Mix(Red, aim.Red), Mix(Green, aim.Green), Mix(Blue, aim.Blue));

        byte Mix(byte from, byte to) => (byte)(from + (to - from) * twentieths / 20);
    }

    const long Offset = 50_000;

    /// <summary>Relative luminance in millionths, by WCAG's formula.</summary>
    long Luminance => (212_600L * Linear[Red] + 715_200L * Linear[Green] + 72_200L * Linear[Blue]) / 1_000_000;

    static readonly int[] Linear = [.. Enumerable.Range(0, 256).Select(LinearOf)];

    /// <summary>
    /// A channel's share of light in millionths: value ÷ 12.92 up to 0.04045 (10 of 255), beyond it
    /// ((value + 0.055) ÷ 1.055) to the power of 2.4, which is the fifth root of its twelfth power.
    /// </summary>
    static int LinearOf(int value)
    {
        if (value <= 10) return (int)Rounding.Divide(value * 100_000_000L, 255 * 1_292L, RoundingMode.HalfUp);
        var power = BigInteger.Pow(value * 1_000 + 55 * 255, 12) * BigInteger.Pow(1_000_000, 5);
        var divisor = BigInteger.Pow(1_055 * 255, 12);
        var (low, high) = (0, 1_000_000);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (BigInteger.Pow(middle, 5) * divisor <= power) low = middle;
            else high = middle - 1;
        }
        return low;
    }
}

/// <summary>
/// How a provider's pages look to its customers: the name that they know it by, two colours, a logo (R2's pages, mails
/// and documents carry it). What is legible is computed from the colours, never trusted to them.
/// </summary>
/// <param name="LogoType"><c>image/svg+xml</c> or <c>image/png</c>; null without a logo.</param>
public sealed record Brand(int ProviderNo, string Name, Colour Main, Colour Accent, string? LogoType)
{
    public const int MostLogoBytes = 100_000;

    /// <summary>The least favourable surfaces: the darkest of the light ones, the lightest of the dark.</summary>
    static readonly Colour LightSurface = new(0xf0, 0xf3, 0xf7);

    static readonly Colour DarkSurface = new(0x1b, 0x23, 0x2e);

    /// <summary>What a provider has that chose nothing.</summary>
    public static Brand Plain(Provider provider) =>
        new(provider.No, provider.Name, new Colour(0x1f, 0x5f, 0x99), new Colour(0x0f, 0x76, 0x6e), null);

    /// <summary>Refusals: <see cref="Refusal.BadText"/> for the name, <see cref="Refusal.BadColour"/>,
    /// <see cref="Refusal.BadLogo"/>.</summary>
    public static Result<Brand> Of(int providerNo, string? name, string? main, string? accent, string? logoType,
        int logoBytes)
    {
        if (name is not { Length: > 0 } || !PlainText.Fits(name, 60)) return new Refused(Refusal.BadText, "name");
        if (!Colour.TryParse(main, out var mainColour)) return new Refused(Refusal.BadColour, "main");
        if (!Colour.TryParse(accent, out var accentColour)) return new Refused(Refusal.BadColour, "accent");
        if (logoType is not (null or "image/svg+xml" or "image/png")) return new Refused(Refusal.BadLogo, logoType);
        if (logoBytes > MostLogoBytes || (logoType is null) != (logoBytes == 0)) return Refusal.BadLogo;
        return new Brand(providerNo, name, mainColour, accentColour, logoType);
    }

    /// <summary>The custom properties that the pages' styles are written with, light and dark.</summary>
    public string Css
    {
        get
        {
            var dark = On(DarkSurface);
            return $":root{On(LightSurface)}\n[data-bs-theme=dark]{dark}\n"
                + $"@media screen and (prefers-color-scheme: dark){{[data-bs-theme=auto]{dark}}}\n";
        }
    }

    string On(Colour surface)
    {
        var (main, accent) = (Main.LegibleOn(surface), Accent.LegibleOn(surface));
        return $"{{--tk-brand:{main.Text};--tk-brand-text:{main.TextOn.Text};--tk-accent:{accent.Text}}}";
    }
}
