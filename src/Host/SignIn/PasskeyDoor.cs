using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tollkeeper.Host.Shell;

namespace Tollkeeper.Host.SignIn;

/// <summary>
/// The first half of a dialogue with a passkey: what the browser hands to it, as JSON. The second half is a form of the
/// page. What was asked stands in a cookie for a few minutes.
/// </summary>
static class PasskeyDoor
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sign-in/passkey", Ask).AllowAnonymous()
            .WithMetadata(new GuardedAttribute(Entrance.Passkey)).ExcludeFromDescription();
        routes.MapPost("/account/security/passkeys", Offer).RequireAuthorization(Permission.SignedIn)
            .WithMetadata(new GuardedAttribute(Entrance.Passkey)).ExcludeFromDescription();
    }

    /// <summary>For no user in particular: which passkeys there are for an address is told to nobody.</summary>
    static async Task Ask(HttpContext http)
    {
        await http.RequestServices.GetRequiredService<IAntiforgery>().ValidateRequestAsync(http);
        var door = http.RequestServices.GetRequiredService<SignInDoor>();
        await Answer(http, await door.MakePasskeyRequestOptionsAsync(null));
    }

    /// <summary>Only to who proves to be the user: a passkey opens the account long after the session.</summary>
    static async Task Offer(HttpContext http)
    {
        await http.RequestServices.GetRequiredService<IAntiforgery>().ValidateRequestAsync(http);
        var visit = http.RequestServices.GetRequiredService<Visit>();
        var person = visit.Person!;
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var forms = http.RequestServices.GetRequiredService<SecurityForms>();
        if (await forms.Unproven(await forms.User(), form["proof"]) is { } refusal)
        {
            // For the script, which shows it beside the button.
            http.Response.StatusCode = Refusals.Of(refusal).Status;
            http.Response.ContentType = "text/plain; charset=utf-8";
            await http.Response.WriteAsync(visit.SentenceOf(refusal), http.RequestAborted);
            return;
        }
        var door = http.RequestServices.GetRequiredService<SignInDoor>();
        await Answer(http, await door.MakePasskeyCreationOptionsAsync(new PasskeyUserEntity
        {
            Id = person.UserId,
            Name = person.Email,
            DisplayName = person.Email,
        }));
    }

    static Task Answer(HttpContext http, string json)
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        return http.Response.WriteAsync(json, http.RequestAborted);
    }
}
