using System.Globalization;
using Dapper;
using NodaTime;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Ledger;

static class CallPartitionStore
{
    const long PostgresLock = 0x546F_6C6C_6361_6C6C;

    /// <summary>Makes the partition of one month where it is missing; several nodes may ask at once.</summary>
    public static Task Make(Database database, LocalDate from, LocalDate to, CancellationToken ct)
    {
        var name = "call_" + from.ToString("uuuu'_'MM", CultureInfo.InvariantCulture);
        return database.InTransaction<bool>(
            async (connection, transaction) =>
            {
                await connection.ExecuteAsync($"select pg_advisory_xact_lock({PostgresLock})", null, transaction);
                var exists = await connection.ExecuteScalarAsync<string?>(
                    "select to_regclass(@name)::text", new { name }, transaction);
                if (exists is not null) return false;
                // It needs the whole table for a moment; behind a backup that reads it for hours all calls would queue.
                await connection.ExecuteAsync("set local lock_timeout = 100", null, transaction);
                await connection.ExecuteAsync(
                    $"create table {name} partition of call for values from ({Micros(from)}) to ({Micros(to)})",
                    null, transaction);
                return true;
            },
            ct);
    }

    static long Micros(LocalDate date) => date.AtStartOfDayInZone(DateTimeZone.Utc).ToInstant().ToMicros();
}
