using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Host.Shell;

namespace Tollkeeper.Host.Portal;

/// <summary>
/// R52: an open page's figures move within a second of a charge. One stream of events for each browser; it ends with
/// the session, with the server, and when the database has not answered for seconds, so that no page says "live" that
/// is not. Its messages are what Web/scripts/live.js reads.
/// </summary>
sealed class LiveApi(Installation installation, IHostApplicationLifetime lifetime)
{
    public const string Path = "/live";

    /// <summary>Well within the silence after which a page no longer calls itself live.</summary>
    static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    readonly LiveStreams streams = new();

    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(Path, Run).RequireAuthorization(Permission.Customer)
            .WithMetadata(new NotAPageAttribute { Lasts = true }).ExcludeFromDescription();

    async Task Run(HttpContext http)
    {
        var visit = http.RequestServices.GetRequiredService<Visit>();
        var person = visit.Person!;
        if (!streams.TryEnter(person.SessionId))
        {
            await ErrorPages.Page(http, Refusal.Busy);
            return;
        }
        try
        {
            using var session = await installation.Rules.Sessions.Watch(
                person.SessionId, person.AccountNo, http.RequestAborted);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(
                http.RequestAborted, session.Ended, lifetime.ApplicationStopping);
            if (person.ActingAs is { } acting)
                over.CancelAfter(acting.LeftAt(installation.Clock.GetCurrentInstant()).ToTimeSpan());
            using var watch = installation.Live.Watch(person.AccountNo!.Value);
            var messages = new LiveMessages(
                visit.Locale, person.AccountId!, http.Request.Query["calls"].FirstOrDefault());
            await Stream(http, messages, watch, over.Token);
        }
        catch (Exception end) when (end is OperationCanceledException or TimeoutException)
        {
            // The browser asks again, and is then told how things are.
        }
        finally
        {
            streams.Leave(person.SessionId);
        }
    }

    async Task Stream(HttpContext http, LiveMessages messages, LiveWatch watch, CancellationToken over)
    {
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        await http.Response.WriteAsync("retry: 3000\n\n", over);
        await http.Response.Body.FlushAsync(over);
        while (await watch.Next(messages.Patience(Heartbeat, streams.ListsEvery), over) is { } account)
        {
            var message = messages.Of(account, installation.Clock.GetCurrentInstant(), streams.ListsEvery);
            await http.Response.WriteAsync(message, over);
            await http.Response.Body.FlushAsync(over);
        }
    }
}

/// <summary>The streams that are open on this node, and so what they may cost.</summary>
sealed class LiveStreams
{
    /// <summary>A browser has one; several may share a session's cookie only for a moment.</summary>
    const int MostOfSession = 6;
    const int Most = 2_000;

    /// <summary>Lists are fetched with their whole page: all open pages together ask for so many a second.</summary>
    const int PagesASecond = 20;

    readonly Lock door = new();
    readonly Dictionary<string, int> bySession = new(StringComparer.Ordinal);
    int all;

    /// <summary>How often one page may be told that its lists have changed.</summary>
    public TimeSpan ListsEvery => TimeSpan.FromSeconds(Math.Max(1, (double)all / PagesASecond));

    public bool TryEnter(string sessionId)
    {
        lock (door)
        {
            var own = bySession.GetValueOrDefault(sessionId);
            if (own >= MostOfSession || all >= Most) return false;
            bySession[sessionId] = own + 1;
            all++;
            return true;
        }
    }

    public void Leave(string sessionId)
    {
        lock (door)
        {
            all--;
            if (--bySession[sessionId] == 0) bySession.Remove(sessionId);
        }
    }
}
