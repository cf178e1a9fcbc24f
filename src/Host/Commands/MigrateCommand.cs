using System.CommandLine;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Engine.Taxes;

namespace Tollkeeper.Host.Commands;

/// <summary><c>tollkeeper migrate</c>: brings the database's schema up to this release, or only looks.</summary>
public static class MigrateCommand
{
    sealed record Answer(int Schema, int Applied);

    public static Command Create()
    {
        var check = new Option<bool>("--check") { Description = "Change nothing; refuse an older schema." };
        var json = new Option<bool>("--json") { Description = "Answer as JSON." };
        var command = new Command("migrate", "Bring the database's schema up to this release.") { check, json };
        command.SetAction((parsed, ct) => Migrate(parsed.GetValue(check), parsed.GetValue(json), ct));
        return command;
    }

    static async Task<int> Migrate(bool check, bool json, CancellationToken ct)
    {
        var settings = Settings.FromEnvironment();
        await using var database = Database.Open(settings.Database, settings.DataFolder);
        var mode = check ? MigrateMode.Check : MigrateMode.Auto;
        var schema = await new Migrator(database, Services.Clock).Run(mode, ct);
        if (schema.Refused is { } refused) return Say.Refused(refused);
        if (!check) await new SeedTaxes(database, Services.Clock).Run(ct);
        if (json) return Say.AsJson(new Answer(schema.Value.Number, schema.Value.Applied));
        Console.Out.WriteLine($"Schema {schema.Value.Number}; {schema.Value.Applied} migrations applied now.");
        return ExitStatus.Done;
    }
}
