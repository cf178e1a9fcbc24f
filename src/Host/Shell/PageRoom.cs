using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Tollkeeper.Host.Portal;

namespace Tollkeeper.Host.Shell;

/// <summary>
/// So many pages are made at once, and so many wait; who comes to a full house is told at once to come again. However
/// many people look, calls keep the memory and the threads that they need.
/// </summary>
/// <param name="atOnce">A page is a millisecond or two of a processor, and a connection or none.</param>
sealed class PageRoom(int atOnce = 32, int waiting = 400) : IDisposable
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
        else await ErrorPages.Page(http, Refusal.Busy);
    }

    public void Dispose() => room.Dispose();

    /// <summary>Files and streams last as long as their readers do, and have limits of their own.</summary>
    static bool IsMade(PathString path) =>
        VisitStart.IsPage(path) && !VisitStart.IsAsset(path) && path != LiveApi.Path
        && !path.Value!.EndsWith(".csv", StringComparison.Ordinal);
}
