using System.Text;
using System.Text.Encodings.Web;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace Tollkeeper.Host.Shell;

/// <summary>On an endpoint that makes no page, but a file or a stream.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NotAPageAttribute : Attribute
{
    /// <summary>It takes as long as its reader does: nobody asks whether it is there without wanting it.</summary>
    public bool Lasts { get; init; }
}

/// <summary>
/// So many pages are made at once, and so many wait for some seconds; who comes to a full house is told at once to come
/// again. However many people look, calls keep the memory and the threads that they need.
/// </summary>
/// <param name="atOnce">A page is a millisecond or two of a processor, and a connection or none.</param>
public sealed class PageRoom(int atOnce = 32, int waiting = 400) : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Written once for each language, for who looks and for who sent something: where there are too many to make pages
    /// for, this may cost next to nothing.
    /// </summary>
    static readonly Dictionary<(Language, bool), byte[]> Full = Languages.All
        .SelectMany(language => new[] { (language, true), (language, false) })
        .ToDictionary(each => each, each => Write(each.language, each.Item2));

    readonly ConcurrencyLimiter room = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = atOnce,
        QueueLimit = waiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Whoever asks whether a page is there is answered like its reader; the server sends no body.</summary>
    public static Task LookAsGet(HttpContext http, RequestDelegate next)
    {
        if (!HttpMethods.IsHead(http.Request.Method)) return next(http);
        http.Items[typeof(PageRoom)] = true;
        http.Request.Method = HttpMethods.Get;
        return next(http);
    }

    public async Task Run(HttpContext http, RequestDelegate next)
    {
        var isHead = http.Items.ContainsKey(typeof(PageRoom));
        if (http.GetEndpoint()?.Metadata.GetMetadata<NotAPageAttribute>() is { } file)
        {
            if (file.Lasts && isHead) http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            else await next(http);
        }
        else if (!VisitStart.IsPage(http.Request.Path))
        {
            await next(http);
        }
        else if (isHead && Unseen.Is(http.Request))
        {
            // A page that waits to be shown again asks whether there is room, and makes none for that.
            using var place = room.AttemptAcquire();
            http.Response.StatusCode = place.IsAcquired
                ? StatusCodes.Status204NoContent
                : StatusCodes.Status503ServiceUnavailable;
        }
        else
        {
            // However slowly a form comes, it keeps no place meanwhile.
            if (http.Request.HasFormContentType) await Take(http);
            using var place = await Enter(http);
            if (place is { IsAcquired: true }) await next(http);
            else await Turn(http);
        }
    }

    public void Dispose() => room.Dispose();

    static async Task Take(HttpContext http)
    {
        try
        {
            await http.Request.ReadFormAsync(http.RequestAborted);
        }
        catch (InvalidDataException)
        {
            // Whoever looks for its token meets the same, and says so.
        }
    }

    async Task<RateLimitLease?> Enter(HttpContext http)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        wait.CancelAfter(Patience);
        try
        {
            return await room.AcquireAsync(cancellationToken: wait.Token);
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            return null;
        }
    }

    static async Task Turn(HttpContext http)
    {
        http.Response.StatusCode = Refusals.Of(Refusal.Busy).Status;
        http.Response.Headers.RetryAfter = "5";
        http.Response.ContentType = "text/html; charset=utf-8";
        var page = Full[(Visit.Of(http).Language, HttpMethods.IsGet(http.Request.Method))];
        await http.Response.Body.WriteAsync(page, http.RequestAborted);
    }

    static byte[] Write(Language language, bool comesBack)
    {
        var (texts, facts) = (Texts.Of(language), Refusals.Of(Refusal.Busy));
        var (title, sentence) = (Encoded(texts["error.away"]), Encoded(facts.In(language.Tag())));
        var refresh = comesBack ? "<noscript><meta http-equiv=\"refresh\" content=\"10\"></noscript>" : "";
        return Encoding.UTF8.GetBytes(
            $"""
            <!DOCTYPE html>
            <html lang="{language.Tag()}">
            <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                {refresh}
                <link rel="stylesheet" href="{WebFiles.Url("app.css")}">
                <script type="module" src="{WebFiles.Url("page.js")}"></script>
                <title>{title}</title>
            </head>
            <body{(comesBack ? " data-comes-back=\"5\"" : "")}>
                <main class="container-tight error-page">
                    <h1>{title}</h1>
                    <p class="lead">{sentence}</p>
                    <p><a class="btn btn-primary" href="/">{Encoded(texts["error.start"])}</a></p>
                    <p class="error-name"><code>{facts.Name}</code></p>
                </main>
            </body>
            </html>
            """);

        static string Encoded(string text) => HtmlEncoder.Default.Encode(text);
    }
}
