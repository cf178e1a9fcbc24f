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
    /// <summary>More is a mistake, and sums of it would leave the range that balances are counted in.</summary>
    public const long MostMicros = TypedAmount.MostMicros;

    /// <summary>
    /// Taxes that are paid, or go back, with the amount and not out of it, each with its ledger account: 113.00 came,
    /// the balance grows by 100.00 (ACC-01).
    /// </summary>
    public IReadOnlyList<TaxPart> Taxes { get; init; } = [];

    public ContentHash Content => ContentHash.Of(
        [
            "move", Wallet ?? "", Kind.ToString(), Amount.Micros.ToString(CultureInfo.InvariantCulture),
            Amount.Currency.Code, House, AccountNo.ToString(CultureInfo.InvariantCulture),
            .. Taxes.SelectMany(tax => new[] { tax.House, tax.Micros.ToString(CultureInfo.InvariantCulture) }),
        ]);

    /// <summary>Raises the balance, or lowers it within the floor.</summary>
    public bool Raises => Kind switch
    {
        EntryKind.Deposit or EntryKind.Credit => true,
        EntryKind.Debit or EntryKind.Query or EntryKind.Refund or EntryKind.Chargeback => false,
        EntryKind.Call or EntryKind.LateCall or EntryKind.ImportedCall or EntryKind.Reversal or EntryKind.Transfer =>
            throw new InvalidOperationException("Calls, reversals and transfers have requests of their own."),
    };
}

/// <param name="House">Where the tax is owed, such as 2310.</param>
/// <param name="Micros">Positive.</param>
public readonly record struct TaxPart(string House, long Micros);

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
        if (!move.Raises && move.Kind != EntryKind.Chargeback
            && move.Amount.Micros > wallet.AvailableMicros(account.At)) return Refusal.InsufficientFunds;
        if (move.Raises && wallet.BalanceMicros > MoneyMove.MostMicros - move.Amount.Micros) return Refusal.BadAmount;
        var seq = books.Post(account, wallet, new EntryDraft(move.Kind, Postings(wallet.Read.LedgerCode), account.At)
        {
            Reference = move.Reference,
            LowBalanceMicros = account.Facts.LowBalanceMicros(lowBalanceMicros),
        });
        books.Keep(Key.Value, move.Content, new EntryRef(wallet.No, seq!.Value), wallet.BalanceMicros);
        return new MoneyMoved(wallet.No, seq.Value, new Money(wallet.BalanceMicros, wallet.Read.Currency));
    }

    /// <summary>
    /// All of it comes to the wallet, or leaves it, and each tax the other way: every posting has one side there.
    /// </summary>
    List<Posting> Postings(string code)
    {
        var whole = checked(move.Amount.Micros + move.Taxes.Sum(tax => tax.Micros));
        return
        [
            Moved(move.House, whole, move.Raises),
            .. move.Taxes.Select(tax => Moved(tax.House, tax.Micros, !move.Raises)),
        ];

        Posting Moved(string house, long micros, bool toWallet) =>
            toWallet ? new Posting(house, code, micros) : new Posting(code, house, micros);
    }
}
