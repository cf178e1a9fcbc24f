using NodaTime;
using Npgsql;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// PostgreSQL keeps calls by the month in which they were recorded; the coming months are made ahead.
/// </summary>
public static class CallPartitions
{
    const int MonthsAhead = 3;

    public static async Task MakeAhead(Database database, Instant now, CancellationToken ct)
    {
        if (!database.IsPostgres) return;
        var month = now.InUtc().Date.With(DateAdjusters.StartOfMonth);
        for (var i = 0; i <= MonthsAhead; i++)
        {
            try
            {
                await CallPartitionStore.Make(database, month.PlusMonths(i), month.PlusMonths(i + 1), ct);
            }
            catch (PostgresException locked) when (locked.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                // Somebody reads the calls for long: there are months in hand, and this comes again every hour.
            }
        }
    }
}
