using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using NodaTime;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Jobs;

namespace Tollkeeper.Engine.Jobs;

/// <summary>
/// Runs jobs at their times, each occurrence once however many nodes there are. A tick writes down what is due, takes
/// what waits or what a lost node left, and begins it beside; whoever ticks, and how often, decides nothing but how
/// late a job may be.
/// </summary>
/// <param name="zones">The providers there are, each with the zone of its days.</param>
public sealed partial class RunJobs(
    Database database, IClock clock, IReadOnlyList<Job> jobs,
    Func<IEnumerable<(int ProviderNo, DateTimeZone Zone)>> zones, ILogger log) : IAsyncDisposable
{
    /// <summary>A node that says nothing of its run for so long is lost.</summary>
    public static readonly Duration Lease = Duration.FromMinutes(1);

    static readonly TimeSpan BetweenRenewals = TimeSpan.FromSeconds(15);
    static readonly TimeSpan WaitedForAtTheEnd = TimeSpan.FromSeconds(1);

    /// <summary>More at once would be felt by calls.</summary>
    const int MostAtOnce = 2;

    /// <summary>A run that so many nodes were lost over is not given to one more.</summary>
    const int MostAttempts = 5;

    /// <summary>So many missed times at the most are one; further ones are one more.</summary>
    const int MostMissed = 100_000;

    const int LongestDetail = 500;

    readonly ConcurrentDictionary<long, Task> running = new();
    readonly SemaphoreSlim ticking = new(1, 1);
    readonly CancellationTokenSource stopping = new();
    readonly string node = $"{Environment.MachineName}:{Environment.ProcessId}:{Guid.NewGuid():N}";

    public IReadOnlyList<Job> All => jobs;

    /// <summary>Done when nothing that this node began goes on.</summary>
    public Task Idle => Task.WhenAll(running.Values);

    /// <summary>A tick while another one goes on at this node does nothing.</summary>
    public async Task Tick(CancellationToken ct = default)
    {
        if (stopping.IsCancellationRequested || !await ticking.WaitAsync(TimeSpan.Zero, ct)) return;
        try
        {
            var now = clock.GetCurrentInstant().CutToMicros();
            await using var connection = await database.Connect(ct);
            var cursors = await JobStore.Cursors(connection, ct);
            var open = await JobStore.Open(connection, ct: ct);
            var busy = open.Select(each => (each.Run.Job, each.Run.ProviderNo)).ToHashSet();
            var planned = false;
            foreach (var (job, provider, zone) in Places())
                planned |= await Plan(job, provider, zone, cursors, busy.Contains((job.Name, provider)), now, ct);
            if (planned) open = await JobStore.Open(connection, ct: ct);
            foreach (var (run, until) in open)
                if (run.DueAt <= now && (until is null || until < now)) await Begin(run, now, ct);
        }
        finally
        {
            ticking.Release();
        }
    }

    /// <summary>The next time at which a job is due by itself, as a provider's staff see it.</summary>
    public Instant? Next(
        Job job, int providerNo, IReadOnlyDictionary<(string Name, int ProviderNo), JobCursor> cursors)
    {
        var place = Places().FirstOrDefault(
            each => each.Job == job && each.ProviderNo == (job.EachProvider ? providerNo : null));
        if (place.Job is null) return null;
        var cursor = cursors.TryGetValue((job.Name, place.ProviderNo ?? 0), out var known)
            ? known
            : new JobCursor(clock.GetCurrentInstant(), null);
        return job.Rule.Next(cursor, place.Zone)?.At;
    }

    /// <summary>What is for the whole installation goes by the zone of its first provider.</summary>
    IEnumerable<(Job Job, int? ProviderNo, DateTimeZone Zone)> Places()
    {
        var providers = zones().ToList();
        var first = providers.Count > 0 ? providers[0].Zone : DateTimeZone.Utc;
        foreach (var job in jobs)
        {
            if (!job.EachProvider) yield return (job, null, first);
            else
                foreach (var (provider, zone) in providers) yield return (job, provider, zone);
        }
    }

    /// <summary>Writes down the runs that are due; true when there are new ones.</summary>
    async Task<bool> Plan(
        Job job, int? provider, DateTimeZone zone,
        IReadOnlyDictionary<(string Name, int ProviderNo), JobCursor> cursors, bool busy, Instant now,
        CancellationToken ct)
    {
        if (!cursors.TryGetValue((job.Name, provider ?? 0), out var cursor))
        {
            await database.InTransaction<bool>(async (connection, transaction) =>
            {
                await JobStore.Begin(connection, transaction, job.Name, provider, now);
                return true;
            }, ct);
            return false;
        }
        // One after the other: the next is written down when the last has ended.
        if (busy) return false;
        var due = job.Rule.Due(cursor, zone, now, job.CatchUp == CatchUp.AsOne ? MostMissed : 1);
        if (due.Count == 0) return false;
        return await database.InTransaction<bool>(async (connection, transaction) =>
            await JobStore.Move(connection, transaction, job.Name, provider, cursor.LastKey, due[^1].Key)
            && await JobStore.Insert(connection, transaction, job.Name, provider, due[^1], due.Count - 1) is not null,
            ct);
    }

    async Task Begin(JobRun run, Instant now, CancellationToken ct)
    {
        var job = jobs.FirstOrDefault(each => each.Name == run.Job);
        // A job of a newer release is that one's, and a node that is at its limit leaves runs to others.
        if (job is null || running.ContainsKey(run.No) || running.Count >= MostAtOnce) return;
        var taken = await database.InTransaction<bool>(
            async (connection, transaction) =>
            {
                await JobStore.Lock(connection, transaction, run.Job, run.ProviderNo);
                return await JobStore.Take(connection, transaction, run, node, now, now + Lease);
            },
            ct);
        if (!taken) return;
        var mine = run with { Attempt = run.Attempt + 1, StartedAt = run.StartedAt ?? now };
        if (mine.Attempt > 1) TakenOver(log, mine.Job, mine.No, mine.Attempt);
        var work = new TaskCompletionSource();
        running[mine.No] = work.Task;
        _ = Task.Run(
            async () =>
            {
                try
                {
                    await Run(job, mine);
                }
                finally
                {
                    running.TryRemove(mine.No, out _);
                    work.SetResult();
                }
            },
            CancellationToken.None);
    }

    async Task Run(Job job, JobRun run)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        var (progress, of) = (0L, 0L);
        var lease = KeepLease(run, () => (Volatile.Read(ref progress), Volatile.Read(ref of)), stop);
        var (outcome, done) = await Attempt(job, run, stop, (done, all) => (progress, of) = (done, all));
        var broken = stop.IsCancellationRequested;
        await stop.CancelAsync();
        await lease;
        try
        {
            await database.InTransaction<bool>(
                async (connection, transaction) =>
                {
                    if (outcome is { } ended)
                        await JobStore.End(
                            connection, transaction, run, node, clock.GetCurrentInstant(), ended, done);
                    else if (broken) await JobStore.Release(connection, transaction, run, node);
                    return true;
                },
                CancellationToken.None);
        }
        catch (Exception exception) when (exception is System.Data.Common.DbException or TimeoutException)
        {
            // Its lease ends, and a node does it again.
            NotWritten(log, exception, run.Job, run.No);
        }
    }

    /// <summary>How it came out; nothing where it was told to stop.</summary>
    async Task<(JobOutcome?, JobDone)> Attempt(
        Job job, JobRun run, CancellationTokenSource stop, Action<long, long> progress)
    {
        if (run.Attempt > MostAttempts)
            return (JobOutcome.Failed, JobDone.Of($"lost with {run.Attempt - 1} nodes that had begun it"));
        try
        {
            var done = await job.Work(
                new JobWork(run.No, run.ProviderNo, run.DueAt, run.Argument, progress, stop.Token));
            return (done.FindingCount > 0 ? JobOutcome.Found : JobOutcome.Done, done);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return (null, JobDone.Well);
        }
        catch (Exception exception) when (
            exception is System.Data.Common.DbException or TimeoutException && run.Attempt < MostAttempts)
        {
            // Nothing is said of it: its lease ends, and a node does it again.
            BrokenOff(log, exception, run.Job, run.No, run.Attempt);
            return (null, JobDone.Well);
        }
        catch (Exception exception)
        {
            Failed(log, exception, run.Job, run.No);
            // What concerns the whole installation is read by every provider's staff: the log alone says more.
            var said = exception.GetType().Name + (run.ProviderNo is null ? "" : $": {exception.Message}");
            return (JobOutcome.Failed, JobDone.Of(said.Length <= LongestDetail ? said : said[..LongestDetail]));
        }
    }

    /// <summary>Says now and then that the run goes on; one that is no longer this node's is broken off.</summary>
    async Task KeepLease(JobRun run, Func<(long, long)> progress, CancellationTokenSource stop)
    {
        using var timer = new PeriodicTimer(BetweenRenewals);
        var unsaid = 0;
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token))
            {
                unsaid = await Renewed(run, progress()) switch
                {
                    true => 0,
                    null when unsaid < 2 => unsaid + 1,
                    _ => int.MaxValue,
                };
                if (unsaid == int.MaxValue) await stop.CancelAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The run has ended.
        }
    }

    /// <summary>Null where the database did not answer.</summary>
    async Task<bool?> Renewed(JobRun run, (long Done, long Of) progress)
    {
        try
        {
            return await database.InTransaction<bool>((connection, transaction) => JobStore.Renew(
                connection, transaction, run, node, clock.GetCurrentInstant() + Lease, progress.Done, progress.Of));
        }
        catch (Exception exception) when (exception is System.Data.Common.DbException or TimeoutException)
        {
            NotWritten(log, exception, run.Job, run.No);
            return null;
        }
    }

    /// <summary>What goes on is broken off and waits for another node, or for this one's next start.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await Task.WhenAny(Idle, Task.Run(async () =>
        {
            using var timer = new PeriodicTimer(WaitedForAtTheEnd);
            await timer.WaitForNextTickAsync();
        }));
        stopping.Dispose();
        ticking.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Run {No} of job {Job} failed.")]
    static partial void Failed(ILogger log, Exception exception, string job, long no);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Run {No} of job {Job} was broken off by the database at attempt {Attempt}; it is repeated.")]
    static partial void BrokenOff(ILogger log, Exception exception, string job, long no, int attempt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Run {No} of job {Job} is taken over: attempt {Attempt}.")]
    static partial void TakenOver(ILogger log, string job, long no, int attempt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What became of run {No} of job {Job} could not be written.")]
    static partial void NotWritten(ILogger log, Exception exception, string job, long no);
}
