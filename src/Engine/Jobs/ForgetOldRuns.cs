using NodaTime;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Jobs;

/// <summary>Removes what ran more than a quarter ago, but the newest of each job; a little at a time.</summary>
public sealed class ForgetOldRuns(Database database, IClock clock)
{
    static readonly Duration Kept = Duration.FromDays(92);
    const int AtOnce = 500;

    public async Task Run(CancellationToken ct = default)
    {
        var before = clock.GetCurrentInstant() - Kept;
        while (await database.InTransaction<int>(
            (connection, transaction) => JobStore.ForgetBefore(connection, transaction, before, AtOnce), ct) > 0)
            ct.ThrowIfCancellationRequested();
    }
}
