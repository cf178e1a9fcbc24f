using System.Collections.Concurrent;
using System.Diagnostics;
using NodaTime;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// What an audit saw: findings in order (the first thousand), how many in all, and the anchor for the next.
/// </summary>
public sealed record AuditReport(
    IReadOnlyList<AuditFinding> Findings, long FindingCount, AuditCounts Counts, TimeSpan Took, AuditAnchor Anchor)
{
    public bool Clean => FindingCount == 0;
}

/// <summary>
/// Computes again everything in the books that must add up, while calls go on: wallets in ranges, each range in a short
/// snapshot of its own, so that a wallet that moves meanwhile is seen as it was at one moment.
/// </summary>
/// <param name="zoneOf">
/// The zone of a provider's days, the same that the books were kept by; null where it changed, and only totals over all
/// days are compared.
/// </param>
public sealed class AuditBooks(Database database, Func<int, DateTimeZone?> zoneOf)
{
    /// <summary>More do not help: the database's side of each is as much work as ours.</summary>
    const int MostAtOnce = 4;

    static int Workers => Math.Clamp(Environment.ProcessorCount, 1, MostAtOnce);

    public async Task<AuditReport> Run(
        AuditAnchor? anchor = null, Action<AuditCounts>? onRange = null, CancellationToken ct = default)
    {
        var begun = Stopwatch.GetTimestamp();
        var found = new AuditFindings();
        var counts = new AuditCounts();
        var (ranges, calls) = await Plan(found, ct);
        var keys = new CallKeysSeen(calls);
        var waiting = new ConcurrentQueue<WalletRange>(ranges);
        var zones = new ConcurrentDictionary<int, DateTimeZone?>();
        var seen = await Task.WhenAll(Enumerable.Range(0, Workers)
            .Select(_ => Task.Run(Work, ct)));
        return new AuditReport(
            found.InOrder(), found.Count, counts, Stopwatch.GetElapsedTime(begun),
            AuditAnchor.Of(seen.SelectMany(some => some)));

        async Task<IReadOnlyList<(long, AnchoredWallet)>> Work()
        {
            await using var store = await AuditStore.Open(database, ct);
            var range = new AuditRange(
                store, found, keys, no => zones.GetOrAdd(no, zoneOf), anchor ?? AuditAnchor.None, counts);
            while (waiting.TryDequeue(out var next))
            {
                ct.ThrowIfCancellationRequested();
                range.Run(next);
                onRange?.Invoke(counts);
            }
            return range.Anchored;
        }
    }

    /// <summary>What is not about one wallet, and the ranges into which the wallets are cut.</summary>
    async Task<(List<WalletRange> Ranges, long Calls)> Plan(AuditFindings found, CancellationToken ct)
    {
        await using var store = await AuditStore.Open(database, ct);
        using (var rows = store.HeldAndEnded())
        {
            while (rows.Next())
                found.Add(new AuditFinding(
                    AuditCheck.CallTwice, rows.Long(), rows.Long(),
                    "the call has ended and is held as if it went on."));
        }
        using (var rows = store.WrongBlocks())
        {
            while (rows.Next())
                found.Add(new AuditFinding(AuditCheck.Blocks, 0, 0,
                    $"account {rows.Long()} blocks {rows.Long()} and its standing suspensions {rows.Long()}."));
        }
        PairTransfers(store, found);
        return ([.. store.Ranges(Workers)], store.CallsInAll());
    }

    /// <summary>Both sides were written in one transaction, so that one statement sees both.</summary>
    static void PairTransfers(AuditStore store, AuditFindings found)
    {
        var (account, sides) = (0L, new List<TransferSide>());
        using var rows = store.Transfers();
        while (rows.Next())
        {
            var next = rows.Long();
            if (next != account) Judge();
            account = next;
            sides.Add(new TransferSide(
                rows.Long(), rows.Text(), rows.Long(), rows.Long(), rows.Long(), rows.TextOrNull() ?? ""));
        }
        Judge();

        void Judge()
        {
            foreach (var side in Transfer.Alone(sides))
                found.Add(new AuditFinding(AuditCheck.Transfer, side.WalletNo, side.Seq,
                    $"entry {side.Seq} moves money between wallets, and none in the other one answers it."));
            sides.Clear();
        }
    }
}
