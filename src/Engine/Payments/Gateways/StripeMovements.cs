using System.Text.Json;

namespace Tollkeeper.Engine.Payments.Gateways;

/// <summary>Reads Stripe's balance transactions, what they are of answered whole.</summary>
static class StripeMovements
{
    public static GatewayMovement Of(JsonElement moved)
    {
        var currency = moved.Text("currency");
        return new GatewayMovement(
            moved.Text("id") ?? "", KindOf(moved), StripeAmount.At(moved.Count("created")),
            moved.Part("source")?.Text("payment_intent"),
            StripeAmount.FromUnits(moved.Count("amount"), currency),
            StripeAmount.FromUnits(moved.Count("fee"), currency));
    }

    static MovementKind KindOf(JsonElement moved) => moved.Text("reporting_category") switch
    {
        "charge" or "charge_failure" => MovementKind.Payment,
        "refund" or "refund_failure" or "partial_capture_reversal" => MovementKind.Refund,
        "dispute" or "dispute_reversal" => MovementKind.Dispute,
        "fee" or "network_cost" or "tax" => MovementKind.Fee,
        "payout" or "payout_reversal" or "payout_minimum_balance_hold" or "payout_minimum_balance_release" =>
            MovementKind.Payout,
        _ => MovementKind.Other,
    };
}
