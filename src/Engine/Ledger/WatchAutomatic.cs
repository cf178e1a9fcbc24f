namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// Where automatic billing charges a wallet, set under its lock: one that is there already crosses now. Refusals:
/// <see cref="Refusal.UnknownAccount"/>, <see cref="Refusal.Busy"/>.
/// </summary>
public sealed class WatchAutomatic(Bookkeeper bookkeeper)
{
    /// <param name="thresholdMicros">Null: it does not charge.</param>
    /// <returns>What is left in the wallet, less what calls hold.</returns>
    public Task<Result<long>> Set(long accountNo, string wallet, long? thresholdMicros) =>
        bookkeeper.Ask(new WatchRequest(wallet, thresholdMicros) { AccountNo = accountNo });
}

sealed class WatchRequest(string wallet, long? thresholdMicros) : BookRequest<long>
{
    public override BookPriority Priority => BookPriority.BulkWork;

    protected override Result<long> Decision(Books books)
    {
        if (books.Account(AccountNo) is not { } account) return Refusal.UnknownAccount;
        if (account.WalletNamed(wallet) is not { } found) return new Refused(Refusal.UnknownAccount, wallet);
        if (found.AutomaticMicros != thresholdMicros) books.Watch(account, found, thresholdMicros);
        return found.BalanceMicros - found.HeldMicros;
    }
}
