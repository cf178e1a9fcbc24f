using Dapper;
using NodaTime;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Charging;

/// <summary>Looks at holds from outside the books, without a lock.</summary>
public static class HoldStore
{
    /// <summary>
    /// Holds that should have ended by now, oldest first; the table holds only calls that are up, so it is read whole.
    /// </summary>
    public static async Task<IReadOnlyList<(CallKey Key, long AccountNo)>> Due(
        Database database, Instant now, int most, CancellationToken ct)
    {
        await using var connection = await database.Connect(ct);
        await using var command = connection.CreateCommand();
        command.CommandText =
            """
            select call_key, account_no from hold
            where expired_at_micros is null and expires_at_micros <= @now order by expires_at_micros limit @most
            """;
        Add("now", now.ToMicros());
        Add("most", (long)most);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var due = new List<(CallKey, long)>();
        while (await reader.ReadAsync(ct))
        {
            var row = new RowReader(reader);
            due.Add((new CallKey(row.Uuid()), row.Long()));
        }
        return due;

        void Add(string name, long value)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
    }

    /// <summary>Marks that no late authorize can meet any more.</summary>
    public static async Task ForgetMarks(Database database, Instant now, CancellationToken ct)
    {
        await using var connection = await database.Connect(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            "delete from end_mark where until_at_micros <= @now", new { now = now.ToMicros() }, cancellationToken: ct));
    }
}
