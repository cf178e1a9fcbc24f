using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;

namespace Tollkeeper.Engine.Storage;

/// <summary>
/// What people look at is read here: several questions of one moment in one round trip, on few connections of their own
/// that can write nothing. However many pages are asked for, calls have their connections to themselves.
/// </summary>
public sealed class PageReads : IAsyncDisposable
{
    /// <summary>A read takes a millisecond or two: so many at once serve thousands a second.</summary>
    const int Connections = 12;
    const int CommandTimeoutSeconds = 5;

    readonly NpgsqlDataSource? postgres;
    readonly SqliteReaders? sqlite;

    /// <param name="open">Builds a data source for the connection string as the database's own is built.</param>
    internal PageReads(string connectionString, Func<NpgsqlDataSourceBuilder, NpgsqlDataSource> open) =>
        postgres = open(PostgresBuilder(connectionString));

    internal PageReads(Func<SqliteConnection> open) => sqlite = new SqliteReaders(open, Connections);

    /// <summary>Asks all of them; a text's parameters are <c>$1</c>, <c>$2</c>, and it has no other <c>$</c>.</summary>
    public Task Ask(IReadOnlyList<PageQuestion> questions, CancellationToken ct) =>
        sqlite is null ? AskPostgres(questions, ct) : sqlite.Ask(questions, ct);

    public Task Ask(PageQuestion question, CancellationToken ct) => Ask([question], ct);

    internal async ValueTask<DbConnection> Connect(CancellationToken ct) => await postgres!.OpenConnectionAsync(ct);

    async Task AskPostgres(IReadOnlyList<PageQuestion> questions, CancellationToken ct)
    {
        await using var connection = await postgres!.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var question in questions)
        {
            var command = new NpgsqlBatchCommand(question.Text);
            foreach (var value in question.Values) command.Parameters.Add(value.OnPostgres());
            batch.BatchCommands.Add(command);
        }
        await using var reader = await batch.ExecuteReaderAsync(ct);
        for (var i = 0; i < questions.Count; i++)
        {
            if (i > 0) Demand.That(await reader.NextResultAsync(ct), "each question has its answer");
            while (await reader.ReadAsync(ct)) questions[i].Row(new RowReader(reader));
        }
    }

    /// <summary>
    /// The answers to all questions of a round trip are of one snapshot. Pages read by keys alone: one plan for good,
    /// and never one that reads a table whole because it was empty once.
    /// </summary>
    static NpgsqlDataSourceBuilder PostgresBuilder(string connectionString)
    {
        const string session =
            """
            set default_transaction_read_only = on; set default_transaction_isolation = 'repeatable read';
            set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off;
            set plan_cache_mode = force_generic_plan; set jit = off
            """;
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            MinPoolSize = 0,
            MaxPoolSize = Connections,
            NoResetOnClose = true,
            CommandTimeout = CommandTimeoutSeconds,
        };
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.UsePhysicalConnectionInitializer(
            connection =>
            {
                using var command = new NpgsqlCommand(session, connection);
                command.ExecuteNonQuery();
            },
            async connection =>
            {
                await using var command = new NpgsqlCommand(session, connection);
                await command.ExecuteNonQueryAsync();
            });
        return builder;
    }

    public async ValueTask DisposeAsync()
    {
        if (postgres is not null) await postgres.DisposeAsync();
        if (sqlite is not null) await sqlite.DisposeAsync();
    }
}

/// <summary>One question, its parameters, and what is done with each row of its answer.</summary>
public sealed record PageQuestion(string Text, Action<RowReader> Row, params PageValue[] Values);

/// <summary>A parameter: a whole number, a text, a key, or several numbers at once.</summary>
public readonly struct PageValue
{
    readonly object value;

    PageValue(object value) => this.value = value;

    public static implicit operator PageValue(long number) => new(number);

    public static implicit operator PageValue(string text) => new(text);

    public static implicit operator PageValue(Guid key) => new(key);

    /// <summary>On PostgreSQL an array; on SQLite a text for <c>json_each</c>.</summary>
    public static implicit operator PageValue(long[] numbers) => new(numbers);

    internal NpgsqlParameter OnPostgres() => value switch
    {
        long number => new NpgsqlParameter<long> { TypedValue = number, NpgsqlDbType = NpgsqlDbType.Bigint },
        string text => new NpgsqlParameter<string> { TypedValue = text, NpgsqlDbType = NpgsqlDbType.Text },
        Guid key => new NpgsqlParameter<Guid> { TypedValue = key, NpgsqlDbType = NpgsqlDbType.Uuid },
        var numbers => new NpgsqlParameter<long[]>
        {
            TypedValue = (long[])numbers,
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint,
        },
    };

    internal void Bind(SqliteStatement statement)
    {
        switch (value)
        {
            case long number: statement.Bind(number); break;
            case string text: statement.Bind(text); break;
            case Guid key: statement.Bind(key); break;
            case long[] numbers: statement.Bind($"[{string.Join(',', numbers)}]"); break;
        }
    }
}
