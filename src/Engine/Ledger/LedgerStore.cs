using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Ledger;

/// <summary>The books in order, for whoever writes them down elsewhere: a snapshot for each range of wallets.</summary>
sealed class LedgerStore(SnapshotStore snapshot) : IAsyncDisposable
{
    public static async Task<LedgerStore> Open(Database database, CancellationToken ct) =>
        new(await SnapshotStore.Open(database, ct));

    public IReadOnlyList<WalletRange> Ranges() => [.. new AuditStore(snapshot).Ranges(workers: 1)];

    public void Begin() => snapshot.Begin();

    public void End() => snapshot.End();

    public SnapshotRows Currencies() => snapshot.Read("select distinct currency from wallet order by currency");

    public SnapshotRows Wallets(WalletRange range) => snapshot.Read(
        $"""
        select w.no, a.id, w.name, w.currency, w.ledger_code, w.balance_micros
        from wallet w join account a on a.no = w.account_no where {range.In("w.no")} order by w.no
        """);

    /// <summary>Each posting with its entry.</summary>
    public SnapshotRows Postings(WalletRange range) => snapshot.Read(
        $"""
        select e.wallet_no, e.seq, e.kind, e.occurred_at_micros, e.recorded_at_micros, e.reference, e.balance_micros,
          p.n, p.debit, p.credit, p.amount_micros
        from entry e join posting p on p.wallet_no = e.wallet_no and p.seq = e.seq
        where {range.In("e.wallet_no")} order by e.wallet_no, e.seq, p.n
        """);

    public ValueTask DisposeAsync() => snapshot.DisposeAsync();
}
