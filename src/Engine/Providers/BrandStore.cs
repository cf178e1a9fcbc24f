using System.Data.Common;
using Dapper;
using NodaTime;
using Tollkeeper.Providers;

namespace Tollkeeper.Engine.Providers;

/// <summary>A brand with its logo's bytes; empty without a logo.</summary>
public sealed record BrandKept(Brand Brand, byte[] Logo);

/// <summary>How providers' pages look.</summary>
public static class BrandStore
{
    public static Task Save(
        DbConnection connection, DbTransaction transaction, BrandKept kept, Instant now, string by) =>
        connection.ExecuteAsync(
            """
            insert into brand (
              provider_no, name, main_colour, accent_colour, logo_type, logo, saved_at_micros, saved_by)
            values (@ProviderNo, @Name, @main, @accent, @LogoType, @Logo, @now, @by)
            on conflict (provider_no) do update set
              name = excluded.name, main_colour = excluded.main_colour, accent_colour = excluded.accent_colour,
              logo_type = excluded.logo_type, logo = excluded.logo, saved_at_micros = excluded.saved_at_micros,
              saved_by = excluded.saved_by
            """,
            new
            {
                kept.Brand.ProviderNo,
                kept.Brand.Name,
                main = kept.Brand.Main.Text,
                accent = kept.Brand.Accent.Text,
                kept.Brand.LogoType,
                kept.Logo,
                now = now.ToMicros(),
                by,
            },
            transaction);

    public static async Task<IReadOnlyList<BrandKept>> All(DbConnection connection) =>
        [.. (await connection.QueryAsync<BrandRow>(
            "select provider_no, name, main_colour, accent_colour, logo_type, logo from brand order by provider_no"))
            .Select(row => row.Kept())];

    sealed class BrandRow
    {
        public int ProviderNo { get; init; }
        public string Name { get; init; } = "";
        public string MainColour { get; init; } = "";
        public string AccentColour { get; init; } = "";
        public string? LogoType { get; init; }
        public byte[] Logo { get; init; } = [];

        public BrandKept Kept()
        {
            var read = Brand.Of(ProviderNo, Name, MainColour, AccentColour, LogoType, Logo.Length);
            Demand.That(read.Accepted, "a brand that was saved can be read");
            return new BrandKept(read.Value, Logo);
        }
    }
}
