using Tollkeeper.Charging;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// The calls of a range beside the entries that charged them: each priced again, each charged by its own entry, none
/// twice. Calls and their entries have the same order, so that both are gone through once.
/// </summary>
sealed class AuditCalls(
    AuditStore store, Dictionary<long, WalletAudit> wallets, CallKeysSeen keys, AuditFindings found)
{
    /// <summary>Few enough for one query.</summary>
    const int DoubtsAtOnce = 2_000;

    readonly HashSet<Guid> doubts = [];
    BookPlace? after;

    public long Count { get; private set; }

    /// <param name="upTo">Where the range ends; null while pages follow, and then up to the page's last call.</param>
    public void Read(AuditedEntries page, BookPlace? upTo, WalletRange range)
    {
        var from = after ?? new BookPlace(range.After, long.MaxValue);
        var to = upTo ?? LastCallOf(page, from);
        after = to;
        var at = 0;
        using (var rows = store.Calls(from, to))
        {
            while (rows.Next())
            {
                Count++;
                Check(AuditedCall.Read(rows, out var key, out var currency), currency, page, ref at);
                if (!keys.Add(key)) doubts.Add(new Guid(key, bigEndian: true));
            }
        }
        for (at = NextCharge(page, at); at < page.Count; at = NextCharge(page, at + 1)) Uncalled(page.Entry(at));
        if (doubts.Count >= DoubtsAtOnce || upTo is not null) LookUpDoubts();
    }

    /// <summary>A damaged number must not draw all calls of the wallet into one page.</summary>
    BookPlace LastCallOf(AuditedEntries page, BookPlace from)
    {
        var wallet = page.LastPlace.WalletNo;
        var n = from.WalletNo == wallet ? from.N : 0;
        var most = wallets.TryGetValue(wallet, out var known) ? known.Wallet.Calls : 0;
        for (var i = page.Count - 1; i >= 0 && page.Entry(i).WalletNo == wallet; i--)
        {
            if (!IsCharge(page.Entry(i))) continue;
            n = Math.Max(n, Math.Min(page.Entry(i).CallN, most));
            break;
        }
        return new BookPlace(wallet, n);
    }

    void Check(in AuditedCall call, ReadOnlySpan<byte> currency, AuditedEntries page, ref int at)
    {
        if (!wallets.TryGetValue(call.WalletNo, out var wallet))
        {
            Found(AuditCheck.CallEntry, call, $"call {call.N} belongs to this wallet, which is not there.");
            return;
        }
        wallet.Call(call.N, call.RecordedAtMicros);
        if (!currency.SequenceEqual(wallet.CurrencyUtf8))
            Found(AuditCheck.Currency, call, $"call {call.N} is in another currency than its wallet.");
        if (call.AccountNo != wallet.Wallet.AccountNo)
            Found(AuditCheck.CallEntry, call, $"call {call.N} names another account than its wallet.");
        if (!call.TermsReadable)
            Found(AuditCheck.Price, call, $"the terms of call {call.N} cannot be read.");
        else if (PricedAgain.Difference(call.Priced) is { } difference)
            Found(AuditCheck.Price, call, $"call {call.N} is not priced by its terms: {difference}.");

        at = NextCharge(page, at);
        while (at < page.Count && IsBefore(page.Entry(at), call))
        {
            Uncalled(page.Entry(at));
            at = NextCharge(page, at + 1);
        }
        var charged = at < page.Count && page.Entry(at).WalletNo == call.WalletNo && page.Entry(at).CallN == call.N;
        if (charged) Compare(call, page.Entry(at++));
        else if (call.EntrySeq is { } seq)
            Found(AuditCheck.CallEntry, call, $"call {call.N} names entry {seq}, which does not charge it.");
        else if (call.TotalMicros != 0)
            Found(AuditCheck.CallEntry, call, $"call {call.N} costs {call.TotalMicros} micros and has no entry.");
    }

    void Compare(in AuditedCall call, in EntryNumbers entry)
    {
        var kind = call.Priced.GrantedSeconds is null ? EntryKind.ImportedCall
            : call.Stale ? EntryKind.LateCall : EntryKind.Call;
        if (call.EntrySeq != entry.Seq)
            Found(AuditCheck.CallEntry, call, $"call {call.N} is charged by entry {entry.Seq} and names another.");
        else if (entry.AmountMicros != unchecked(-call.TotalMicros))
            Found(AuditCheck.CallEntry, call,
                $"call {call.N} costs {call.TotalMicros} micros and entry {entry.Seq} moves {entry.AmountMicros}.");
        else if (entry.BalanceMicros != call.BalanceMicros)
            Found(AuditCheck.CallEntry, call, $"call {call.N} and entry {entry.Seq} tell two balances.");
        else if (entry.Kind != (int)kind)
            Found(AuditCheck.CallEntry, call, $"call {call.N} is of kind {kind} and entry {entry.Seq} is not.");
    }

    void LookUpDoubts()
    {
        if (doubts.Count == 0) return;
        foreach (var some in doubts.Chunk(DoubtsAtOnce))
        {
            using var rows = store.Twice(some);
            while (rows.Next())
            {
                var key = new Guid(rows.Bytes(), bigEndian: true);
                found.Add(new AuditFinding(AuditCheck.CallTwice, rows.Long(), rows.Long(),
                    $"call key {key:n} ended {rows.Long()} times, here and elsewhere."));
            }
        }
        doubts.Clear();
    }

    void Uncalled(in EntryNumbers entry) => found.Add(new AuditFinding(
        AuditCheck.CallEntry, entry.WalletNo, entry.Seq,
        $"entry {entry.Seq} charges call {entry.CallN}, which is not there or was charged before."));

    void Found(AuditCheck check, in AuditedCall call, string sentence) =>
        found.Add(new AuditFinding(check, call.WalletNo, call.N, sentence));

    static int NextCharge(AuditedEntries page, int at)
    {
        while (at < page.Count && !IsCharge(page.Entry(at))) at++;
        return at;
    }

    static bool IsCharge(in EntryNumbers entry) =>
        entry.Kind is (int)EntryKind.Call or (int)EntryKind.LateCall or (int)EntryKind.ImportedCall;

    static bool IsBefore(in EntryNumbers entry, in AuditedCall call) =>
        (entry.WalletNo, entry.CallN).CompareTo((call.WalletNo, call.N)) < 0;
}

