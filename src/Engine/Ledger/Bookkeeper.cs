using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using NodaTime;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// How much the bookkeeper takes on: requests waiting, requests in one commit, commits under way at once.
/// </summary>
public sealed record BookkeeperLimits(int Waiting = 4096, int Batch = 512, int Batches = 2);

/// <summary>
/// The one writer of the books. It takes whatever requests wait, decides them in one database transaction under the
/// locks of every wallet they touch, and answers each only after the commit. An idle system commits a request at once,
/// alone; a busy one shares the commit.
/// </summary>
public sealed class Bookkeeper : IAsyncDisposable
{
    public const string MeterName = "Tollkeeper.Bookkeeper";

    readonly BookkeeperLimits limits;
    readonly OpenCalls openCalls = new();
    readonly Shard[] shards;
    readonly Task[] work;
    readonly Task sweep;
    readonly CancellationTokenSource stopping = new();
    int waiting;

    static readonly Meter Meter = new(MeterName);
    static readonly Histogram<int> BatchSize = Meter.CreateHistogram<int>("tollkeeper.bookkeeper.batch.requests");
    static readonly Histogram<double> BatchTime =
        Meter.CreateHistogram<double>("tollkeeper.bookkeeper.batch.duration", "s");
    static readonly Counter<long> Refusals = Meter.CreateCounter<long>("tollkeeper.bookkeeper.busy");

    /// <param name="zoneOf">The billing zone of a provider, for the day that spending counts on.</param>
    public Bookkeeper(
        Database database,
        IClock clock,
        Func<int, DateTimeZone> zoneOf,
        ILogger<Bookkeeper> log,
        BookkeeperLimits? limits = null)
    {
        this.limits = limits ?? new BookkeeperLimits();
        // SQLite has one writer, so one batch at a time is all that helps.
        var count = database.IsPostgres ? this.limits.Batches : 1;
        shards = [.. Enumerable.Range(0, count).Select(_ => new Shard())];
        work = [.. shards.Select(shard => Task.Run(() => Work(shard, BooksStore.Of(database), clock, zoneOf, log)))];
        sweep = Task.Run(Sweep);
    }

    /// <summary>How many requests wait; for health and metrics.</summary>
    public int Waiting => Volatile.Read(ref waiting);

    /// <summary>
    /// Decided, durable and answered, or refused: <see cref="Refusal.Busy"/> when too many wait already.
    /// </summary>
    public Task<Result<T>> Ask<T>(BookRequest<T> request)
    {
        if (Interlocked.Increment(ref waiting) <= MostFor(request.Priority) && ShardOf(request).TryAdd(request))
            return request.Answered;
        Interlocked.Decrement(ref waiting);
        Refusals.Add(1);
        return Task.FromResult<Result<T>>(Refusal.Busy);
    }

    /// <summary>
    /// Room is kept for what comes first: long work may never fill the queue, nor new calls keep out ends.
    /// </summary>
    int MostFor(BookPriority priority) => priority switch
    {
        BookPriority.EndsAndMoneyIn => limits.Waiting,
        BookPriority.Authorizes => limits.Waiting / 8 * 7,
        BookPriority.BulkWork => limits.Waiting / 2,
    };

    /// <summary>
    /// Calls whose account this node knows go with that account's other requests, so that batches do not wait for one
    /// another.
    /// </summary>
    internal OpenCalls OpenCalls => openCalls;

    Shard ShardOf(BookRequest request)
    {
        if (request is { AccountNo: 0, Call: { } call }) request.AccountHint = openCalls.AccountOf(call);
        var account = request.AccountNo != 0 ? request.AccountNo : request.AccountHint;
        var number = account != 0 ? account : request.Call?.GetHashCode() ?? 0;
        return shards[(int)(Math.Abs(number % shards.Length))];
    }

    async Task Work(Shard shard, BooksStore store, IClock clock, Func<int, DateTimeZone> zoneOf, ILogger log)
    {
        await using var owned = store;
        var run = new BatchRun(store, clock, zoneOf, log);
        while (await shard.SomeWait())
        {
            while (shard.Take(limits.Batch) is { Count: > 0 } batch)
            {
                Interlocked.Add(ref waiting, -batch.Count);
                BatchSize.Record(batch.Count);
                var begun = Stopwatch.GetTimestamp();
                await run.Run(batch);
                BatchTime.Record(Stopwatch.GetElapsedTime(begun).TotalSeconds);
            }
        }
    }

    /// <summary>Requests whose time is over are answered "busy" even while the database answers nobody.</summary>
    async Task Sweep()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
                foreach (var shard in shards)
                    foreach (var late in shard.TakeLate())
                    {
                        Interlocked.Decrement(ref waiting);
                        Refusals.Add(1);
                        late.Refuse(Refusal.Busy);
                    }
        }
        catch (OperationCanceledException)
        {
            // The bookkeeper ends.
        }
    }

    /// <summary>Takes no more requests, decides those that wait, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        if (stopping.IsCancellationRequested) return;
        await stopping.CancelAsync();
        foreach (var shard in shards) shard.End();
        await Task.WhenAll([.. work, sweep]);
        foreach (var shard in shards) shard.Dispose();
        stopping.Dispose();
    }

    /// <summary>The requests of some accounts, waiting in three lines; taken by one worker only.</summary>
    sealed class Shard : IDisposable
    {
        const int BulkBesideCalls = 64;

        readonly Lock door = new();
        readonly Queue<BookRequest>[] lines = [new(), new(), new()];
        readonly SemaphoreSlim wake = new(0);
        bool awake;
        bool ended;

        /// <summary>False once the end has begun: nobody would take it any more.</summary>
        public bool TryAdd(BookRequest request)
        {
            lock (door)
            {
                if (ended) return false;
                lines[(int)request.Priority].Enqueue(request);
                Wake();
                return true;
            }
        }

        /// <summary>Completes when something waits; false when nothing does and nothing will.</summary>
        public async Task<bool> SomeWait()
        {
            lock (door)
            {
                // What was added before the end has woken this once already, and the end does not wake again.
                if (ended) return lines.Any(line => line.Count > 0);
            }
            await wake.WaitAsync();
            lock (door)
            {
                awake = false;
                return !ended || lines.Any(line => line.Count > 0);
            }
        }

        public List<BookRequest> Take(int limit)
        {
            var taken = new List<BookRequest>();
            lock (door)
            {
                for (var i = 0; i < lines.Length; i++)
                {
                    // Long work beside calls goes in small portions: it may not make their commit long.
                    var most = i == (int)BookPriority.BulkWork && taken.Count > 0
                        ? Math.Min(limit, taken.Count + BulkBesideCalls)
                        : limit;
                    while (taken.Count < most && lines[i].TryDequeue(out var request)) taken.Add(request);
                }
            }
            return taken;
        }

        public List<BookRequest> TakeLate()
        {
            var late = new List<BookRequest>();
            var now = Stopwatch.GetTimestamp();
            lock (door)
            {
                foreach (var line in lines)
                    while (line.TryPeek(out var first) && IsLate(first, now)) late.Add(line.Dequeue());
            }
            return late;
        }

        public void End()
        {
            lock (door)
            {
                ended = true;
                Wake();
            }
        }

        void Wake()
        {
            if (awake) return;
            awake = true;
            wake.Release();
        }

        static bool IsLate(BookRequest request, long now) =>
            request.DeadlineTimestamp != 0 && request.DeadlineTimestamp < now;

        public void Dispose() => wake.Dispose();
    }
}
