using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tollkeeper.Engine.Payments;
using Tollkeeper.Engine.Payments.Gateways;

namespace Tollkeeper.Host.Api;

/// <summary>
/// Where gateways post what happened, at the provider's own host. Who posts is proven by the signature, not by a key;
/// what was said is kept before it is answered, and what follows comes after.
/// </summary>
sealed class GatewayEventsApi(Installation installation)
{
    /// <summary>No event of a gateway is longer.</summary>
    const int MostBytes = 256 * 1024;

    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/gateways/{gateway}/events", (Delegate)Hear).WithName("hearGateway")
            .WithSummary("What a payment gateway tells of its own accord, signed by it.")
            .Accepts<object>("application/json");

    async Task Hear(HttpContext http)
    {
        var heard = await Keep(http);
        if (heard.Refused is { } refused) await Door.Refuse(http, refused);
        else http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    async Task<Result<bool>> Keep(HttpContext http)
    {
        if (installation.Rules.IsStale) return Refusal.DatabaseAway;
        var provider = installation.Rules.Providers.ByHost(http.Request.Host.Host);
        if (provider.Refused is { } unknown) return unknown;
        var word = (string)http.Request.RouteValues["gateway"]!;
        var gateway = await installation.Gateways.Of(provider.Value.No, word, http.RequestAborted);
        if (gateway.Refused is { } none) return none;
        var body = await Door.Bytes(http, MostBytes);
        if (body.Refused is { } tooLarge) return tooLarge;
        var headers = http.Request.Headers.ToDictionary(
            header => header.Key.ToLowerInvariant(), header => header.Value.ToString(), StringComparer.Ordinal);
        var news = await gateway.Value.Hear(new GatewayPost(headers, body.Value), http.RequestAborted);
        if (news.Refused is { } notHeard) return notHeard;
        await new ReceivePaymentEvent(installation.Database, installation.Clock).Run(
            provider.Value.No, word, news.Value);
        return true;
    }
}
