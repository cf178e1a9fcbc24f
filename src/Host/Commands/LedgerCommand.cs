using System.CommandLine;
using Tollkeeper.Engine.Ledger;

namespace Tollkeeper.Host.Commands;

/// <summary><c>tollkeeper ledger …</c>: the books for other programs.</summary>
public static class LedgerCommand
{
    public static Command Create() => new("ledger", "The books, for other programs.") { Export() };

    static Command Export()
    {
        var format = new Option<ExportFormat>("--format")
        {
            Description = "hledger (which ledger reads too) or csv.",
            DefaultValueFactory = _ => ExportFormat.Hledger,
        };
        var output = new Option<FileInfo?>("--out") { Description = "Written here; standard output otherwise." };
        var command = new Command("export", "Write down the whole books.") { format, output };
        command.SetAction((parsed, cancel) =>
            Run(parsed.GetValue(format), parsed.GetValue(output)?.FullName, cancel));
        return command;
    }

    static async Task<int> Run(ExportFormat format, string? path, CancellationToken cancel)
    {
        await using var opened = await OpenBooks.Existing(cancel);
        if (opened.Refused is { } refused) return Say.Refused(refused);
        var export = new ExportLedger(opened.Database);
        if (path is null)
        {
            await using var output = Console.OpenStandardOutput();
            await export.Write(output, format, cancel);
            return ExitStatus.Done;
        }
        var part = path + ".part";
        try
        {
            ExportCounts counts;
            await using (var file = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
                counts = await export.Write(file, format, cancel);
            File.Move(part, path, overwrite: true);
            Console.Error.WriteLine(
                $"{counts.Entries} entries, {counts.Postings} postings of {counts.Wallets} wallets");
            return ExitStatus.Done;
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            return Say.Refused(new Refused(Refusal.FileUnreadable, broken.Message));
        }
        finally
        {
            if (File.Exists(part)) File.Delete(part);
        }
    }
}
