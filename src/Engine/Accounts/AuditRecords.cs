using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>
/// Puts on record what happened on a page, without making the page wait or fail: records are kept in memory and
/// written within a second, later when the database is away. An operation that has a transaction of its own writes its
/// record in it instead.
/// </summary>
public sealed class AuditRecords(Database database, IClock clock) : IDisposable
{
    /// <summary>With the database away for long, or somebody asking for foreign things in a loop, the rest is counted
    /// only.</summary>
    const int Most = 10_000;

    const int MostAtOnce = 500;

    readonly ConcurrentQueue<(AuditRecord Record, Instant At)> waiting = new();
    readonly SemaphoreSlim writing = new(1, 1);
    long lost;

    /// <summary>How many could not be kept since the start.</summary>
    public long Lost => Interlocked.Read(ref lost);

    static readonly Counter<long> LostOnes =
        new Meter("Tollkeeper.Accounts").CreateCounter<long>("tollkeeper.audit_records.lost");

    public void Dispose() => writing.Dispose();

    /// <param name="at">When it happened; null for now.</param>
    public void Add(AuditRecord record, Instant? at = null)
    {
        if (waiting.Count >= Most)
        {
            Interlocked.Increment(ref lost);
            LostOnes.Add(1);
        }
        else waiting.Enqueue((record, at ?? clock.GetCurrentInstant()));
    }

    /// <summary>Writes what is waiting. What could not be written waits on.</summary>
    public async Task Write(CancellationToken ct = default)
    {
        if (waiting.IsEmpty) return;
        await writing.WaitAsync(ct);
        try
        {
            while (!waiting.IsEmpty)
            {
                var some = waiting.Take(MostAtOnce).ToList();
                await database.InTransaction<bool>(
                    async (connection, transaction) =>
                    {
                        foreach (var (record, at) in some)
                            await AuditRecordStore.Insert(connection, transaction, record, at);
                        return true;
                    },
                    ct);
                for (var i = 0; i < some.Count; i++) waiting.TryDequeue(out _);
            }
        }
        finally
        {
            writing.Release();
        }
    }
}
