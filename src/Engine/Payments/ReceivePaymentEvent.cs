using System.Data.Common;
using NodaTime;
using Tollkeeper.Engine.Payments.Gateways;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments;

/// <summary>
/// Keeps what a gateway said of a payment, once, and what follows of all that it said (PAY-01). Nothing is credited
/// here: what has settled waits for <see cref="CreditPayments"/>, what was agreed to for <see cref="AdvancePayments"/>.
/// </summary>
public sealed class ReceivePaymentEvent(Database database, IClock clock)
{
    /// <summary>
    /// What the gateway told of its own accord. What is about no payment that is known here is kept too, and found by
    /// the nightly comparison.
    /// </summary>
    public Task Run(int providerNo, string gateway, GatewayNews news, CancellationToken ct = default) =>
        database.InTransaction(
            async (connection, transaction) =>
            {
                var now = clock.GetCurrentInstant();
                var found = news.Target is null
                    ? Refusal.UnknownPayment
                    : await PaymentStore.Lock(connection, transaction, providerNo, gateway, news.Target);
                if (found.Refused is not null || news.Event is null)
                {
                    await PaymentEventStore.AddOther(
                        connection, transaction, providerNo, gateway, news.EventId, news.Target, news.Event, news.Raw,
                        now);
                    // It only says that there is something to look at.
                    if (found is { Accepted: true, Value.IsOpen: true })
                        await PaymentStore.SetNext(connection, transaction, found.Value.No, now);
                    else if (news.Target is not null)
                        await CardSetupStore.Hint(connection, transaction, providerNo, gateway, news.Target, now);
                    return true;
                }
                await Keep(
                    connection, transaction, found.Value, news.MoneyReference,
                    [new GatewaySaid(news.EventId, news.Event, news.Raw)], now);
                return true;
            },
            ct);

    /// <summary>What the gateway answered when it was asked.</summary>
    /// <returns>The payment as it now is.</returns>
    public Task<Payment> Run(long paymentNo, GatewayView view, CancellationToken ct = default) =>
        database.InTransaction(
            async (connection, transaction) =>
            {
                var payment = await PaymentStore.Lock(connection, transaction, paymentNo);
                return await Keep(
                    connection, transaction, payment, view.MoneyReference, view.Said, clock.GetCurrentInstant());
            },
            ct);

    /// <summary>The same for what people say of money that no gateway brought.</summary>
    public Task<Payment> Run(long paymentNo, GatewaySaid said, CancellationToken ct = default) =>
        Run(paymentNo, new GatewayView("", null, [said]), ct);

    static async Task<Payment> Keep(
        DbConnection connection, DbTransaction transaction, Payment payment, string? moneyReference,
        IReadOnlyList<GatewaySaid> said, Instant now)
    {
        if (moneyReference is not null && payment.MoneyReference is null)
        {
            await PaymentStore.SetMoneyReference(connection, transaction, payment.No, moneyReference);
            payment = payment with { MoneyReference = moneyReference };
            await PaymentEventStore.Match(connection, transaction, payment);
        }
        foreach (var one in said) await PaymentEventStore.Add(connection, transaction, payment, one, now);
        var facts = await PaymentEventStore.Facts(connection, transaction, payment.No);
        foreach (var dispute in facts.Disputes.Values)
            await DisputeStore.Put(connection, transaction, payment, dispute, now);
        foreach (var refund in facts.Refunds.Values.Where(one => one.Failed))
            await RefundStore.Wake(connection, transaction, payment.No, refund.Id, now);
        var state = facts.StateFor(payment.Asked);
        if (state == payment.State) return payment;
        await PaymentStore.SetState(connection, transaction, payment.No, state);
        var changed = payment with { State = state };
        var next = state == PaymentState.Authorized ? now : PaymentPatience.NextLook(changed, now);
        await PaymentStore.SetNext(connection, transaction, payment.No, next);
        // What automatic billing does next depends on how the charge ended.
        if (payment.IsAutomatic)
            await AutomaticBillingStore.Wake(connection, transaction, [payment.AccountNo], now);
        return changed;
    }
}
