using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;
using Tollkeeper.Payments;
using Tollkeeper.Providers;

namespace Tollkeeper.Engine.Payments;

/// <summary>
/// Brings settled payments into the balance with their taxes (ACC-01). Each step can be repeated: the document is paid
/// by one payment, and the books keep the entry by the payment's id. Whatever breaks, the next run goes on.
/// </summary>
public sealed class CreditPayments(Database database, RulesInForce rules, PostMoney money, IClock clock)
{
    const int AtOnce = 100;

    /// <param name="onRefused">Told of each that cannot be credited now, and keeps no other back.</param>
    /// <returns>How many were credited.</returns>
    public async Task<int> Run(Action<Payment, Refused>? onRefused = null, CancellationToken ct = default)
    {
        IReadOnlyList<Payment> waiting;
        await using (var connection = await database.Connect(ct))
            waiting = await PaymentStore.ToCredit(connection, null, clock.GetCurrentInstant(), AtOnce);
        var credited = 0;
        foreach (var payment in waiting)
        {
            // Whatever becomes of it: one that cannot be credited keeps none behind it back.
            await using (var connection = await database.Connect(ct))
                await PaymentStore.SetNext(
                    connection, null, payment.No, clock.GetCurrentInstant() + PaymentPatience.Turn);
            if ((await Credit(payment, ct)).Refused is { } refused) onRefused?.Invoke(payment, refused);
            else credited++;
        }
        return credited;
    }

    /// <summary>
    /// Refusals: <see cref="Refusal.TaxRateMissing"/>, <see cref="Refusal.DepositEnded"/> where another payment has
    /// paid the document, and those of <see cref="PostMoney"/>.
    /// </summary>
    public async Task<Result<Deposit>> Credit(Payment payment, CancellationToken ct = default)
    {
        var inForce = rules.Providers.PolicyOf(payment.ProviderNo, clock.GetCurrentInstant());
        if (inForce.Refused is { } noPolicy) return noPolicy;
        var policy = inForce.Value.Policy;
        var paid = await Pay(payment, policy, ct);
        if (paid.Refused is { } refused) return refused;
        var deposit = paid.Value;
        if (deposit.PaidByNo != payment.No) return Refusal.DepositEnded;
        var posted = await money.Post(
            new MoneyMove(
                deposit.ProviderNo, deposit.AccountNo, deposit.Wallet, EntryKind.Deposit, deposit.Base,
                OfflineMethod.HouseOf(payment.Gateway), payment.Id, deposit.Id)
            {
                Taxes = [.. deposit.Lines.Where(line => line.Micros > 0)
                    .Select(line => new TaxPart(line.House, line.Micros))],
            },
            policy.Alert.LowBalanceMicros);
        if (posted.Refused is { } notPosted) return notPosted;
        await database.InTransaction<bool>(
            async (connection, transaction) =>
            {
                var now = clock.GetCurrentInstant();
                await PaymentStore.Credited(connection, transaction, payment.No, now);
                if (payment.IsAutomatic)
                    await AutomaticBillingStore.Wake(connection, transaction, [payment.AccountNo], now);
                var notice = new PaymentNotice(
                    deposit.Id, deposit.Base.Currency.Code, deposit.Base.Micros, deposit.Total.Micros, "", "", null,
                    now.ToMicros())
                { What = NoticeKind.DepositCredited };
                await NoticeStore.Insert(
                    connection, transaction,
                    Notice.ToAccount(deposit.ProviderNo, deposit.AccountNo, notice, null, $"credited {payment.Id}"),
                    now);
                return true;
            },
            ct);
        return deposit;
    }

    /// <summary>The document as this payment has paid it; for good, so that a second run posts the very same.</summary>
    Task<Result<Deposit>> Pay(Payment payment, Policy policy, CancellationToken ct) => database.InTransaction<Deposit>(
        async (connection, transaction) =>
        {
            var deposit = await DepositStore.Lock(connection, transaction, payment.DepositNo);
            if (deposit.State == DepositState.Paid)
            {
                // Paid by another payment already: staff give one of the two back.
                if (deposit.PaidByNo != payment.No)
                    await PaymentStore.SetState(connection, transaction, payment.No, PaymentState.Mismatched);
                return deposit;
            }
            var facts = await PaymentEventStore.Facts(connection, transaction, payment.No);
            Demand.That(facts.SettledAt is not null, "a settled payment has the time of it");
            var captured = facts.SettledAt.Value.InZone(BillingZone.Of(policy.Calendar).Value).Date;
            var taxes = await ProviderTaxes.Of(
                connection, transaction, rules, deposit.ProviderNo, deposit.AccountNo, policy);
            var paid = deposit.PaidBy(payment.No, captured, taxes);
            if (paid.Accepted)
            {
                await DepositStore.Paid(
                    connection, transaction, paid.Value, clock.GetCurrentInstant(), payment.Gateway);
            }
            return paid;
        },
        ct);
}
