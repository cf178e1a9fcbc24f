using System.CommandLine;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Host.Commands;

/// <summary><c>tollkeeper backup FILE</c> and <c>tollkeeper restore FILE</c>, on both databases.</summary>
public static class BackupCommands
{
    public static Command Backup()
    {
        var file = new Argument<FileInfo>("file") { Description = "Where the backup is written." };
        var command = new Command("backup", "Write everything to a file, while serving.") { file };
        command.SetAction((parsed, cancel) => Save(parsed.GetRequiredValue(file), cancel));
        return command;
    }

    public static Command Restore()
    {
        var file = new Argument<FileInfo>("file") { Description = "A file that backup wrote." };
        var json = new Option<bool>("--json") { Description = "Print the audit as JSON." };
        var command = new Command("restore", "Fill an empty database from a backup, then audit it.") { file, json };
        command.SetAction((parsed, cancel) => Load(parsed.GetRequiredValue(file), parsed.GetValue(json), cancel));
        return command;
    }

    static async Task<int> Save(FileInfo file, CancellationToken cancel)
    {
        await using var opened = await OpenBooks.Existing(cancel);
        if (opened.Refused is { } refused) return Say.Refused(refused);
        var made = await new BackupDatabase(opened.Database, Services.Clock).Run(file.FullName, cancel);
        if (made.Refused is { } not) return Say.Refused(not);
        Console.Out.WriteLine($"{file.FullName}: {made.Value.Bytes} bytes, schema {made.Value.Schema}");
        return ExitStatus.Done;
    }

    static async Task<int> Load(FileInfo file, bool json, CancellationToken cancel)
    {
        await using var opened = OpenBooks.Any();
        var restored = await new RestoreDatabase(opened.Database, Services.Clock).Run(file.FullName, cancel);
        if (restored.Refused is { } refused) return Say.Refused(refused);
        var audit = new AuditBooks(opened.Database, await DayZones.Of(opened.Database, cancel));
        return AuditCommand.Tell(await audit.Run(ct: cancel), json);
    }
}
