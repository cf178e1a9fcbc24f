using System.Text.Json;
using NodaTime;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments.Gateways;

/// <summary>What PayPal's order, with its captures and refunds, says of a payment.</summary>
static class PayPalOrder
{
    public static GatewayView View(JsonElement order)
    {
        var reference = order.Need("id");
        var payments = order.Each("purchase_units").FirstOrDefault() is { ValueKind: JsonValueKind.Object } unit
            && unit.TryGetProperty("payments", out var some) ? some : default;
        var captures = payments.Each("captures").ToList();
        var refunds = payments.Each("refunds").ToList();
        if (captures.Count == 0) return NotCaptured(order, reference);
        var money = captures.LastOrDefault(capture => capture.Need("status") is not ("DECLINED" or "FAILED"));
        return new GatewayView(
            reference, money.Text("id"),
            [.. captures.Select(capture => Captured(capture, refunds)), .. refunds.Select(Refunded)]);
    }

    /// <summary>An order that PayPal does not know any more was never captured: nobody can now.</summary>
    public static GatewayView Expired(string reference, Instant now, JsonElement raw) => new(
        reference, null, [Said(reference, "expired", new PaymentCancelled(now), raw)]);

    /// <summary>Whether it can be captured, and was not given up.</summary>
    public static bool IsForCapture(JsonElement order) => order.Text("intent") != "AUTHORIZE";

    public static GatewaySaid Refunded(JsonElement refund)
    {
        var (id, status) = (refund.Need("id"), refund.Need("status"));
        // A refund that waits for a bank is on its way: it counts until PayPal says that it failed.
        var failed = status is "FAILED" or "CANCELLED";
        return Said(id, status, new PaymentRefunded(refund.Time(), id, refund.Amount(), failed), refund);
    }

    public static PaymentFailed Failed(JsonElement capture)
    {
        var (why, code) = PayPalDeclines.OfCapture(capture);
        return new PaymentFailed(capture.Time(), why, code);
    }

    static GatewayView NotCaptured(JsonElement order, string reference)
    {
        var status = IsForCapture(order) ? order.Need("status") : "VOIDED";
        PaymentEvent? said = status switch
        {
            "APPROVED" => new PaymentAuthorized(order.Time(), null),
            "VOIDED" => new PaymentCancelled(order.Time()),
            _ => null,
        };
        // An order for the payer's eyes names where its money is to come from; one that is prepared does not. PayPal
        // keeps no trace of a capture that was refused, so that such an order waits again.
        var waits = status == "CREATED" && !order.TryGetProperty("payment_source", out _);
        return new GatewayView(
            reference, null,
            said is null ? [] : [Said(reference, $"{status}/{said.At.ToUnixTimeSeconds()}", said, order)], waits);
    }

    static GatewaySaid Captured(JsonElement capture, List<JsonElement> refunds)
    {
        var (id, status) = (capture.Need("id"), capture.Need("status"));
        return status switch
        {
            "COMPLETED" => Said(id, status, new PaymentSettled(capture.Time(), capture.Amount()), capture),
            // It changed last when money went back: it had come before the first that did.
            "PARTIALLY_REFUNDED" or "REFUNDED" => Said(
                id, "COMPLETED",
                new PaymentSettled(
                    refunds.Select(refund => PayPalAnswer.InstantOf(refund.Need("create_time")))
                        .Append(capture.Time()).Min(),
                    capture.Amount()),
                capture),
            "PENDING" => Said(id, status, new PaymentPending(capture.Time()), capture),
            "DECLINED" or "FAILED" => Said(id, status, Failed(capture), capture),
            _ => throw new FormatException($"'{status}' is no state of a capture."),
        };
    }

    public static GatewaySaid Said(string id, string what, PaymentEvent said, JsonElement raw) =>
        new($"{id}/{what}", said, raw.GetRawText());
}
