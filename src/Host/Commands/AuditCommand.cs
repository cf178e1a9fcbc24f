using System.CommandLine;
using System.Globalization;
using Tollkeeper.Engine.Ledger;

namespace Tollkeeper.Host.Commands;

/// <summary><c>tollkeeper audit</c>: everything in the books that must add up, computed again.</summary>
public static class AuditCommand
{
    sealed record Finding(string Check, long Wallet, long Place, string Sentence);

    sealed record Answer(
        bool Clean, long Findings, long Wallets, long Entries, long Postings, long Calls, long Holds, long Milliseconds,
        IReadOnlyList<Finding> Found);

    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print counts and findings as JSON." };
        var file = new Option<FileInfo?>("--anchor")
        {
            Description = "Compare with this anchor, and write the next one when nothing was found.",
        };
        var command = new Command("audit", "Compute everything in the books again.") { json, file };
        command.SetAction((parsed, cancel) =>
            Run(parsed.GetValue(file)?.FullName, parsed.GetValue(json), cancel));
        return command;
    }

    static async Task<int> Run(string? anchorFile, bool json, CancellationToken cancel)
    {
        await using var opened = await OpenBooks.Existing(cancel);
        if (opened.Refused is { } refused) return Say.Refused(refused);
        var anchor = anchorFile is null ? AuditAnchor.None : AuditAnchor.Read(anchorFile);
        if (anchor.Refused is { } unreadable) return Say.Refused(unreadable);
        var audit = new AuditBooks(opened.Database, await DayZones.Of(opened.Database, cancel));
        var report = await audit.Run(anchor.Value, ct: cancel);
        var status = Tell(report, json);
        // A book that is not in order keeps its anchor: the older one shows what was changed.
        if (report.Clean && anchorFile is not null) report.Anchor.Write(anchorFile);
        return status;
    }

    /// <summary>Counts on standard output; what was found, each in a sentence, on standard error.</summary>
    public static int Tell(AuditReport report, bool json)
    {
        var counts = report.Counts;
        var took = (long)report.Took.TotalMilliseconds;
        foreach (var finding in report.Findings) Console.Error.WriteLine(finding);
        if (report.FindingCount > report.Findings.Count)
            Console.Error.WriteLine($"and {report.FindingCount - report.Findings.Count} more findings");
        if (json)
        {
            Say.AsJson(new Answer(
                report.Clean, report.FindingCount, counts.Wallets, counts.Entries, counts.Postings, counts.Calls,
                counts.Holds, took,
                [.. report.Findings.Select(each => new Finding(each.Name, each.WalletNo, each.Place, each.Sentence))]));
        }
        else
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{counts.Entries} entries, {counts.Postings} postings, {counts.Calls} calls, {counts.Holds} holds of "
                + $"{counts.Wallets} wallets in {took} ms: "
                + $"{(report.Clean ? "clean" : $"{report.FindingCount} findings")}"));
        }
        return report.Clean ? ExitStatus.Done : Say.Refused(Refusal.BooksDamaged);
    }
}
