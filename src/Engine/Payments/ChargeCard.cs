using NodaTime;
using Tollkeeper.Engine.Payments.Gateways;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments;

/// <summary>
/// Charges a stored card for a payment, once: the charge is prepared and its name written down before money moves, and
/// a gateway moves the money of one charge once. Wherever it breaks off, the same is done again. Refusals: those of
/// <see cref="IGateway"/>.
/// </summary>
sealed class ChargeCard(Database database, IClock clock)
{
    public async Task<Result<GatewayView>> Run(IGateway gateway, Payment payment, CancellationToken ct)
    {
        Demand.That(payment.CardNo is not null, "a stored card is charged");
        StoredCard card;
        Deposit deposit;
        await using (var connection = await database.Connect(ct))
        {
            card = await CardStore.Read(connection, null, payment.CardNo.Value);
            deposit = await DepositStore.Read(connection, null, payment.DepositNo);
        }
        // The customer took the card away, paid in another way, or cancelled: it is not charged.
        if (card.RemovedAt is not null) return NotCharged(payment, "card_removed");
        if (deposit.State != DepositState.Outstanding) return NotCharged(payment, "deposit_ended");
        var order = new ChargeOrder(payment.Id, payment.Asked, deposit.Id, card.Instrument);
        if (payment.Reference is not { } reference)
        {
            var prepared = await gateway.Prepare(order, ct);
            if (prepared.Refused is { } refused) return refused;
            reference = prepared.Value;
            await using var connection = await database.Connect(ct);
            await PaymentStore.SetReference(
                connection, null, payment.No, reference, null, null, clock.GetCurrentInstant() + PaymentPatience.Turn);
        }
        return await gateway.Charge(reference, order, ct);
    }

    GatewayView NotCharged(Payment payment, string why) => new(
        payment.Reference ?? "", null,
        [
            new GatewaySaid(
                $"{why}/{payment.Id}",
                new PaymentFailed(clock.GetCurrentInstant(), DeclineClass.FixFirst, why), ""),
        ]);
}
