using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Host.Office;

namespace Tollkeeper.Host.Jobs;

/// <summary>
/// What a serving node does every second or few: compare its clock with the database's, free what calls without an end
/// held, forget marks, write records and sightings. Each may run on every node at once; a failure is logged and comes
/// again. What is to happen once, and be seen, is a job (<see cref="Schedule"/>).
/// </summary>
sealed class RegularTasks(Installation installation, ILogger<RegularTasks> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        Every(TimeSpan.FromSeconds(1), CompareClocks, stoppingToken),
        Every(TimeSpan.FromSeconds(5), ExpireHolds, stoppingToken),
        Every(TimeSpan.FromSeconds(1), installation.Rules.Keys.WriteUses, stoppingToken),
        Every(TimeSpan.FromSeconds(1), installation.Records.Write, stoppingToken),
        Every(TimeSpan.FromMinutes(1), ForgetMarks, stoppingToken),
        Every(TimeSpan.FromMinutes(1), ForgetOutcomes, stoppingToken),
        Every(TimeSpan.FromMinutes(1), EndActing, stoppingToken),
        Every(TimeSpan.FromMinutes(1), new Decisions(installation, log).ApplyLeftOver, stoppingToken),
        Every(TimeSpan.FromMinutes(1), installation.Rules.Sessions.WriteSightings, stoppingToken));

    /// <summary>What was put on record in the last second is written too.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await installation.Records.Write(cancellationToken);
        }
        catch (Exception exception) when (exception is DbException or OperationCanceledException or TimeoutException)
        {
            HostLog.TaskFailed(log, exception);
        }
    }

    async Task CompareClocks(CancellationToken ct)
    {
        var before = installation.DatabaseClock.IsSkewed;
        await installation.DatabaseClock.Compare(ct);
        if (installation.DatabaseClock.IsSkewed && !before)
            HostLog.ClockSkewed(log, (long)installation.DatabaseClock.Skew.TotalMilliseconds);
    }

    async Task ExpireHolds(CancellationToken ct)
    {
        if (installation.Rules.IsStale || installation.DatabaseClock.IsSkewed)
        {
            installation.Expire.Wait();
            return;
        }
        var expired = await installation.Expire.Expire(ct);
        if (expired > 0) HostLog.HoldsExpired(log, expired);
    }

    Task EndActing(CancellationToken ct) =>
        new EndActing(installation.Database, installation.Clock, installation.Rules.Sessions).RunOverdue(ct);

    Task ForgetOutcomes(CancellationToken ct) =>
        FormKeyStore.ForgetOutcomesBefore(
            installation.Database, installation.Clock.GetCurrentInstant() - SendOnce.Remembered, ct);

    Task ForgetMarks(CancellationToken ct) =>
        HoldStore.ForgetMarks(installation.Database, installation.Clock.GetCurrentInstant(), ct);

    async Task Every(TimeSpan period, Func<CancellationToken, Task> task, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(period);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
            {
                try
                {
                    await task(ct);
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
