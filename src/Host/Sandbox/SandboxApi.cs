using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Tollkeeper.Host.Sandbox;

/// <summary>The part of Stripe's API that a shop like ours uses.</summary>
sealed class SandboxApi(SandboxStore store)
{
    const int MostAtOnce = 100;

    delegate SandboxAnswer Deed(SandboxWork work, string id, SandboxForm form);

    public void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/v1");
        Lists(api);
        Post(api, "/checkout/sessions", (work, _, form) => Shown(work, SandboxCheckout.Create(work, form), form));
        Post(api, "/checkout/sessions/{id}/expire", (work, id, form) =>
        {
            var session = work.Get(id, "checkout.session");
            SandboxCheckout.Expire(work, session);
            return Shown(work, session, form);
        });
        Post(api, "/customers", (work, _, form) => Shown(
            work, work.Add(SandboxObjects.Customer(work, form["email"], form.Map("metadata"))), form));
        Post(api, "/payment_intents", Prepare);
        Post(api, "/payment_intents/{id}/confirm", (work, id, form) =>
            Confirm(work, work.Get(id, "payment_intent"), form));
        Post(api, "/payment_intents/{id}/capture", (work, id, form) =>
        {
            var intent = work.Get(id, "payment_intent");
            SandboxMoney.Capture(work, intent);
            return Shown(work, intent, form);
        });
        Post(api, "/payment_intents/{id}/cancel", (work, id, form) =>
        {
            var intent = work.Get(id, "payment_intent");
            SandboxMoney.Cancel(work, intent);
            return Shown(work, intent, form);
        });
        Post(api, "/refunds", (work, _, form) => Shown(work, SandboxMoney.Refund(work, form), form));
        Post(api, "/payment_methods/{id}/detach", (work, id, form) =>
            Shown(work, SandboxCheckout.Detach(work, work.Get(id, "payment_method")), form));
        api.MapFallback("{*path}", (HttpContext http) => Write(http, new SandboxAnswer(404, new SandboxError(
            404, "invalid_request_error", null,
            $"Unrecognized request URL ({http.Request.Method}: {http.Request.Path}).").ToJson())));
    }

    void Lists(RouteGroupBuilder api)
    {
        foreach (var (path, kind) in new[]
        {
            ("/checkout/sessions", "checkout.session"), ("/customers", "customer"),
            ("/payment_intents", "payment_intent"), ("/setup_intents", "setup_intent"), ("/charges", "charge"),
            ("/refunds", "refund"), ("/disputes", "dispute"), ("/events", "event"),
            ("/balance_transactions", "balance_transaction"), ("/payment_methods", "payment_method"),
        })
        {
            api.MapGet(path, (HttpContext http) =>
                Answer(http, "", (work, _, form) => List(work, kind, "/v1" + path, form)));
            api.MapGet(path + "/{id}", (HttpContext http, string id) =>
                Answer(http, id, (work, name, form) => Shown(work, work.Get(name, kind), form)));
        }
    }

    void Post(RouteGroupBuilder api, string path, Deed deed) =>
        api.MapPost(path, (HttpContext http) => Answer(http, http.GetRouteValue("id") as string ?? "", deed));

    static SandboxAnswer List(SandboxWork work, string kind, string path, SandboxForm form)
    {
        var most = (int)Math.Clamp(form.Count("limit") ?? 10, 1, MostAtOnce);
        var found = work.List(
            kind, form["payment_intent"], most + 1, form["starting_after"], form.Count("created[gte]"),
            form.Count("created[lt]"));
        return new SandboxAnswer(200, work.ListOf(found, most, path, form.List("expand")));
    }

    static SandboxAnswer Prepare(SandboxWork work, string id, SandboxForm form)
    {
        var amount = form.Amount("amount");
        var intent = SandboxObjects.Intent(work, form).With(
            ("amount", amount), ("currency", form.Needed("currency")), ("customer", form["customer"]));
        if (form["customer"] is { } customer) work.Get(customer, "customer");
        if (form["payment_method"] is not null)
            intent.With(("payment_method", Method(work, form).Id()), ("status", "requires_confirmation"));
        work.Add(intent);
        work.Tell("payment_intent.created", intent);
        return form.Is("confirm") ? Confirm(work, intent, form) : Shown(work, intent, form);
    }

    static SandboxAnswer Confirm(SandboxWork work, JsonObject intent, SandboxForm form)
    {
        if (intent.Text("status") is not ("requires_confirmation" or "requires_payment_method"))
            throw SandboxError.State(intent, "confirm");
        if (form["payment_method"] is not null) intent["payment_method"] = Method(work, form).Id();
        if (work.Find(intent.Text("payment_method")) is not { } method)
            throw new SandboxError(
                400, "invalid_request_error", "payment_intent_unexpected_state",
                "You cannot confirm this PaymentIntent because it's missing a payment method.");
        if (method.Is("_gone"))
            throw new SandboxError(
                400, "invalid_request_error", null, "The payment method was detached and can not be used again.");
        SandboxMoney.Try(work, intent, method, atPage: !form.Is("off_session"));
        if (intent["last_payment_error"] is not JsonObject error) return Shown(work, intent, form);
        var told = error.DeepClone().AsObject();
        told["payment_intent"] = work.Render(intent, []);
        return new SandboxAnswer(402, new JsonObject { ["error"] = told });
    }

    /// <summary>A stored card, or one of Stripe's names for a test card: <c>pm_card_visa</c>.</summary>
    static JsonObject Method(SandboxWork work, SandboxForm form)
    {
        var name = form.Needed("payment_method");
        const string Test = "pm_card_";
        if (!name.StartsWith(Test, StringComparison.Ordinal))
        {
            var method = work.Get(name, "payment_method");
            return method.Is("_gone") || method.Text("customer") != form["customer"]
                ? throw new SandboxError(
                    400, "invalid_request_error", null,
                    $"The provided PaymentMethod {name} does not belong to the Customer, or was detached.")
                : method;
        }
        var key = name[Test.Length..];
        var card = SandboxCard.Of(key == "visa" ? "good" : key) ?? throw SandboxError.Unknown(name);
        return work.Add(SandboxObjects.Method(work, card, new SandboxBilling("US", "10001", null)));
    }

    static SandboxAnswer Shown(SandboxWork work, JsonObject kept, SandboxForm form) =>
        new(200, work.Render(kept, form.List("expand")));

    async Task Answer(HttpContext http, string id, Deed deed)
    {
        try
        {
            await Write(http, await Answered(http, id, deed));
        }
        catch (SandboxError error)
        {
            await Write(http, new SandboxAnswer(error.Status, error.ToJson()));
        }
    }

    async Task<SandboxAnswer> Answered(HttpContext http, string id, Deed deed)
    {
        var secret = http.Request.Headers.Authorization.ToString().Split(' ', 2) is ["Bearer", var key] ? key : "";
        if (await store.MerchantOf(secret) is not { } merchant)
            throw new SandboxError(401, "invalid_request_error", null, "Invalid API Key provided.");
        var form = await SandboxForm.Read(http.Request);
        var once = http.Request.Headers["Idempotency-Key"].ToString();
        if (once.Length == 0 || !HttpMethods.IsPost(http.Request.Method))
            return await store.Do(merchant, work => deed(work, id, form));
        var question = $"{http.Request.Path}?{form}";
        return await store.Answered(merchant, once, question) ?? await store.Do(merchant, work =>
        {
            var answer = deed(work, id, form);
            work.Keep(once, question, answer);
            return answer;
        });
    }

    static Task Write(HttpContext http, SandboxAnswer answer)
    {
        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(answer.Body.ToJsonString());
    }
}
