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
            var id = post.Need("id");
            var about = post.TryGetProperty("resource", out var some) ? some : default;
            return post.Need("event_type") switch
            {
                "CHECKOUT.ORDER.APPROVED" => new GatewayNews(
                    id,
                    about.Each("purchase_units").FirstOrDefault().Text("custom_id") ?? about.Need("id"),
                    null, PayPalOrder.IsForCapture(about) ? new PaymentAuthorized(about.Time(), null) : null, raw),
                "PAYMENT.CAPTURE.COMPLETED" => OfCapture(new PaymentSettled(about.Time(), about.Amount())),
                "PAYMENT.CAPTURE.PENDING" => OfCapture(new PaymentPending(about.Time())),
                "PAYMENT.CAPTURE.DENIED" or "PAYMENT.CAPTURE.DECLINED" => OfCapture(PayPalOrder.Failed(about)),
                "PAYMENT.CAPTURE.REFUNDED" => OfMoney(CaptureOf(about), PayPalOrder.Refunded(about).Event),
                // Of a case or of a bank, which a look shows.
                "PAYMENT.CAPTURE.REVERSED" => OfMoney(CaptureOf(about), null),
                "CUSTOMER.DISPUTE.CREATED" or "CUSTOMER.DISPUTE.UPDATED" or "CUSTOMER.DISPUTE.RESOLVED" => Disputed(),
                _ => new GatewayNews(id, null, null, null, raw),
            };

            GatewayNews OfMoney(string capture, PaymentEvent? said) => new(id, capture, capture, said, raw);

            GatewayNews OfCapture(PaymentEvent said) => new(
                id,
                about.Text("custom_id") ?? about.Part("supplementary_data", "related_ids")?.Text("order_id")
                    ?? about.Need("id"),
                about.Need("id"), said, raw);

            GatewayNews Disputed()
            {
                var capture = about.Each("disputed_transactions").First().Need("seller_transaction_id");
                return OfMoney(capture, PayPalDisputes.Said(about)?.Event);
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
}
