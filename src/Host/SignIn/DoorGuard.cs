using Microsoft.AspNetCore.Http;
using Tollkeeper.Host.Shell;

namespace Tollkeeper.Host.SignIn;

/// <summary>Counts what is sent to a guarded page, and answers with a page of its own when it is too much.</summary>
sealed class DoorGuard(DoorLimits limits)
{
    public Task Run(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<GuardedAttribute>() is not { } guarded
            || DoorOf(guarded.Entrance, http.Request) is not { } door
            || limits.TryEnter(door, ClientAddress.NetworkOf(http)))
            return next(http);
        return ErrorPages.Page(http, Refusal.TooManyTries);
    }

    /// <summary>A form that is sent is a try, and so is a link of a mail that is opened.</summary>
    static Entrance? DoorOf(Entrance door, HttpRequest request)
    {
        if (HttpMethods.IsPost(request.Method)) return door;
        return door == Entrance.Link && request.Query.ContainsKey("token") ? Entrance.OpenedLink : null;
    }
}
