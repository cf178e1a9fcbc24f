using System.Text;
using System.Text.Encodings.Web;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Tollkeeper.Host.Portal;

namespace Tollkeeper.Host.Shell;

/// <summary>
/// So many pages are made at once, and so many wait; who comes to a full house is told at once to come again. However
/// many people look, calls keep the memory and the threads that they need.
/// </summary>
/// <param name="atOnce">A page is a millisecond or two of a processor, and a connection or none.</param>
public sealed class PageRoom(int atOnce = 32, int waiting = 400) : IDisposable
{
    readonly ConcurrencyLimiter room = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = atOnce,
        QueueLimit = waiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    public async Task Run(HttpContext http, RequestDelegate next)
    {
        if (!IsMade(http.Request.Path))
        {
            await next(http);
            return;
        }
        using var place = await room.AcquireAsync(cancellationToken: http.RequestAborted);
        if (place.IsAcquired) await next(http);
        else if (HttpMethods.IsGet(http.Request.Method)) await Turn(http);
        else await ErrorPages.Page(http, Refusal.Busy);
    }

    /// <summary>
    /// Written once for each language: where there are too many to make pages for, this may cost next to nothing.
    /// </summary>
    static readonly Dictionary<Language, byte[]> Full = Languages.All.ToDictionary(language => language, Write);

    static async Task Turn(HttpContext http)
    {
        var visit = Visit.Of(http);
        http.Response.StatusCode = Refusals.Of(Refusal.Busy).Status;
        http.Response.Headers.RetryAfter = "5";
        http.Response.ContentType = "text/html; charset=utf-8";
        await http.Response.Body.WriteAsync(Full[visit.Language], http.RequestAborted);
    }

    static byte[] Write(Language language)
    {
        var (texts, facts) = (Texts.Of(language), Refusals.Of(Refusal.Busy));
        var (title, sentence) = (Encoded(texts["error.away"]), Encoded(facts.In(language.Tag())));
        return Encoding.UTF8.GetBytes(
            $"""
            <!DOCTYPE html>
            <html lang="{language.Tag()}">
            <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <link rel="stylesheet" href="{WebFiles.Url("app.css")}">
                <script type="module" src="{WebFiles.Url("page.js")}"></script>
                <title>{title}</title>
            </head>
            <body data-comes-back="5">
                <main class="container-tight error-page">
                    <h1>{title}</h1>
                    <p class="lead">{sentence}</p>
                    <p class="error-name"><code>{facts.Name}</code></p>
                </main>
            </body>
            </html>
            """);

        static string Encoded(string text) => HtmlEncoder.Default.Encode(text);
    }

    public void Dispose() => room.Dispose();

    /// <summary>Files and streams last as long as their readers do, and have limits of their own.</summary>
    static bool IsMade(PathString path) =>
        VisitStart.IsPage(path) && !VisitStart.IsAsset(path) && path != LiveApi.Path
        && !path.Value!.EndsWith(".csv", StringComparison.Ordinal);
}
