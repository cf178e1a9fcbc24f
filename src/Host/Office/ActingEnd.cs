using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Host.Shell;

namespace Tollkeeper.Host.Office;

/// <summary>From a customer's portal back to the customer's page in the office.</summary>
sealed class ActingEnd(Installation installation)
{
    public const string Path = "/office/acting/end";

    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost(Path, Run).RequireAuthorization(Permission.OfActing)
            .WithMetadata(new WhileActingAttribute()).ExcludeFromDescription();

    async Task Run(HttpContext http)
    {
        await http.RequestServices.GetRequiredService<IAntiforgery>().ValidateRequestAsync(http);
        var person = Visit.Of(http).Person!;
        await new EndActing(installation.Database, installation.Clock, installation.Rules.Sessions).Run(
            person, ClientAddress.Of(http), http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = person.ActingAs is { } acting
            ? $"/office/customers/{acting.AccountId}"
            : StartPage.OfStaff;
    }
}
