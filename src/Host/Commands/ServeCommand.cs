using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using NodaTime;

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
        using var logs = LoggerFactory.Create(log => log.AddSimpleConsole(c => c.SingleLine = true).SetMinimumLevel(LogLevel.Warning));
        var opened = await Installation.Open(settings, SystemClock.Instance, logs, serving: true, ct);
        if (opened.Refused is { } refused) return Say.Refused(refused);
        await using var installation = opened.Value;
        await using var app = Server.Build(installation, settings.Urls);
        await app.StartAsync(ct);
        foreach (var url in app.Urls) await Console.Out.WriteLineAsync($"Tollkeeper serves at {url}");
        await app.WaitForShutdownAsync(ct);
        return ExitStatus.Done;
    }
}
