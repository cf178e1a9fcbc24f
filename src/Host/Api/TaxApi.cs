using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tollkeeper.Accounts;

namespace Tollkeeper.Host.Api;

/// <summary>What taxes come to, by the rates of this installation.</summary>
sealed class TaxApi(Installation installation)
{
    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/tax/quote", (Delegate)Quote).Accepts<TaxQuestionBody>("application/json", "*/*")
            .Produces<TaxQuoteBody>().WithName("quoteTax")
            .WithSummary("The taxes of an amount at a place and on a date.").Needs(KeyScopes.Taxes);

    async Task Quote(HttpContext http)
    {
        var key = await Door.Key(http, installation);
        await Door.Answer(
            http, key.Refused is { } closed ? closed : await Quoted(http), ApiJson.Default.TaxQuoteBody);
    }

    async Task<Result<TaxQuoteBody>> Quoted(HttpContext http)
    {
        var asked = await Door.Body(http, ApiJson.Default.TaxQuestionBody);
        if (asked.Refused is { } unreadable) return unreadable;
        var quote = asked.Value.Quote(installation.Rules.SalesTaxes);
        return quote.Refused is { } refused ? refused : TaxQuoteBody.Of(quote.Value);
    }
}
