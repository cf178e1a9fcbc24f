using System.IO.Compression;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Tollkeeper.Host.Api;
using Tollkeeper.Host.Jobs;
using Tollkeeper.Host.Notifications;
using Tollkeeper.Host.Office;
using Tollkeeper.Host.Payments;
using Tollkeeper.Host.Portal;
using Tollkeeper.Host.Shell;
using Tollkeeper.Host.SignIn;

namespace Tollkeeper.Host;

/// <summary>The web server over one installation: API, portal, office, health, OpenAPI, regular tasks.</summary>
public static class Server
{
    /// <summary>Built and mapped, not yet started. The installation stays the caller's to dispose of.</summary>
    /// <param name="ticking">Whether jobs run at their times here.</param>
    public static WebApplication Build(Installation installation, string urls, bool ticking = true)
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
        // Whoever reads the log slowly, or not at all, loses lines of it and keeps no call waiting.
        builder.Services.Configure<ConsoleLoggerOptions>(
            console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        // Expected: pages with forms are not to be cached, a form that is too old is refused with a page, and what
        // fails is logged once, with its reference.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", LogLevel.None);
        builder.Services.AddSingleton(installation);
        builder.Services.AddHostedService<RegularTasks>();
        builder.Services.AddHostedService<PaymentTasks>();
        if (ticking) Ticking.Add(builder.Services, installation);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1.5));
        builder.Services.ConfigureHttpJsonOptions(
            json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
        builder.Services.AddOpenApi("v1");
        builder.AddTelemetry();
        AddPages(builder.Services);
        SignInSetup.Add(builder, installation);
        NotificationsSetup.Add(builder.Services, installation);
        var app = builder.Build();
        SignInSetup.UseProxies(app, installation);
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = ErrorPages.Broken,
            // A page that broke off half-way leaves its renderer in that state.
            CreateScopeForErrors = true,
        });
        app.Use(SecurityHeaders.Add);
        app.UseResponseCompression();
        app.Use(PageRoom.LookAsGet);
        app.UseRouting();
        app.Use(new VisitStart(installation).Run);
        app.Use(app.Services.GetRequiredService<PageRoom>().Run);
        SignInSetup.Use(app);
        app.UseAuthentication();
        app.Use(Permission.RefuseActing);
        app.UseAuthorization();
        app.UseAntiforgery();
        app.Use(ErrorPages.RefuseForeignForms);
        MapApi(app, installation);
        MapPages(app, installation);
        return app;
    }

    static void AddPages(IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddScoped(scope => Visit.Of(scope.GetRequiredService<IHttpContextAccessor>().HttpContext!));
        services.AddSingleton(_ => new PageRoom());
        services.AddScoped<OwnAccount>();
        services.AddScoped<PaymentRequests>();
        services.AddScoped<NotificationForms>();
        services.AddRazorComponents();
        services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            compression.MimeTypes = ["text/html"];
            compression.Providers.Add<BrotliCompressionProvider>();
            compression.Providers.Add<GzipCompressionProvider>();
        });
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "form";
            antiforgery.FormFieldName = "form_token";
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
        services.AddAuthorization(Permission.Set);
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, PermissionAnswers>();
    }

    /// <summary>For programs; each asks for its key itself.</summary>
    static void MapApi(WebApplication app, Installation installation)
    {
        var api = app.MapGroup("").AllowAnonymous().DisableAntiforgery();
        api.MapOpenApi("/openapi/{documentName}.json");
        new HealthApi(installation).Map(api);
        new CallsApi(installation).Map(api);
        new ImportApi(installation).Map(api);
        new AccountsApi(installation).Map(api);
        new OperatorApi(installation).Map(api);
        new TaxApi(installation).Map(api);
        new GatewayEventsApi(installation).Map(api);
    }

    /// <summary>For people.</summary>
    static void MapPages(WebApplication app, Installation installation)
    {
        new StartPage(installation).Map(app);
        new BrandFiles(installation).Map(app);
        new Choices(installation).Map(app);
        new CallsCsv(installation).Map(app);
        new MailFiles(installation).Map(app);
        new CertificateFiles(installation).Map(app);
        new DeckUpload(installation).Map(app);
        new DraftChangesCsv(installation).Map(app);
        new AuditCsv(installation).Map(app);
        new ActingEnd(installation).Map(app);
        new LiveApi(installation, app.Lifetime).Map(app);
        SignInSetup.Map(app);
        WebFiles.Map(app);
        app.MapRazorComponents<App>();
        app.MapFallback("{*path}", http => ErrorPages.Answer(http, Refusal.PageNotFound)).AllowAnonymous();
    }
}
