using System.Text;
using System.Text.Json;
using NodaTime;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments.Gateways;

/// <summary>
/// Reads what Stripe posts. What tells all of what happened is an event; of the rest it is known whom it is about, so
/// that somebody looks.
/// </summary>
static class StripeNews
{
    public static Result<GatewayNews> Read(ReadOnlySpan<byte> body)
    {
        JsonElement told;
        try
        {
            var reader = new Utf8JsonReader(body);
            told = JsonElement.ParseValue(ref reader);
        }
        catch (JsonException broken)
        {
            return new Refused(Refusal.MalformedJson, broken.Message);
        }
        if (told.Text("id") is not { } id || told.Text("type") is not { } type
            || told.Part("data", "object") is not { } about)
            return new Refused(Refusal.MalformedJson, "It is no event of Stripe.");
        var raw = Encoding.UTF8.GetString(body);
        var at = StripeAmount.At(told.Count("created"));
        return Kind(type) switch
        {
            "payment_intent" => new GatewayNews(
                id, OurId(about) ?? about.Text("id"), about.Text("id"), OfIntent(type, about, at), raw),
            "checkout.session" => new GatewayNews(
                id, OurId(about) ?? about.Text("id"), about.Text("payment_intent"), OfSession(type, about, at), raw),
            "setup_intent" => new GatewayNews(id, OurId(about) ?? about.Text("id"), null, null, raw),
            "charge" => new GatewayNews(
                id, OurId(about) ?? about.Text("payment_intent"), about.Text("payment_intent"), null, raw),
            // Their metadata, where they have any, name the refund, and a dispute's name nothing.
            "refund" => new GatewayNews(
                id, about.Text("payment_intent"), about.Text("payment_intent"), StripeReading.OfRefund(about), raw),
            "dispute" => new GatewayNews(
                id, about.Text("payment_intent"), about.Text("payment_intent"), StripeReading.OfDispute(about, at),
                raw),
            _ => new GatewayNews(id, null, null, null, raw),
        };
    }

    static string Kind(string type)
    {
        if (type.StartsWith("charge.dispute.", StringComparison.Ordinal)) return "dispute";
        if (type.StartsWith("charge.refund.", StringComparison.Ordinal)) return "refund";
        return type[..Math.Max(type.LastIndexOf('.'), 0)];
    }

    static PaymentEvent? OfIntent(string type, JsonElement intent, Instant at) => type switch
    {
        "payment_intent.succeeded" => new PaymentSettled(at, StripeReading.Received(intent)),
        "payment_intent.canceled" => new PaymentCancelled(StripeAmount.At(intent.Count("canceled_at"))),
        "payment_intent.payment_failed" => StripeReading.FailureOf(intent, at),
        // Since when it is under way, or with which card it was agreed to, stands in the charge alone.
        _ => null,
    };

    static PaymentCancelled? OfSession(string type, JsonElement session, Instant at) =>
        type == "checkout.session.expired" && session.Text("mode") == "payment" ? new PaymentCancelled(at) : null;

    static string? OurId(JsonElement about) => about.Part("metadata")?.Text(StripeForm.OurId);
}