/// <summary>The columns of a call that an audit looks at.</summary>
readonly struct AuditedCall
{
    public required long WalletNo { get; init; }
    public required long N { get; init; }
    public required long AccountNo { get; init; }
    public required bool Stale { get; init; }
    public required long BalanceMicros { get; init; }
    public required long? EntrySeq { get; init; }
    public required bool TermsReadable { get; init; }
    public required PricedCall Priced { get; init; }
    public required long RecordedAtMicros { get; init; }

    public long TotalMicros => unchecked(Priced.ChargeMicros + Priced.TaxMicros);

    public static AuditedCall Read(SnapshotRows rows, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> currency)
    {
        var (walletNo, n) = (rows.Long(), rows.Long());
        key = rows.Bytes();
        var account = rows.Long();
        currency = rows.Bytes();
        var (billable, seconds, granted) = (rows.YesNo(), rows.Int(), (int?)rows.LongOrNull());
        var (billed, overrun, stale) = (rows.Int(), rows.Int(), rows.YesNo());
        var (charge, tax, balance, entry) = (rows.Long(), rows.Long(), rows.Long(), rows.LongOrNull());
        var terms = new KeptTerms { Prefix = "", Destination = "", RateE8 = rows.Long() };
        var readable = KeptTerms.TryRead(rows.Bytes(), ref terms);
        return new AuditedCall
        {
            WalletNo = walletNo,
            N = n,
            AccountNo = account,
            Stale = stale,
            BalanceMicros = balance,
            EntrySeq = entry,
            TermsReadable = readable,
            Priced = new PricedCall(billable, seconds, granted, billed, overrun, charge, tax, terms),
            RecordedAtMicros = rows.Long(),
        };
    }
}
