using System.CommandLine;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tollkeeper.Engine.Demo;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Rating;

namespace Tollkeeper.Host.Commands;

/// <summary>
/// <c>tollkeeper demo create</c>: fills an empty database with the demonstration and writes demo.json.
/// </summary>
public static class DemoCreateCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print the sign-ins and keys as JSON." };
        var command = new Command("create", "Fill an empty database with three providers and their history.") { json };
        command.SetAction((parsed, ct) => OnDatabase.Run(
            async (database, settings) =>
            {
                var demo = await Fill(database, settings, NullLogger<Bookkeeper>.Instance, ct);
                if (demo.Refused is { } refused) return Say.Refused(refused);
                if (parsed.GetValue(json)) return Say.AsJson(demo.Value);
                Show(demo.Value, settings);
                return ExitStatus.Done;
            },
            ct));
        return command;
    }

    /// <summary>Makes the demonstration in an empty database, and demo.json in the data folder.</summary>
    public static async Task<Result<DemoFile>> Fill(
        Database database, Settings settings, ILogger<Bookkeeper> log, CancellationToken ct)
    {
        var sample = new FileInfo(Path.Combine(AppContext.BaseDirectory, "samples", "deck-usd.csv"));
        var sha256 = await OnDatabase.Sha256Of(sample, ct);
        if (sha256.Refused is { } unreadable) return unreadable;
        var reading = DeckFile.Read(sample.FullName, new DeckCsvOptions());
        if (reading.Refused is { } refused) return refused;
        if (reading.Value.Refused is { } bad) return bad;
        var rates = reading.Value.Rates;
        var url = settings.Urls.Split(';')[0];
        var demo = await Progress.ShowAsync(
            "Creating the demonstration", (long)rates.Count * DemoPlan.Providers.Count,
            onRows => new CreateDemo(database, Services.Clock, log).Run(rates, sha256.Value, url, onRows, ct));
        if (demo.Accepted) demo.Value.Write(settings.DataFolder);
        return demo;
    }

    /// <summary>The sign-ins and keys, as a person wants to read them.</summary>
    public static void Show(DemoFile demo, Settings settings)
    {
        var port = BindingAddress.Parse(demo.Url).Port;
        Console.Out.WriteLine($"The demonstration; all of it is in {DemoFile.PathIn(settings.DataFolder)}.");
        Console.Out.WriteLine($"  operator key  {demo.OperatorKey}");
        foreach (var provider in demo.Providers)
        {
            Console.Out.WriteLine($"{provider.Name}  http://{provider.Host}:{port}/");
            Console.Out.WriteLine($"  switch key    {provider.SwitchKey}");
            Console.Out.WriteLine($"  staff         {provider.Staff.Email}  {provider.Staff.Password}");
            if (provider.Colleague is { } colleague)
                Console.Out.WriteLine($"  finance       {colleague.Email}  {colleague.Password}");
            foreach (var account in provider.Accounts)
                Console.Out.WriteLine($"  {account.Type,-12}  {account.Email}  {account.Password}  {account.Id}");
        }
    }
}
