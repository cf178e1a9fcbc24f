using System.CommandLine;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Providers;
using Tollkeeper.Rating;

namespace Tollkeeper.Host.Commands;

/// <summary><c>tollkeeper rate</c>: a file of calls against a deck, streaming, on all cores.</summary>
public static class RateCommand
{
    /// <summary>How the file came out; the charge with 6 decimals, in the deck's currency.</summary>
    sealed record Answer(long Lines, long Rated, long Refused, long BilledSeconds, string Charge);

    public static Command Create()
    {
        var deck = new DeckOptions();
        var calls = new Option<FileInfo>("--calls")
        {
            Description = "Calls, CSV: call,account,direction,from,to,answered_at,seconds.",
            Required = true,
        };
        var output = new Option<FileInfo>("--out") { Description = "The rated calls, written here.", Required = true };
        var numbering = new Option<FileInfo?>("--numbering")
        {
            Description = "Numbering table, CSV: prefix,state,country; for decks with prices by state.",
        };
        var json = new Option<bool>("--json") { Description = "Print the totals as JSON." };
        var command = new Command("rate", "Rate a file of calls against a deck.") { calls, output, numbering, json };
        deck.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            if (await deck.ReadAsync(parsed) is not { } read) return ExitStatus.Refused;
            if (TableOf(parsed.GetValue(numbering)) is not { } table) return ExitStatus.Refused;
            var rules = PolicyPresets.All["retail-usd"].Dialling;
            var rating = new RateFile(read, table, rules, Environment.ProcessorCount);
            var (input, rated) = (parsed.GetRequiredValue(calls), parsed.GetRequiredValue(output));
            return await RunAsync(rating, input, rated, parsed.GetValue(json));
        });
        return command;
    }

    static NumberingTable? TableOf(FileInfo? file)
    {
        if (file is null) return NumberingTable.Empty;
        if (!file.Exists)
        {
            Say.Refused(new Refused(Refusal.FileUnreadable, file.FullName));
            return null;
        }
        using var stream = file.OpenRead();
        var (entries, bad) = NumberingFile.Read(stream);
        if (!bad.Any) return NumberingTable.Build(entries);
        Say.BadLines(bad);
        return null;
    }

    /// <summary>Writes beside the target and renames at the end: a file of that name is always whole.</summary>
    static async Task<int> RunAsync(RateFile rating, FileInfo calls, FileInfo output, bool json)
    {
        var part = output.FullName + ".part";
        Result<RateFileTotals> totals;
        try
        {
            await using var input = calls.OpenRead();
            await using var rated = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None);
            totals = await Progress.ShowAsync(
                $"Rating {calls.Name}", input.Length,
                onBytes => Task.Run(() => rating.RunAsync(input, rated, onBytes)));
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            totals = new Refused(Refusal.FileUnreadable, broken.Message);
        }
        if (!totals.Accepted)
        {
            File.Delete(part);
            return Say.Refused(totals.Refused!);
        }
        File.Move(part, output.FullName, overwrite: true);
        var sums = totals.Value;
        var charge = FixedPoint.Write(sums.ChargeMicros, 6);
        if (json) return Say.AsJson(new Answer(sums.Lines, sums.Rated, sums.Refused, sums.BilledSeconds, charge));
        Console.Out.WriteLine(
            $"{sums.Lines} calls: {sums.Rated} rated, {sums.Refused} refused; {charge} for {sums.BilledSeconds} s");
        return ExitStatus.Done;
    }
}
