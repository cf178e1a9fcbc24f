using Microsoft.AspNetCore.Http;
using Tollkeeper.Host.Shell;

namespace Tollkeeper.Host.SignIn;

/// <summary>Counts what is sent to a guarded page, and answers with a page of its own when it is too much.</summary>
sealed class DoorGuard(DoorLimits limits)
{
    public Task Run(HttpContext http, RequestDelegate next)
    {
        if (!IsTry(http.Request)
            || http.GetEndpoint()?.Metadata.GetMetadata<GuardedAttribute>() is not { } guarded
            || limits.TryEnter(guarded.Entrance, ClientAddress.NetworkOf(http)))
            return next(http);
        return ErrorPages.Page(http, Refusal.TooManyTries);
    }

    /// <summary>A form that is sent, or a link of a mail that is opened.</summary>
    static bool IsTry(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) || request.Query.ContainsKey("token");
}
