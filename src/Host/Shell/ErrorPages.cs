using System.Data.Common;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tollkeeper.Host.Api;

namespace Tollkeeper.Host.Shell;

/// <summary>
/// What is answered when a request fails: a page to people, a problem to programs. Nothing was promised: a broken world
/// may be asked again, a bug leaves a reference for whoever looks for it.
/// </summary>
static class ErrorPages
{
    public static Task Broken(HttpContext http)
    {
        // Whatever failed may fail again: the page that says so asks the database nothing.
        Visit.Of(http).IsBroken = true;
        var exception = http.Features.Get<IExceptionHandlerFeature>()?.Error;
        if (exception is BadHttpRequestException bad)
            return Answer(http, bad.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? Refusal.TooLarge
                : Refusal.MalformedJson);
        if (exception is AntiforgeryValidationException) return Answer(http, Refusal.FormExpired);
        var reference = Guid.NewGuid().ToString("n")[..12];
        var log = http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Server));
        if (exception is not null) HostLog.RequestFailed(log, exception, reference);
        var away = exception is DbException or TimeoutException or IOException;
        if (VisitStart.IsPage(http.Request.Path))
            return Page(http, away ? Refusal.DatabaseAway : Refusal.PageBroken, reference);
        return Door.Refuse(http, new Refused(away ? Refusal.DatabaseAway : Refusal.Busy, "reference " + reference));
    }

    /// <summary>A form without our token, or with one of another sign-in, is answered with a page too.</summary>
    public static async Task RefuseForeignForms(HttpContext http, RequestDelegate next)
    {
        if (http.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false })
        {
            await Answer(http, Refusal.FormExpired);
            return;
        }
        await next(http);
        // The page does not have this form any more, and the framework answers nothing at all.
        if (http.Response is { StatusCode: StatusCodes.Status400BadRequest, HasStarted: false }
            && HttpMethods.IsPost(http.Request.Method) && VisitStart.IsPage(http.Request.Path))
            await Page(http, Refusal.FormExpired);
    }

    /// <summary>
    /// The status of a page that is being written. "Not found" is set when the answer begins: set sooner, the
    /// framework takes the page for one that nobody wrote and sends nothing.
    /// </summary>
    /// <param name="unless">Asked then, where that which wants the status may have gone from the page.</param>
    public static void SetStatus(HttpContext http, int status, Func<bool>? unless = null)
    {
        if (http.Response.HasStarted) return;
        if (unless is null && status != StatusCodes.Status404NotFound) http.Response.StatusCode = status;
        else
            http.Response.OnStarting(() =>
            {
                if (unless?.Invoke() != true) http.Response.StatusCode = status;
                return Task.CompletedTask;
            });
    }

    public static Task Answer(HttpContext http, Refused refused) =>
        VisitStart.IsPage(http.Request.Path) ? Page(http, refused) : Door.Refuse(http, refused);

    public static Task Page(HttpContext http, Refused refused, string? reference = null)
    {
        var facts = Refusals.Of(refused.Refusal);
        if (facts.MayBeRepeated) http.Response.Headers.RetryAfter = "5";
        if (facts.Status >= StatusCodes.Status500InternalServerError) Visit.Of(http).IsBroken = true;
        return new RazorComponentResult<ErrorDocument>(new Dictionary<string, object?>
        {
            [nameof(ErrorDocument.Refused)] = refused,
            [nameof(ErrorDocument.Reference)] = reference,
        })
        {
            StatusCode = facts.Status,
        }.ExecuteAsync(http);
    }
}
