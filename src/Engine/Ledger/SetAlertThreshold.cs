using Tollkeeper.Providers;

namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// The customer's own low-balance amount (R82, C7), changed under the lock of the wallets that it watches: a balance
/// that it passes by being changed is told of once, like one that moved. Refusals:
/// <see cref="Refusal.BadAmount"/> outside of what the policy allows, <see cref="Refusal.UnknownAccount"/>,
/// <see cref="Refusal.Busy"/>.
/// </summary>
public sealed class SetAlertThreshold(Bookkeeper bookkeeper)
{
    /// <param name="micros">Null: the package's amount, or the policy's.</param>
    /// <returns>The amount that now rules.</returns>
    public Task<Result<long>> Set(long accountNo, long? micros, AlertRules rules) =>
        micros is { } chosen && (chosen < rules.LeastMicros || chosen > rules.MostMicros)
            ? Task.FromResult<Result<long>>(Refusal.BadAmount)
            : bookkeeper.Ask(new AlertRequest(micros, rules.LowBalanceMicros) { AccountNo = accountNo });
}

sealed class AlertRequest(long? micros, long lowBalanceOfPolicy) : BookRequest<long>
{
    public override BookPriority Priority => BookPriority.BulkWork;

    protected override Result<long> Decision(Books books)
    {
        if (books.Account(AccountNo) is not { } account) return Refusal.UnknownAccount;
        if (account.Facts.AlertThresholdMicros != micros) books.SetAlert(account, micros, lowBalanceOfPolicy);
        return account.Facts.LowBalanceMicros(lowBalanceOfPolicy);
    }
}
