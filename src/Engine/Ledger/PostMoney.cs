using System.Globalization;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// Money that comes to or goes from one wallet and is no call. <paramref name="Key"/> names it once within its kind:
/// the same key and content again is answered as the first time.
/// </summary>
/// <param name="Wallet">The wallet's name; null: the main or the outbound one.</param>
/// <param name="Amount">Always positive; the kind says which way it goes.</param>
/// <param name="House">The ledger account on the other side.</param>
public sealed record MoneyMove(
    int ProviderNo, long AccountNo, string? Wallet, EntryKind Kind, Money Amount, string House, string Key,
    string Reference)
{
    /// <summary>
    /// A trillion of any currency: more is a mistake, and sums of it would leave the range that balances are counted
    /// in.
    /// </summary>
    public const long MostMicros = 1_000_000_000_000_000_000;

    public ContentHash Content => ContentHash.Of(
        "move", Wallet ?? "", Kind.ToString(), Amount.Micros.ToString(CultureInfo.InvariantCulture),
        Amount.Currency.Code,
        House, AccountNo.ToString(CultureInfo.InvariantCulture));

    /// <summary>Raises the balance, or lowers it within the floor.</summary>
    public bool Raises => Kind switch
    {
        EntryKind.Deposit or EntryKind.Credit => true,
        EntryKind.Debit or EntryKind.Query => false,
        EntryKind.Call or EntryKind.LateCall or EntryKind.ImportedCall or EntryKind.Reversal =>
            throw new InvalidOperationException("Calls and reversals are not moved by hand."),
    };
}

/// <summary>What was posted: its number in the wallet, and the balance right after it.</summary>
public sealed record MoneyMoved(long WalletNo, long Seq, Money Balance)
{
    internal static MoneyMoved By(in KeptKey kept, AccountBooks account) =>
        new(kept.WalletNo, kept.Seq, new Money(kept.BalanceMicros, account.Facts.Currency));
}

/// <summary>Posts a deposit, a credit, a debit or a query's fee.</summary>
public sealed class PostMoney(Bookkeeper bookkeeper)
{
    public Task<Result<MoneyMoved>> Post(MoneyMove move, long lowBalanceMicros)
    {
        if (move.Amount.Micros is <= 0 or > MoneyMove.MostMicros) return Task.FromResult<Result<MoneyMoved>>(
            Refusal.BadAmount);
        return bookkeeper.Ask(new MoneyRequest(move, lowBalanceMicros)
        {
            AccountNo = move.AccountNo,
            Key = EntryKey.Of(move.ProviderNo, move.Kind.ToString(), move.Key),
        });
    }
}

sealed class MoneyRequest(MoneyMove move, long lowBalanceMicros) : BookRequest<MoneyMoved>
{
    public override BookPriority Priority => BookPriority.EndsAndMoneyIn;

    protected override Result<MoneyMoved> Decision(Books books)
    {
        if (books.Account(AccountNo) is not { } account) return Refusal.UnknownAccount;
        if (books.KeyKept(Key!.Value) is { } kept)
            return kept.Again(move.Content, account, MoneyMoved.By(kept, account));
        var wallet = move.Wallet is { } name ? account.WalletNamed(name) : account.Wallet(Directions.Outbound);
        if (wallet is null) return new Refused(Refusal.UnknownAccount, $"wallet '{move.Wallet}'");
        if (wallet.Read.Currency != move.Amount.Currency) return Refusal.CurrencyMismatch;
        if (!move.Raises && move.Amount.Micros > wallet.AvailableMicros(account.At)) return Refusal.InsufficientFunds;
        if (move.Raises && wallet.BalanceMicros > MoneyMove.MostMicros - move.Amount.Micros) return Refusal.BadAmount;
        var code = wallet.Read.LedgerCode;
        var posting = move.Raises
            ? new Posting(move.House, code, move.Amount.Micros)
            : new Posting(code, move.House, move.Amount.Micros);
        var seq = books.Post(account, wallet, new EntryDraft(move.Kind, [posting], account.At)
        {
            Reference = move.Reference,
            LowBalanceMicros = account.Facts.LowBalanceMicros(lowBalanceMicros),
        });
        books.Keep(Key.Value, move.Content, new EntryRef(wallet.No, seq!.Value), wallet.BalanceMicros);
        return new MoneyMoved(wallet.No, seq.Value, new Money(wallet.BalanceMicros, wallet.Read.Currency));
    }
}
