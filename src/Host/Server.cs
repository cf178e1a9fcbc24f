using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tollkeeper.Host.Api;
using Tollkeeper.Host.Jobs;

namespace Tollkeeper.Host;

/// <summary>The web server over one installation: API, health, OpenAPI, regular tasks.</summary>
public static class Server
{
    /// <summary>Built and mapped, not yet started. The installation stays the caller's to dispose of.</summary>
    public static WebApplication Build(Installation installation, string urls)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(urls.Split(';', ','));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Door.MaxBodyBytes * 2;
        });
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(installation);
        builder.Services.AddHostedService<RegularTasks>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1.5));
        builder.Services.ConfigureHttpJsonOptions(
            json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
        builder.Services.AddOpenApi("v1");
        builder.AddTelemetry();
        var app = builder.Build();
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = Broken });
        app.MapOpenApi("/openapi/{documentName}.json");
        new HealthApi(installation).Map(app);
        new CallsApi(installation).Map(app);
        new ImportApi(installation).Map(app);
        new AccountsApi(installation).Map(app);
        new OperatorApi(installation).Map(app);
        new FrontDoor(installation).Map(app);
        return app;
    }

    /// <summary>
    /// Nothing was promised: a broken world may be asked again, a bug leaves a reference for whoever looks for it.
    /// </summary>
    static Task Broken(HttpContext http)
    {
        var exception = http.Features.Get<IExceptionHandlerFeature>()?.Error;
        if (exception is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge })
            return Door.Refuse(http, Refusal.TooLarge);
        if (exception is BadHttpRequestException) return Door.Refuse(http, Refusal.MalformedJson);
        var reference = Guid.NewGuid().ToString("n")[..12];
        var log = http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Server));
        if (exception is not null) HostLog.RequestFailed(log, exception, reference);
        var away = exception is System.Data.Common.DbException or TimeoutException or IOException;
        return Door.Refuse(http, new Refused(away ? Refusal.DatabaseAway : Refusal.Busy, "reference " + reference));
    }
}
