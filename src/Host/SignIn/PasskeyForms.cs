using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tollkeeper.Host.Shell;

namespace Tollkeeper.Host.SignIn;

/// <summary>The forms of the list of passkeys; each leads back to the page, or to a page that says why not.</summary>
static class PasskeyForms
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, "add", async (forms, form) => await forms.AddPasskey(
            await forms.User(), form["credential"], form["name"]));
        Map(routes, "rename", async (forms, form) => await forms.RenamePasskey(
            await forms.User(), form["id"], form["name"]));
        Map(routes, "remove", async (forms, form) => await forms.RemovePasskey(await forms.User(), form["id"]));
    }

    static void Map(
        IEndpointRouteBuilder routes, string act, Func<SecurityForms, IFormCollection, Task<Refusal?>> run)
    {
        routes.MapPost("/account/security/passkeys/" + act, Run).RequireAuthorization(Permission.SignedIn)
            .ExcludeFromDescription();

        async Task Run(HttpContext http)
        {
            await http.RequestServices.GetRequiredService<IAntiforgery>().ValidateRequestAsync(http);
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            if (await run(http.RequestServices.GetRequiredService<SecurityForms>(), form) is { } refusal)
            {
                await ErrorPages.Page(http, refusal);
                return;
            }
            var done = act switch { "add" => "passkey-added", "rename" => "passkey-renamed", _ => "passkey-removed" };
            http.Response.StatusCode = StatusCodes.Status303SeeOther;
            http.Response.Headers.Location = "/account/security?done=" + done;
        }
    }
}
