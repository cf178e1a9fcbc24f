using NodaTime;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments;

/// <summary>
/// Keeps what a gateway said of a payment, once, and what follows of all that it said (PAY-01). Nothing is credited
/// here: what has settled waits for <see cref="CreditPayments"/>. Refusal: <see cref="Refusal.UnknownPayment"/>.
/// </summary>
public sealed class ReceivePaymentEvent(Database database, IClock clock)
{
    /// <returns>The payment as it now is.</returns>
    public Task<Result<Payment>> Run(
        string gateway, string paymentId, GatewaySaid said, CancellationToken ct = default) =>
        database.InTransaction<Payment>(
            async (connection, transaction) =>
            {
                var found = await PaymentStore.Lock(connection, transaction, gateway, paymentId);
                if (found.Refused is { } unknown) return unknown;
                var payment = found.Value;
                if (!await PaymentStore.Add(connection, transaction, payment, said, clock.GetCurrentInstant()))
                    return payment;
                var facts = await PaymentStore.Facts(connection, transaction, payment.No);
                var state = facts.StateFor(payment.Asked);
                if (state != payment.State)
                    await PaymentStore.SetState(connection, transaction, payment.No, state);
                return payment with { State = state };
            },
            ct);
}
