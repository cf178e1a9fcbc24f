using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Tollkeeper.Engine.Demo;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Host.Commands;

/// <summary><c>tollkeeper serve</c>: everything, until Ctrl-C, which ends it within two seconds.</summary>
public static class ServeCommand
{
    public static Command Create()
    {
        var serve = new Command("serve", "Serves the API until it is told to stop.");
        serve.SetAction((_, ct) => Serve(Settings.FromEnvironment(), ct));
        return serve;
    }

    static async Task<int> Serve(Settings settings, CancellationToken ct)
    {
        using var logs = LoggerFactory.Create(
            log => log.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning));
        if (await CreateDemoAtFirst(settings, logs, ct) is { } noDemo) return Say.Refused(noDemo);
        var opened = await Installation.Open(settings, Services.Clock, logs, serving: true, ct);
        if (opened.Refused is { } refused) return Say.Refused(refused);
        await using var installation = opened.Value;
        await using var app = Server.Build(installation, settings.Urls);
        await app.StartAsync(ct);
        if (DemoFile.Read(settings.DataFolder) is { } demo) DemoCreateCommand.Show(demo, settings);
        foreach (var url in app.Urls) await Console.Out.WriteLineAsync($"Tollkeeper serves at {url}");
        await app.WaitForShutdownAsync(ct);
        return ExitStatus.Done;
    }

    /// <summary>
    /// On an empty data folder, and only where no other database is named, the demonstration is made.
    /// </summary>
    static async Task<Refused?> CreateDemoAtFirst(Settings settings, ILoggerFactory logs, CancellationToken ct)
    {
        if (settings.Database is not null) return null;
        await using var database = Database.Open(null, settings.DataFolder);
        if (File.Exists(database.SqlitePath)) return null;
        var schema = await new Migrator(database, Services.Clock).Run(MigrateMode.Auto, ct);
        if (schema.Refused is { } refused) return refused;
        var demo = await DemoCreateCommand.Fill(database, settings, logs.CreateLogger<Bookkeeper>(), ct);
        return demo.Refused;
    }
}
