using System.Globalization;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// Corrects an entry by its mirror, which names it; nothing is ever edited. An entry is reversed once, a reversal
/// never: what was reversed wrongly is posted anew. May take the wallet below its floor.
/// </summary>
public sealed class ReverseEntry(Bookkeeper bookkeeper)
{
    public Task<Result<MoneyMoved>> Reverse(int providerNo, long accountNo, EntryRef entry, string reason,
        long lowBalanceMicros) =>
        bookkeeper.Ask(new ReverseRequest(entry, reason, lowBalanceMicros)
        {
            AccountNo = accountNo,
            Entry = entry,
            Key = KeyOf(providerNo, entry),
        });

    /// <summary>By which the reversal of an entry is kept, and found.</summary>
    public static EntryKey KeyOf(int providerNo, EntryRef entry) => EntryKey.Of(
        providerNo, "reverse", string.Create(CultureInfo.InvariantCulture, $"{entry.WalletNo}/{entry.Seq}"));
}

sealed class ReverseRequest(EntryRef entry, string reason, long lowBalanceMicros) : BookRequest<MoneyMoved>
{
    public override BookPriority Priority => BookPriority.EndsAndMoneyIn;

    protected override Result<MoneyMoved> Decision(Books books)
    {
        if (books.Account(AccountNo) is not { } account) return Refusal.UnknownAccount;
        var wallet = account.Wallets.FirstOrDefault(each => each.No == entry.WalletNo);
        if (wallet is null || books.EntryAt(entry) is not { } original) return Refusal.UnknownEntry;
        if (original.Kind is EntryKind.Reversal or EntryKind.Transfer) return Refusal.NothingToReverse;
        var content = ContentHash.Of("reverse", reason);
        if (books.KeyKept(Key!.Value) is { } kept)
        {
            var first = new MoneyMoved(kept.WalletNo, kept.Seq, new Money(kept.BalanceMicros, wallet.Read.Currency));
            return kept.Content == content ? first : new Refused(Refusal.AlreadyReversed, First: first);
        }
        var mirror = original.Postings.Select(p => new Posting(p.Credit, p.Debit, p.AmountMicros)).ToList();
        var seq = books.Post(account, wallet, new EntryDraft(EntryKind.Reversal, mirror, account.At)
        {
            Reference = reason,
            ReversesSeq = original.Seq,
            CallN = original.CallN,
            LowBalanceMicros = account.Facts.LowBalanceMicros(lowBalanceMicros),
        });
        books.Keep(Key.Value, content, new EntryRef(wallet.No, seq!.Value), wallet.BalanceMicros);
        return new MoneyMoved(wallet.No, seq.Value, new Money(wallet.BalanceMicros, wallet.Read.Currency));
    }
}
