using System.Globalization;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// Says how far a postpaid wallet may be used, from an instant on, for good or until another (R60). Records are added,
/// never changed; a limit below what is used already stops what is new and takes nothing back.
/// </summary>
public sealed class SetCreditLimit(Bookkeeper bookkeeper)
{
    public Task<Result<MoneyMoved>> Set(CreditLimitChange change)
    {
        if (change.Limit.Micros is < 0 or > MoneyMove.MostMicros || change.Until <= change.From)
            return Task.FromResult<Result<MoneyMoved>>(Refusal.BadAmount);
        return bookkeeper.Ask(new FloorRequest(change)
        {
            AccountNo = change.AccountNo,
            Key = EntryKey.Of(change.ProviderNo, "credit-limit", change.Key),
        });
    }
}

/// <param name="From">Null: from now on.</param>
/// <param name="Until">Null: for good.</param>
public sealed record CreditLimitChange(
    int ProviderNo, long AccountNo, string? Wallet, Money Limit, Instant? From, Instant? Until, string Key, string By);

sealed class FloorRequest(CreditLimitChange change) : BookRequest<MoneyMoved>
{
    public override BookPriority Priority => BookPriority.EndsAndMoneyIn;

    protected override Result<MoneyMoved> Decision(Books books)
    {
        if (books.Account(AccountNo) is not { } account) return Refusal.UnknownAccount;
        var wallet = change.Wallet is { } name ? account.WalletNamed(name) : account.Wallet(Directions.Outbound);
        if (wallet is null) return new Refused(Refusal.UnknownAccount, $"wallet '{change.Wallet}'");
        if (wallet.Read.Currency != change.Limit.Currency) return Refusal.CurrencyMismatch;
        if (account.Facts.Type == AccountType.Prepaid && change.Limit.Micros != 0) return Refusal.BadAmount;
        var content = ContentHash.Of(
            "credit-limit", AccountNo.ToString(CultureInfo.InvariantCulture), wallet.Read.Name,
            change.Limit.Micros.ToString(CultureInfo.InvariantCulture),
            change.From?.ToMicros().ToString(CultureInfo.InvariantCulture) ?? "",
            change.Until?.ToMicros().ToString(CultureInfo.InvariantCulture) ?? "");
        if (books.KeyKept(Key!.Value) is { } kept)
            return kept.Again(content, account, MoneyMoved.By(kept, account));
        if (change.Until <= account.At) return new Refused(Refusal.BadInstant, "until");
        var from = change.From is { } set && set > account.At ? set : account.At;
        books.AddFloor(
            account, wallet, new FloorRecord(from.CutToMicros(), change.Until?.CutToMicros(), -change.Limit.Micros),
            change.By);
        books.Keep(Key.Value, content, new EntryRef(wallet.No, wallet.Seq), wallet.BalanceMicros);
        return new MoneyMoved(wallet.No, wallet.Seq, new Money(wallet.BalanceMicros, wallet.Read.Currency));
    }
}
