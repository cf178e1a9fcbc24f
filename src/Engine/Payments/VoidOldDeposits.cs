using NodaTime;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Payments;

/// <summary>C18: deposits that nobody paid for as long as the provider waits are cancelled.</summary>
public sealed class VoidOldDeposits(Database database, RulesInForce rules, IClock clock)
{
    const string By = "age";
    const int AtOnce = 500;

    /// <returns>How many were cancelled.</returns>
    public async Task<int> Run(int providerNo, CancellationToken ct = default)
    {
        var now = clock.GetCurrentInstant();
        var policy = rules.Providers.PolicyOf(providerNo, now);
        if (policy.Refused is not null || policy.Value.Policy.Payments.VoidAfterDays is not { } days) return 0;
        var voided = 0;
        while (!ct.IsCancellationRequested)
        {
            var some = await database.InTransaction(
                async (connection, transaction) =>
                {
                    var old = await DepositStore.OutstandingSince(
                        connection, transaction, providerNo, now - Duration.FromDays(days), AtOnce);
                    var ended = 0;
                    foreach (var deposit in old)
                    {
                        // What is on its way is waited for.
                        var tries = await PaymentStore.OfDeposit(connection, transaction, deposit.No);
                        if (tries.Any(one => one.IsOpen)) continue;
                        if (await DepositStore.Void(connection, transaction, deposit.No, now, By)) ended++;
                    }
                    return ended;
                },
                ct);
            voided += some;
            if (some == 0) break;
        }
        return voided;
    }
}
