using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Tollkeeper.Host.Shell;

/// <summary>
/// What somebody meets who may not open a page: nobody signed in is asked to sign in and comes back; anybody else
/// learns no more than of a page that does not exist.
/// </summary>
sealed class PermissionAnswers : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(
        RequestDelegate next, HttpContext context, AuthorizationPolicy policy,
        PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded) return next(context);
        var visit = context.RequestServices.GetRequiredService<Visit>();
        if (visit.Person?.ActingAs is not null) return ErrorPages.Answer(context, Refusal.ActingAsCustomer);
        if (visit.Person is not null || visit.Provider is null)
        {
            // A browser that staff and customers share asks by itself for what was open before: no id, no record.
            if (context.Request.RouteValues.Keys.Any(key => key.EndsWith("id", StringComparison.OrdinalIgnoreCase)))
                ForeignId.Record(context, context.Request.Path);
            return ErrorPages.Answer(context, Refusal.PageNotFound);
        }
        context.Response.Redirect(SignInPath(context.Request, visit));
        return Task.CompletedTask;
    }

    static string SignInPath(HttpRequest request, Visit visit)
    {
        if (!HttpMethods.IsGet(request.Method) || visit.Address == "/") return "/sign-in";
        return "/sign-in?returnUrl=" + Uri.EscapeDataString(visit.Address);
    }
}
