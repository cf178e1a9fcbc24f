using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Payments;
using Tollkeeper.Providers;

namespace Tollkeeper.Engine.Payments;

/// <summary>
/// Writes down that a deposit is going to be paid at a gateway, before the gateway is asked: whatever breaks then, what
/// the gateway says finds its payment. Refusals: <see cref="Refusal.UnknownDeposit"/>,
/// <see cref="Refusal.DepositEnded"/>.
/// </summary>
public sealed class BeginPayment(Database database, IClock clock)
{
    public Task<Result<Payment>> Run(
        long accountNo, string depositId, string gateway, PaymentMethod method, Actor by,
        CancellationToken ct = default) =>
        database.InTransaction<Payment>(
            async (connection, transaction) =>
            {
                var found = await DepositStore.Find(connection, transaction, accountNo, depositId);
                if (found.Refused is { } unknown) return unknown;
                var deposit = await DepositStore.Lock(connection, transaction, found.Value.No);
                if (deposit.State != DepositState.Outstanding) return Refusal.DepositEnded;
                return await PaymentStore.Insert(
                    connection, transaction, deposit, gateway, method, clock.GetCurrentInstant(), by.Name);
            },
            ct);
}
