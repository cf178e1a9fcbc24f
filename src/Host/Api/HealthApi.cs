using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Tollkeeper.Host.Api;

/// <summary>Whether the program runs, and whether it can let calls through now.</summary>
sealed class HealthApi(Installation installation)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => "live").ExcludeFromDescription();
        routes.MapGet("/health/ready", Ready).ExcludeFromDescription();
    }

    IResult Ready()
    {
        if (installation.Rules.IsStale) return NotReady("the database does not answer");
        if (installation.DatabaseClock.IsSkewed) return NotReady("this machine's clock differs from the database's");
        return Results.Text("ready");
    }

    static IResult NotReady(string why) => Results.Text(why, statusCode: StatusCodes.Status503ServiceUnavailable);
}
