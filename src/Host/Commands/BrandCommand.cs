using System.CommandLine;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Providers;

namespace Tollkeeper.Host.Commands;

/// <summary><c>tollkeeper brand set</c>: how a provider's pages look.</summary>
public static class BrandCommand
{
    sealed record Saved(string Name, string Main, string Accent, string? LogoType);

    public static Command Create() => new("brand", "How a provider's pages look to its customers.") { Set() };

    static Command Set()
    {
        var provider = new Option<string>("--provider") { Description = "The provider's name.", Required = true };
        var name = new Option<string>("--name") { Description = "What customers know it by.", Required = true };
        var main = new Option<string>("--main") { Description = "Main colour, such as #1f5f99.", Required = true };
        var accent = new Option<string>("--accent") { Description = "Second colour.", Required = true };
        var logo = new Option<FileInfo?>("--logo") { Description = "An SVG or PNG image of at most 100 kB." };
        var json = new Option<bool>("--json") { Description = "Answer as JSON." };
        var command = new Command("set", "Set name, colours and logo, at once.")
        {
            provider, name, main, accent, logo, json,
        };
        command.SetAction((parsed, ct) => OnDatabase.Run(
            async (database, _) =>
            {
                var image = await Read(parsed.GetValue(logo), ct);
                if (image.Refused is { } unreadable) return Say.Refused(unreadable);
                await using var connection = await database.Connect(ct);
                var found = await ProviderStore.FindByName(connection, null, parsed.GetRequiredValue(provider));
                if (found.Refused is { } unknown) return Say.Refused(unknown);
                var saved = await new SaveBrand(database, Services.Clock).Run(
                    found.Value.No, parsed.GetRequiredValue(name), parsed.GetRequiredValue(main),
                    parsed.GetRequiredValue(accent), image.Value, OnDatabase.Who, ct);
                if (saved.Refused is { } refused) return Say.Refused(refused);
                var brand = saved.Value;
                if (parsed.GetValue(json))
                    return Say.AsJson(new Saved(brand.Name, brand.Main.Text, brand.Accent.Text, brand.LogoType));
                await Console.Out.WriteLineAsync($"Pages of {found.Value.Host} now carry the name {brand.Name}.");
                return ExitStatus.Done;
            },
            ct));
        return command;
    }

    /// <summary>Null without a file; one byte more than is allowed is enough to know that it is too many.</summary>
    static async Task<Result<byte[]?>> Read(FileInfo? file, CancellationToken ct)
    {
        if (file is null) return (byte[]?)null;
        try
        {
            if (file.Length > Brand.MostLogoBytes) return new Refused(Refusal.BadLogo, file.Name);
            return await File.ReadAllBytesAsync(file.FullName, ct);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            return new Refused(Refusal.FileUnreadable, file.Name);
        }
    }
}
