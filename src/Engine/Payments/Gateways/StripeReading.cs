using System.Text.Json;
using NodaTime;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments.Gateways;

/// <summary>What Stripe's objects say of a payment. Names and times are the objects' own, hence always the same.
/// </summary>
static class StripeReading
{
    /// <summary>What a PaymentIntent says, its latest charge answered whole.</summary>
    public static IEnumerable<GatewaySaid> OfIntent(JsonElement intent)
    {
        var id = intent.Text("id");
        var raw = intent.GetRawText();
        var tried = intent.Part("latest_charge") is { ValueKind: JsonValueKind.Object } charge ? charge : default;
        var at = StripeAmount.At(tried.Count("created") is > 0 and var when ? when : intent.Count("created"));
        switch (intent.Text("status"))
        {
            case "requires_payment_method" or "requires_confirmation" or "requires_action":
                if (FailureOf(intent, at) is { } failure)
                    yield return new GatewaySaid($"{tried.Text("id") ?? id}.failed.{failure.Code}", failure, raw);
                break;
            case "processing":
                yield return new GatewaySaid($"{id}.processing", new PaymentPending(at), raw);
                break;
            case "requires_capture":
                yield return new GatewaySaid($"{id}.authorized", new PaymentAuthorized(at, CardOf(tried)), raw);
                break;
            case "canceled":
                yield return new GatewaySaid(
                    $"{id}.canceled", new PaymentCancelled(StripeAmount.At(intent.Count("canceled_at"))), raw);
                break;
            case "succeeded":
                var taken = tried.Part("balance_transaction") is { ValueKind: JsonValueKind.Object } moved
                    ? StripeAmount.At(moved.Count("created"))
                    : at;
                yield return new GatewaySaid($"{id}.succeeded", new PaymentSettled(taken, Received(intent)), raw);
                break;
        }
    }

    public static bool WaitsForCharge(JsonElement intent) =>
        intent.Text("status") == "requires_confirmation" && intent.Part("last_payment_error") is null;

    public static Money Received(JsonElement intent) =>
        StripeAmount.FromUnits(intent.Count("amount_received"), intent.Text("currency"));

    /// <summary>Why the last try was refused; null where none was.</summary>
    public static PaymentFailed? FailureOf(JsonElement intent, Instant at)
    {
        if (intent.Part("last_payment_error") is not { } error) return null;
        var (why, code) = StripeDeclines.Of(error);
        return new PaymentFailed(at, why, code);
    }

    /// <summary>Of one instant with its failure, so that the failure counts whichever is heard first.</summary>
    public static PaymentRefunded OfRefund(JsonElement refund) => new(
        StripeAmount.At(refund.Count("created")), refund.Text("id") ?? "",
        StripeAmount.FromUnits(refund.Count("amount"), refund.Text("currency")),
        refund.Text("status") is "failed" or "canceled");

    public static GatewaySaid SaidOfRefund(JsonElement refund)
    {
        var said = OfRefund(refund);
        return new GatewaySaid($"{said.Id}.{(said.Failed ? "failed" : "given")}", said, refund.GetRawText());
    }

    /// <param name="ended">When it was decided, if it was.</param>
    public static PaymentDisputed OfDispute(JsonElement dispute, Instant ended)
    {
        var opened = StripeAmount.At(dispute.Count("created"));
        var stage = dispute.Text("status") switch
        {
            // An inquiry that was closed took nothing.
            "won" or "warning_closed" => DisputeStage.Won,
            "lost" => DisputeStage.Lost,
            _ => DisputeStage.Open,
        };
        return new PaymentDisputed(
            stage == DisputeStage.Open ? opened : Instant.Max(opened, ended), dispute.Text("id") ?? "",
            StripeAmount.FromUnits(dispute.Count("amount"), dispute.Text("currency")), stage);
    }

    public static GatewaySaid SaidOfDispute(JsonElement dispute)
    {
        var moved = dispute.Each("balance_transactions").Select(one => one.Count("created")).DefaultIfEmpty().Max();
        var said = OfDispute(dispute, StripeAmount.At(moved));
        var word = said.Stage switch
        {
            DisputeStage.Open => "open",
            DisputeStage.Won => "won",
            DisputeStage.Lost => "lost",
        };
        return new GatewaySaid($"{said.Id}.{word}", said, dispute.GetRawText());
    }

    /// <summary>Null where it is not paid with a card.</summary>
    public static CardFacts? CardOf(JsonElement charge) =>
        charge.Part("payment_method_details", "card") is { } card ? Card(card, charge) : null;

    public static StoredInstrument Stored(JsonElement method, string customer) => new(
        customer, method.Text("id") ?? "",
        Card(method.Part("card") ?? default, method));

    /// <param name="whole">The object that carries the billing details.</param>
    static CardFacts Card(JsonElement card, JsonElement whole)
    {
        var address = whole.Part("billing_details", "address") ?? default;
        var checks = card.Part("checks") ?? default;
        string?[] answers = [checks.Text("address_line1_check"), checks.Text("address_postal_code_check")];
        return new CardFacts(
            card.Text("brand") ?? "", card.Text("last4") ?? "", (int)card.Count("exp_month"),
            (int)card.Count("exp_year"), address.Text("country") ?? "", address.Text("postal_code") ?? "",
            answers.Contains("pass") && !answers.Contains("fail"), card.Text("fingerprint") ?? "");
    }
}
