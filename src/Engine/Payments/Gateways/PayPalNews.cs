using System.Text.Json;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments.Gateways;

/// <summary>What PayPal's posts mean. A kind that is not known here says nothing, and is no error.</summary>
static class PayPalNews
{
    /// <summary>Refusal: <see cref="Refusal.MalformedJson"/>.</summary>
    public static Result<GatewayNews> Read(string raw)
    {
        try
        {
            var post = JsonSerializer.Deserialize<JsonElement>(raw);
            var id = post.Text("id");
            var about = post.TryGetProperty("resource", out var some) ? some : default;
            return post.Text("event_type") switch
            {
                "CHECKOUT.ORDER.APPROVED" => new GatewayNews(
                    id,
                    about.Children("purchase_units").FirstOrDefault().MaybeText("custom_id") ?? about.Text("id"),
                    null, new PaymentAuthorized(about.Time(), null), raw),
                "PAYMENT.CAPTURE.COMPLETED" => OfCapture(new PaymentSettled(about.Time(), about.Amount())),
                "PAYMENT.CAPTURE.PENDING" => OfCapture(new PaymentPending(about.Time())),
                "PAYMENT.CAPTURE.DENIED" or "PAYMENT.CAPTURE.DECLINED" => OfCapture(PayPalOrder.Failed(about)),
                "PAYMENT.CAPTURE.REFUNDED" => OfMoney(CaptureOf(about), PayPalOrder.Refunded(about).Event),
                "PAYMENT.CAPTURE.REVERSED" => Reversed(),
                "CUSTOMER.DISPUTE.CREATED" => Disputed(DisputeStage.Open),
                "CUSTOMER.DISPUTE.RESOLVED" => Disputed(Outcome(about)),
                _ => new GatewayNews(id, null, null, null, raw),
            };

            GatewayNews OfMoney(string capture, PaymentEvent? said) => new(id, capture, capture, said, raw);

            GatewayNews OfCapture(PaymentEvent said) => new(
                id,
                about.MaybeText("custom_id") ?? about.MaybeText("supplementary_data", "related_ids", "order_id")
                    ?? about.Text("id"),
                about.Text("id"), said, raw);

            // The money is gone; where a case is won after that, PayPal says so later, and that counts then.
            GatewayNews Reversed()
            {
                var capture = CaptureOf(about);
                return OfMoney(
                    capture, new PaymentDisputed(about.Time(), capture, about.Amount(), DisputeStage.Lost));
            }

            // Cases of one capture follow one another, and a reversal does not name its own: the capture's name stands
            // for them all.
            GatewayNews Disputed(DisputeStage? stage)
            {
                var capture = about.Children("disputed_transactions").First().Text("seller_transaction_id");
                return OfMoney(
                    capture,
                    stage is { } reached
                        ? new PaymentDisputed(about.Time(), capture, about.Amount("dispute_amount"), reached)
                        : null);
            }
        }
        catch (Exception odd) when (odd is JsonException || PayPalAnswer.IsOdd(odd))
        {
            return new Refused(Refusal.MalformedJson, odd.Message);
        }
    }

    /// <summary>What was given back, by the link to it.</summary>
    static string CaptureOf(JsonElement refund)
    {
        var capture = refund.Link("up") ?? throw new FormatException("A refund does not name its capture.");
        return capture[(capture.LastIndexOf('/') + 1)..];
    }

    /// <summary>Null where a case ended undecided, because another one took its place.</summary>
    static DisputeStage? Outcome(JsonElement dispute) => dispute.MaybeText("dispute_outcome", "outcome_code") switch
    {
        "RESOLVED_BUYER_FAVOUR" or "ACCEPTED" => DisputeStage.Lost,
        // With a payout PayPal paid the customer out of its own pocket.
        "RESOLVED_SELLER_FAVOUR" or "RESOLVED_WITH_PAYOUT" or "CANCELED_BY_BUYER" or "DENIED" => DisputeStage.Won,
        _ => null,
    };
}
