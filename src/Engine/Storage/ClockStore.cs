using System.Data.Common;
using Dapper;
using NodaTime;

namespace Tollkeeper.Engine.Storage;

static class ClockStore
{
    public static async Task<Instant> Now(DbConnection connection, CancellationToken ct) =>
        Instants.FromMicros(await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "select (extract(epoch from clock_timestamp()) * 1000000)::bigint", cancellationToken: ct)));
}
