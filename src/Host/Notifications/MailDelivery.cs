using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Notifications;

namespace Tollkeeper.Host.Notifications;

/// <summary>
/// What a serving node does for mails: look a few times a second what is to be told, make mails of it, and hand over
/// those that are due, at the courier's pace. Each of several at once hands over one mail after the other, and goes on
/// only when what became of the last is written down: a power cut repeats that one at most.
/// </summary>
sealed class MailDelivery(
    Installation installation, DeliverMails deliver, ICourier courier, ILogger<MailDelivery> log)
    : BackgroundService
{
    /// <summary>However long the database takes to give some, there are some to hand over meanwhile.</summary>
    const int MostClaimed = 100;

    static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(300);
    static readonly TimeSpan BetweenClaims = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(1);

    readonly TellCrossings crossings = new(installation.Database, installation.Rules.Providers, installation.Clock);
    readonly ExpandNotices notices = new(installation.Database, installation.Clock);
    readonly Channel<ClaimedMail> claimed = Channel.CreateBounded<ClaimedMail>(MostClaimed);
    readonly SemaphoreSlim due = new(0, 1);
    readonly ConcurrentQueue<Done> done = new();
    readonly SemaphoreSlim recording = new(1, 1);
    readonly CancellationTokenSource handing = new();

    sealed record Done((Engine.Notifications.MailOutcome, MailWords?) What, TaskCompletionSource Written);

    /// <summary>What is being handed over is finished, for a moment; what was claimed and not begun is given back.
    /// </summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        handing.CancelAfter(LastPatience);
        await base.StopAsync(cancellationToken);
        var left = new List<ClaimedMail>();
        while (claimed.Reader.TryRead(out var mail)) left.Add(mail);
        if (left.Count > 0) await Tried(() => deliver.Release(left, cancellationToken));
    }

    public override void Dispose()
    {
        due.Dispose();
        recording.Dispose();
        handing.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        [Every(BetweenLooks, Look, stoppingToken), Every(BetweenClaims, Claim, stoppingToken),
            .. Enumerable.Range(0, courier.Pace.AtOnce).Select(_ => HandOver(stoppingToken))]);

    async Task Look(CancellationToken ct)
    {
        if (installation.Rules.IsStale) return;
        (bool Crossings, bool Notices, bool Mails) waiting;
        await using (var connection = await installation.Database.ConnectForPage(ct))
        {
            waiting = await MailStore.Waiting(connection, installation.Clock.GetCurrentInstant(), ct);
        }
        if (waiting.Crossings)
            while (await crossings.Run(ct) > 0) waiting.Mails = true;
        if (waiting.Notices)
            while (await notices.Run(ct) > 0) waiting.Mails = true;
        if (waiting.Mails && due.CurrentCount == 0) due.Release();
    }

    long claimedAt = Stopwatch.GetTimestamp();
    double allowance = 1;
    bool more;

    /// <summary>As many as the pace allows since the last time; never more than are soon handed over.</summary>
    async Task Claim(CancellationToken ct)
    {
        var (now, pace) = (Stopwatch.GetTimestamp(), courier.Pace.PerSecond);
        allowance = Math.Min(
            allowance + pace * Stopwatch.GetElapsedTime(claimedAt, now).TotalSeconds, pace);
        claimedAt = now;
        if (!more && !due.Wait(0, ct)) return;
        more = true;
        var most = Math.Min((int)allowance, MostClaimed - claimed.Reader.Count);
        if (most < 1 || installation.Clock.GetCurrentInstant() < deliver.AwayUntil) return;
        var mails = await deliver.Claim(most, null, ct);
        more = mails.Count == most;
        allowance -= mails.Count;
        foreach (var mail in mails) await claimed.Writer.WriteAsync(mail, ct);
    }

    async Task HandOver(CancellationToken ct)
    {
        try
        {
            await foreach (var mail in claimed.Reader.ReadAllAsync(ct))
            {
                // Waited for a courier so long that another may take it before it has gone: it is due again then.
                if (deliver.IsNearlyOver(mail)) continue;
                // The mail server went away since this one was claimed.
                if (installation.Clock.GetCurrentInstant() < deliver.AwayUntil)
                    await Tried(() => deliver.Release([mail], ct));
                else
                    await HandOver(mail);
            }
        }
        catch (OperationCanceledException)
        {
            // The program ends.
        }
    }

    async Task HandOver(ClaimedMail mail)
    {
        (MailOutcome, MailWords?) outcome;
        try
        {
            outcome = await deliver.Deliver(mail, handing.Token);
        }
        catch (OperationCanceledException)
        {
            // Nobody knows whether it went: it is due again when its lease ends.
            return;
        }
        catch (Exception exception)
        {
            HostLog.MailNotWritten(log, exception);
            outcome = (deliver.NotWritten(mail), null);
        }
        await Record(outcome);
    }

    /// <summary>Together with what others have done meanwhile; tried again while the database is away.</summary>
    async Task Record((MailOutcome, MailWords?) outcome)
    {
        var mine = new Done(outcome, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        done.Enqueue(mine);
        using var timer = new PeriodicTimer(BetweenLooks);
        while (!mine.Written.Task.IsCompleted)
        {
            if (!await Tried(RecordAll)) await Waited(timer);
            if (handing.IsCancellationRequested) return;
        }
    }

    async Task RecordAll()
    {
        await recording.WaitAsync(handing.Token);
        var batch = new List<Done>();
        try
        {
            while (done.TryDequeue(out var one)) batch.Add(one);
            if (batch.Count > 0) await deliver.Record([.. batch.Select(one => one.What)], handing.Token);
            foreach (var one in batch) one.Written.SetResult();
        }
        catch
        {
            foreach (var one in batch) done.Enqueue(one);
            throw;
        }
        finally
        {
            recording.Release();
        }
    }

    async Task Waited(PeriodicTimer timer)
    {
        try
        {
            await timer.WaitForNextTickAsync(handing.Token);
        }
        catch (OperationCanceledException)
        {
            // The program ends; the lease of the mail does, too.
        }
    }

    async Task<bool> Tried(Func<Task> work)
    {
        try
        {
            await work();
            return true;
        }
        catch (Exception exception) when (exception is DbException or TimeoutException or IOException)
        {
            HostLog.TaskFailed(log, exception);
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    async Task Every(TimeSpan period, Func<CancellationToken, Task> work, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(period);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
            {
                try
                {
                    await work(ct);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    HostLog.TaskFailed(log, exception);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The program ends.
        }
    }
}
