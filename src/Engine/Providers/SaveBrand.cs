using NodaTime;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Providers;

namespace Tollkeeper.Engine.Providers;

/// <summary>
/// Sets how a provider's pages look, at once. Refusals: <see cref="Refusal.UnknownProvider"/> and those of
/// <see cref="Brand.Of"/>.
/// </summary>
public sealed class SaveBrand(Database database, IClock clock)
{
    /// <param name="main">A colour as <c>#1f5f99</c>; so is <paramref name="accent"/>.</param>
    /// <param name="logo">An SVG or PNG image; null for none.</param>
    public Task<Result<Brand>> Run(
        int providerNo, string name, string main, string accent, byte[]? logo, string by,
        CancellationToken ct = default) =>
        database.InTransaction<Brand>(
            async (connection, transaction) =>
            {
                var provider = await ProviderStore.Find(connection, transaction, providerNo);
                if (provider.Refused is { } unknown) return unknown;
                var type = logo is null ? null : LogoImage.TypeOf(logo);
                if (logo is not null && type is null) return Refusal.BadLogo;
                var brand = Brand.Of(providerNo, name, main, accent, type, logo?.Length ?? 0);
                if (brand.Refused is not null) return brand;
                await BrandStore.Save(
                    connection, transaction, new BrandKept(brand.Value, logo ?? []), clock.GetCurrentInstant(), by);
                await RevisionStore.Raise(connection, transaction, Watched.Provider);
                return brand;
            },
            ct);
}

/// <summary>What kind of image a file is, by its first bytes.</summary>
static class LogoImage
{
    public static string? TypeOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a]))
            return "image/png";
        var start = bytes[..Math.Min(bytes.Length, 1_000)];
        return start.IndexOf("<svg"u8) >= 0 ? "image/svg+xml" : null;
    }
}
