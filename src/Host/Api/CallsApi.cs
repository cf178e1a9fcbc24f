using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Ledger;

namespace Tollkeeper.Host.Api;

/// <summary>What switches ask: may this call run, may it go on, it is over, whose number is this.</summary>
sealed class CallsApi(Installation installation)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        Map<AuthorizeBody, CallQuestion, CallGrant, GrantBody>(
            routes, "/v1/calls/authorize", "authorizeCall", "May this call run, and for how long?", KeyScopes.Calls,
            ApiJson.Default.AuthorizeBody, CallQuestions.Of,
            question => installation.Authorize.Ask(question, Unable), Bodies.Of, ApiJson.Default.GrantBody);
        Map<RenewBody, RenewQuestion, CallGrant, GrantBody>(
            routes, "/v1/calls/renew", "renewCall", "May this call go on, and for how long?", KeyScopes.Calls,
            ApiJson.Default.RenewBody, At<RenewBody, RenewQuestion>(CallQuestions.Of),
            question => Able(() => installation.Renew.Ask(question)), Bodies.Of, ApiJson.Default.GrantBody);
        Map<EndBody, CallOver, CallCharged, ChargedBody>(
            routes, "/v1/calls/end", "endCall", "This call is over.", KeyScopes.Calls,
            ApiJson.Default.EndBody, At<EndBody, CallOver>(CallQuestions.Of),
            over => Able(() => installation.End.Tell(over)), Bodies.Of, ApiJson.Default.ChargedBody);
        Map<QueryBody, NameQuery, QueryCharged, QueriedBody>(
            routes, "/v1/queries", "chargeQuery", "A caller's name is looked up for an account.", KeyScopes.Queries,
            ApiJson.Default.QueryBody, At<QueryBody, NameQuery>(CallQuestions.Of),
            query => Able(() => installation.Query.Ask(query)), Bodies.Of,
            ApiJson.Default.QueriedBody);
    }

    /// <summary>
    /// What needs a right clock and fresh knowledge of keys is not done without them; the switch asks again, or another
    /// node.
    /// </summary>
    Task<Result<T>> Able<T>(Func<Task<Result<T>>> ask) =>
        Unable is { } refusal ? Task.FromResult<Result<T>>(refusal) : ask();

    /// <summary>Why no ordinary call can be let through now; emergency calls do not ask.</summary>
    Refusal? Unable => installation.Unable;

    /// <summary>Asked of the provider whose switch's key it is.</summary>
    static Func<TBody, AccessKey, Result<TQuestion>> At<TBody, TQuestion>(
        Func<TBody, int, Result<TQuestion>> read) =>
        (body, key) => read(body, key.ProviderNo!.Value);

    void Map<TBody, TQuestion, TAnswer, TOut>(
        IEndpointRouteBuilder routes, string path, string name, string summary, KeyScopes scope,
        JsonTypeInfo<TBody> bodyType,
        Func<TBody, AccessKey, Result<TQuestion>> read, Func<TQuestion, Task<Result<TAnswer>>> ask,
        Func<TAnswer, TOut> show,
        JsonTypeInfo<TOut> outType)
        where TBody : class
        where TAnswer : class
        where TOut : class
    {
        routes.MapPost(path, (Delegate)Handle).Accepts<TBody>("application/json", "*/*").Produces<TOut>()
            .ProducesProblem(StatusCodes.Status402PaymentRequired).WithName(name).WithSummary(summary)
            .Needs(scope);

        async Task Handle(HttpContext http)
        {
            var key = await Door.Key(http, installation);
            if (key.Refused is { } notAllowed)
            {
                await Door.Refuse(http, notAllowed);
                return;
            }
            var body = await Door.Body(http, bodyType);
            var question = body.Refused is { } unreadable ? unreadable : read(body.Value, key.Value);
            var answer = question.Refused is { } bad ? bad : await ask(question.Value);
            if (answer.Refused is not { } refused) await Door.Answer(http, show(answer.Value), outType);
            else await Door.Refuse(http, refused with { First = refused.First is TAnswer first ? show(first) : null });
        }
    }
}
