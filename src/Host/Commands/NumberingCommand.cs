using System.CommandLine;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Host.Commands;

/// <summary>
/// <c>tollkeeper numbering import</c>: replaces the table of North American states, whole or not at all.
/// </summary>
public static class NumberingCommand
{
    sealed record Answer(int Prefixes);

    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "Numbering table, CSV: prefix,state,country." };
        var json = new Option<bool>("--json") { Description = "Answer as JSON." };
        var import = new Command("import", "Replace the numbering table, all or nothing.") { file, json };
        import.SetAction((parsed, ct) => OnDatabase.Run(
            (database, _) => Import(database, parsed.GetRequiredValue(file), parsed.GetValue(json), ct), ct));
        return new Command("numbering", "Which state and country a North American number belongs to.") { import };
    }

    static async Task<int> Import(Database database, FileInfo file, bool json, CancellationToken ct)
    {
        var sha256 = await OnDatabase.Sha256Of(file, ct);
        if (sha256.Refused is { } unreadable) return Say.Refused(unreadable);
        await using var stream = file.OpenRead();
        var (entries, bad) = await Progress.ShowAsync(
            $"Reading {file.Name}", file.Length, onBytes => Task.Run(() => NumberingFile.Read(stream, onBytes), ct));
        if (bad.Any) return Say.BadLines(bad);
        var imported = await Progress.ShowAsync(
            "Writing prefixes", entries.Count,
            onRows => new ImportNumbering(database, Services.Clock)
                .Run(entries, sha256.Value, OnDatabase.Who, rows => onRows(rows), ct));
        if (imported.Refused is { } refused) return Say.Refused(refused);
        if (json) return Say.AsJson(new Answer(imported.Value));
        Console.Out.WriteLine($"The numbering table has {imported.Value} prefixes now.");
        return ExitStatus.Done;
    }
}
