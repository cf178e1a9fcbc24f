using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Tollkeeper.Host.Sandbox;

/// <param name="DataFolder">Where <c>sandbox.db</c> is kept.</param>
/// <param name="Url">Where to listen; where that is taken, a free port of 127.0.0.1 is.</param>
/// <param name="Time">Of the tries to post; the clock is of what happens.</param>
public sealed record SandboxSettings(string DataFolder, string Url, IClock Clock, TimeProvider Time);

/// <summary>Who takes money at the sandbox: a provider, with its keys and where it wants to be told.</summary>
/// <param name="WebhookHost">Sent as the Host header, since providers are told apart by it; null: the URL's.</param>
public sealed record SandboxMerchant(
    string Name, string SecretKey, string SigningSecret, Uri WebhookUrl, string? WebhookHost)
{
    /// <summary>Never its secrets.</summary>
    public override string ToString() => Name;
}

/// <summary>
/// A gateway of our own that moves no money: it speaks Stripe's API, shows pages on an origin of its own, and posts
/// what happened with real signatures. So the whole life of a payment can be clicked through, by the very code that
/// will meet a real gateway.
/// </summary>
public sealed class SandboxServer : IAsyncDisposable
{
    readonly WebApplication app;
    readonly SandboxStore store;
    readonly SandboxFaults faults;

    SandboxServer(WebApplication app, SandboxStore store, SandboxFaults faults)
    {
        this.app = app;
        this.store = store;
        this.faults = faults;
        Origin = new Uri(app.Urls.First());
        store.Origin = Origin;
    }

    /// <summary>Where its API and its pages are.</summary>
    public Uri Origin { get; }

    public SandboxFaults Faults => faults;

    public static async Task<SandboxServer> Start(SandboxSettings settings, CancellationToken ct = default)
    {
        var store = SandboxStore.Open(settings.DataFolder, settings.Clock);
        var faults = new SandboxFaults(settings.Time);
        var app = Build(store, faults, settings, settings.Url);
        try
        {
            await app.StartAsync(ct);
        }
        catch (IOException)
        {
            // Another program listens there.
            await app.DisposeAsync();
            app = Build(store, faults, settings, "http://127.0.0.1:0");
            await app.StartAsync(ct);
        }
        return new SandboxServer(app, store, faults);
    }

    /// <summary>Lets a provider take money here; again, with what has changed.</summary>
    public Task Enroll(SandboxMerchant merchant) => store.Enroll(merchant);

    /// <summary>Whether all that happened has been told.</summary>
    public Task<bool> IsQuiet() => store.IsQuiet();

    /// <summary>What a merchant has here, in the currency's smallest unit.</summary>
    public Task<long> Balance(string merchant, string currency) => store.Balance(merchant, currency);

    /// <summary>Does what is due by the clock, now.</summary>
    public Task RunDue() => SandboxDue.Run(store);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        store.Dispose();
    }

    static WebApplication Build(SandboxStore store, SandboxFaults faults, SandboxSettings settings, string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(url);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024;
        });
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddRazorComponents();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.Services.AddHostedService(_ => new SandboxPosts(store, settings.Time));
        builder.Services.AddHostedService(_ => new SandboxDue(store, settings.Time));
        var app = builder.Build();
        app.Use(SandboxPages.AddHeaders);
        app.Use(faults.Befall);
        app.UseRouting();
        new SandboxApi(store).Map(app);
        new SandboxPages(store).Map(app);
        return app;
    }
}
