using Npgsql;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Ledger;

/// <summary>Several questions in one round trip, each with what is done with a row of its answer.</summary>
sealed class PostgresQuestions(NpgsqlConnection connection) : IAsyncDisposable
{
    readonly NpgsqlBatch batch = new(connection);
    readonly List<Action<RowReader>> answers = [];

    /// <summary>The first of all: a transaction begins.</summary>
    public void Begin() => batch.BatchCommands.Add(new NpgsqlBatchCommand("begin"));

    public void Ask(string text, Action<RowReader> row, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(text);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        batch.BatchCommands.Add(command);
        answers.Add(row);
    }

    public async Task Run()
    {
        if (batch.BatchCommands.Count == 0) return;
        await using var reader = await batch.ExecuteReaderAsync();
        for (var i = 0; i < answers.Count; i++)
        {
            // What gives no rows, as a beginning does, has no answer here.
            if (i > 0) Demand.That(await reader.NextResultAsync(), "each question has its answer");
            while (await reader.ReadAsync()) answers[i](new RowReader(reader));
        }
        // Errors of what comes after the last answer show only when it is read to its end.
        while (await reader.NextResultAsync())
        {
        }
    }

    public ValueTask DisposeAsync() => batch.DisposeAsync();
}
