using System.Net;
using System.Text.Json;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments.Gateways;

/// <summary>PayPal's cases, in which a payer or a bank asks money back.</summary>
sealed class PayPalDisputes(PayPalApi api)
{
    /// <summary>More than one capture ever has: of cases that are open at a time there is one.</summary>
    const int Most = 10;

    public async Task<Result<IReadOnlyList<GatewaySaid>>> Of(string capture, CancellationToken ct)
    {
        var reply = await api.Get(
            $"/v1/customer/disputes?disputed_transaction_id={Uri.EscapeDataString(capture)}&page_size={Most}", ct);
        // Without the right to see cases, which is a setting of its own at PayPal, they are heard of by posts alone.
        if (reply is { Accepted: true, Value.Status: HttpStatusCode.Forbidden }) return Array.Empty<GatewaySaid>();
        var ids = PayPalAnswer.Read(
            reply, body => body.Each("items").Select(item => item.Need("dispute_id")).Take(Most).ToList());
        if (ids.Refused is { } refused) return refused;
        var said = new List<GatewaySaid>();
        foreach (var id in ids.Value)
        {
            // The list does not tell how they ended.
            var one = PayPalAnswer.Read(await api.Get($"/v1/customer/disputes/{Uri.EscapeDataString(id)}", ct), Said);
            if (one.Refused is { } unknown) return unknown;
            if (one.Value is { } told) said.Add(told);
        }
        return said;
    }

    /// <summary>Null where a case ended undecided, because another one took its place.</summary>
    public static GatewaySaid? Said(JsonElement dispute)
    {
        DisputeStage? reached = dispute.Need("status") != "RESOLVED"
            ? DisputeStage.Open
            : dispute.Part("dispute_outcome")?.Text("outcome_code") switch
            {
                "RESOLVED_BUYER_FAVOUR" or "ACCEPTED" => DisputeStage.Lost,
                // With a payout PayPal paid the payer out of its own pocket.
                "RESOLVED_SELLER_FAVOUR" or "RESOLVED_WITH_PAYOUT" or "CANCELED_BY_BUYER" or "DENIED" =>
                    DisputeStage.Won,
                _ => null,
            };
        if (reached is not { } stage) return null;
        var id = dispute.Need("dispute_id");
        // While it is open, it changes with each message in it.
        var at = stage == DisputeStage.Open ? PayPalAnswer.InstantOf(dispute.Need("create_time")) : dispute.Time();
        return PayPalOrder.Said(
            id, $"{stage}", new PaymentDisputed(at, id, dispute.Amount("dispute_amount"), stage), dispute);
    }
}
