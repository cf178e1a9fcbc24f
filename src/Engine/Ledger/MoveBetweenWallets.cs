using System.Globalization;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>Money from one wallet of an account to the other (R51). It keeps whatever tax it bore.</summary>
/// <param name="Amount">Above 0.</param>
/// <param name="Key">Names the move once within the account.</param>
public sealed record WalletMove(int ProviderNo, long AccountNo, string From, string To, Money Amount, string Key);

/// <summary>
/// Moves money between an account's own wallets, whole and once: both entries are of one transaction, and each names
/// the other. Refusals: <see cref="Refusal.AmountNotPositive"/>, <see cref="Refusal.BadAmount"/>,
/// <see cref="Refusal.SameWallet"/>, <see cref="Refusal.UnknownAccount"/>, <see cref="Refusal.CurrencyMismatch"/>,
/// <see cref="Refusal.InsufficientFunds"/>, <see cref="Refusal.RepeatedDifferently"/>.
/// </summary>
public sealed class MoveBetweenWallets(Bookkeeper bookkeeper, Database database, IClock clock)
{
    /// <returns>What the wallet has that it was taken from.</returns>
    public async Task<Result<MoneyMoved>> Run(
        WalletMove move, long lowBalanceMicros, Actor by, CancellationToken ct = default)
    {
        if (TypedAmount.Problem(move.Amount.Micros, 1) is { } problem) return problem;
        if (move.From == move.To) return Refusal.SameWallet;
        var moved = await bookkeeper.Ask(new TransferRequest(move, lowBalanceMicros)
        {
            AccountNo = move.AccountNo,
            Key = EntryKey.Of(
                move.ProviderNo, "transfer",
                string.Create(CultureInfo.InvariantCulture, $"{move.AccountNo}/{move.Key}")),
        });
        if (moved.Refused is not null || by.UserNo is null) return moved;
        await database.InTransaction<bool>(
            async (connection, transaction) =>
            {
                var record = new AuditRecord(
                    Act.MovedBetweenWallets, move.ProviderNo, by.UserNo, move.AccountNo, move.Key, by.Name, by.Address)
                {
                    After = $"{move.Amount} from {move.From} to {move.To}",
                };
                await AuditRecordStore.Insert(connection, transaction, record, clock.GetCurrentInstant());
                return true;
            },
            ct);
        return moved;
    }
}

sealed class TransferRequest(WalletMove move, long lowBalanceMicros) : BookRequest<MoneyMoved>
{
    public override BookPriority Priority => BookPriority.EndsAndMoneyIn;

    protected override Result<MoneyMoved> Decision(Books books)
    {
        if (books.Account(AccountNo) is not { } account) return Refusal.UnknownAccount;
        if (account.WalletNamed(move.From) is not { } from || account.WalletNamed(move.To) is not { } to)
            return new Refused(Refusal.UnknownAccount, $"wallets '{move.From}' and '{move.To}'");
        var content = ContentHash.Of(
            "transfer", move.From, move.To, move.Amount.Micros.ToString(CultureInfo.InvariantCulture),
            move.Amount.Currency.Code);
        if (books.KeyKept(Key!.Value) is { } kept)
            return kept.Again(content, account, MoneyMoved.By(kept, account));
        var currency = move.Amount.Currency;
        if (from.Read.Currency != currency || to.Read.Currency != currency) return Refusal.CurrencyMismatch;
        if (move.Amount.Micros > from.AvailableMicros(account.At)) return Refusal.InsufficientFunds;
        if (to.BalanceMicros > MoneyMove.MostMicros - move.Amount.Micros) return Refusal.BadAmount;
        var (fromSeq, toSeq) = (from.Seq + 1, to.Seq + 1);
        Post(from, Transfer.Out(from.Read.LedgerCode, move.Amount.Micros), Transfer.NameOut(to.Read.Name, toSeq));
        Post(to, Transfer.In(to.Read.LedgerCode, move.Amount.Micros), Transfer.NameIn(from.Read.Name, fromSeq));
        books.Keep(Key.Value, content, new EntryRef(from.No, fromSeq), from.BalanceMicros);
        return new MoneyMoved(from.No, fromSeq, new Money(from.BalanceMicros, currency));

        void Post(WalletBooks wallet, Posting side, string other) => books.Post(
            account, wallet, new EntryDraft(EntryKind.Transfer, [side], account.At)
            {
                Reference = other,
                LowBalanceMicros = account.Facts.LowBalanceMicros(lowBalanceMicros),
            });
    }
}
