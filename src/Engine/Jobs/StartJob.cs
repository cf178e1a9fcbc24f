using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Jobs;

namespace Tollkeeper.Engine.Jobs;

/// <summary>
/// Starts a job beside its times, which goes on record. Refusals: <see cref="Refusal.UnknownJob"/>,
/// <see cref="Refusal.JobRunning"/>.
/// </summary>
public sealed class StartJob(Database database, IClock clock, RunJobs jobs)
{
    /// <summary>
    /// Does once more what a failed run should have done, about the same thing; asked twice it is one run. Refused as
    /// <see cref="Refusal.UnknownJob"/> where the run did not fail.
    /// </summary>
    public async Task<Result<long>> Again(
        Person by, string name, long runNo, string address, CancellationToken ct = default)
    {
        JobRun? failed;
        await using (var connection = await database.Connect(ct))
            failed = await JobStore.Find(connection, name, by.ProviderNo, runNo, ct);
        if (failed is not { Outcome: JobOutcome.Failed } || jobs.All.All(each => each.Name != name))
            return Refusal.UnknownJob;
        return await database.InTransaction<long>(
            async (connection, transaction) =>
            {
                var now = clock.GetCurrentInstant().CutToMicros();
                await JobStore.Lock(connection, transaction, name, failed.ProviderNo);
                var no = await JobStore.Insert(
                    connection, transaction, name, failed.ProviderNo, new Occurrence(JobRun.AgainAfter(runNo), now),
                    argument: failed.Argument, askedBy: by.Email);
                if (no is null) return (await JobStore.RepeatOf(connection, failed, transaction))!.Value;
                await AuditRecordStore.Insert(
                    connection, transaction,
                    new AuditRecord(
                        Act.JobStarted, by.ProviderNo, by.UserNo, null, name, $"run {no}, again after {runNo}",
                        address),
                    now);
                return no.Value;
            },
            ct);
    }

    /// <returns>The number of the run, which waits for a node.</returns>
    public Task<Result<long>> Run(Person by, string name, string address, CancellationToken ct = default)
    {
        var job = jobs.All.FirstOrDefault(each => each.Name == name && each.ByHand);
        if (job is null) return Task.FromResult<Result<long>>(Refusal.UnknownJob);
        int? provider = job.EachProvider ? by.ProviderNo : null;
        return database.InTransaction<long>(
            async (connection, transaction) =>
            {
                var now = clock.GetCurrentInstant().CutToMicros();
                await JobStore.Begin(connection, transaction, name, provider, now);
                await JobStore.Lock(connection, transaction, name, provider);
                var open = await JobStore.Open(connection, transaction, ct);
                if (open.Any(each => each.Run.Job == name && each.Run.ProviderNo == provider))
                    return Refusal.JobRunning;
                var no = await JobStore.Insert(
                    connection, transaction, name, provider, new Occurrence($"hand {Guid.NewGuid():N}", now),
                    askedBy: by.Email);
                await AuditRecordStore.Insert(
                    connection, transaction,
                    new AuditRecord(
                        Act.JobStarted, by.ProviderNo, by.UserNo, null, name, $"run {no}", address),
                    now);
                return no!.Value;
            },
            ct);
    }
}
