using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tollkeeper.Host.Shell;

namespace Tollkeeper.Host.SignIn;

/// <summary>Ends the session, on every node, and leads to the door.</summary>
static class SignOut
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/sign-out", Run).AllowAnonymous()
            .WithMetadata(new WhileActingAttribute()).ExcludeFromDescription();

    static async Task Run(HttpContext http)
    {
        await http.RequestServices.GetRequiredService<IAntiforgery>().ValidateRequestAsync(http);
        await http.RequestServices.GetRequiredService<SignInDoor>().SignOutAsync();
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = "/sign-in";
    }
}
