using System.CommandLine;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tollkeeper.Engine.Demo;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Host.Notifications;
using Tollkeeper.Host.Payments;

namespace Tollkeeper.Host.Commands;

/// <summary><c>tollkeeper serve</c>: everything, until Ctrl-C, which ends it within two seconds.</summary>
public static class ServeCommand
{
    public static Command Create()
    {
        var demo = new Option<bool>("--demo")
        {
            Description = "First create the demonstration where SQLite's data folder is empty.",
        };
        var serve = new Command("serve", "Serves the API until it is told to stop.") { demo };
        serve.SetAction((parsed, ct) => Serve(Settings.FromEnvironment(), parsed.GetValue(demo), ct));
        return serve;
    }

    static async Task<int> Serve(Settings settings, bool demo, CancellationToken ct)
    {
        using var logs = LoggerFactory.Create(log =>
            log.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning));
        if (demo && await CreateDemonstration(settings, logs, ct) is { } notCreated) return Say.Refused(notCreated);
        var opened = await Installation.Open(settings, Services.Clock, logs, serving: true, ct);
        if (opened.Refused is { } refused) return Say.Refused(refused);
        await using var installation = opened.Value;
        await using var app = Server.Build(installation, settings.Urls);
        await app.StartAsync(ct);
        var file = DemoFile.Read(settings.DataFolder);
        await using var sandbox = await SandboxBeside.Start(installation, file is not null, app.Urls.First(), ct);
        // Reading decks leaves several times their size behind; given back at once, it is not missed later.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (file is not null) DemoCreateCommand.Show(file, settings);
        await Console.Out.WriteLineAsync(settings.Smtp is { } server
            ? $"Mails go to {server}."
            : $"Mails are not sent: they are files in {new FolderCourier(settings).Folder}, and readable in the "
                + "office. TOLLKEEPER_SMTP names a mail server.");
        if (sandbox is not null)
            await Console.Out.WriteLineAsync($"The sandbox gateway, which moves no money, is at {sandbox.Origin}");
        foreach (var url in app.Urls) await Console.Out.WriteLineAsync($"Tollkeeper serves at {url}");
        await app.WaitForShutdownAsync(ct);
        return ExitStatus.Done;
    }

    /// <summary>
    /// Only on the embedded database and only where nothing is yet: an operator's own data are never mixed with it.
    /// </summary>
    static async Task<Refused?> CreateDemonstration(Settings settings, ILoggerFactory logs, CancellationToken ct)
    {
        if (settings.Database is not null) return null;
        var opened = await Installation.OpenDatabase(settings, Services.Clock, ct);
        if (opened.Refused is { } refused) return refused;
        await using var database = opened.Value;
        await using (var connection = await database.Connect(ct))
        {
            if ((await ProviderStore.All(connection)).Count > 0) return null;
        }
        var created = await DemoCreateCommand.Fill(
            database, settings, logs.CreateLogger<Bookkeeper>(), ct);
        return created.Refused;
    }
}
