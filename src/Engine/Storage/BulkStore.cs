using System.Data.Common;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;
using SQLitePCL;

namespace Tollkeeper.Engine.Storage;

/// <summary>
/// Writes very many rows that nobody sees yet: on PostgreSQL by one COPY, on SQLite in transactions of at most 20 ms
/// with a pause between them, so that calls go on meanwhile. Whoever calls makes the rows visible afterwards by one
/// update.
/// </summary>
/// <param name="keyLength">How many of the columns, from the first, are the table's key.</param>
public sealed class BulkStore(Database database, string table, int keyLength,
    params (string Name, NpgsqlDbType Type)[] columns)
{
    /// <summary>SQLite lets one writer write: a transaction longer than this is felt by calls.</summary>
    static readonly TimeSpan LongestTransaction = TimeSpan.FromMilliseconds(15);

    /// <summary>
    /// Another process that waits for SQLite sleeps between its tries; it must find the file free at one of them.
    /// </summary>
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    static readonly TimeSpan LongestAlone = TimeSpan.FromSeconds(2);

    const int RowsBetweenLooks = 32;

    /// <summary>Nobody else can be using the database, such as a new one: no need to make room for others.</summary>
    public bool Alone { get; init; }

    /// <param name="values">One row's values, in the columns' order; null is null.</param>
    /// <param name="onRows">Told now and then how many rows are written.</param>
    public async Task Write<T>(IReadOnlyList<T> rows, Action<T, object?[]> values, Action<int>? onRows,
        CancellationToken ct)
    {
        if (database.IsPostgres) await Copy(rows, values, onRows, ct);
        else await Insert(rows, values, onRows, ct);
        onRows?.Invoke(rows.Count);
    }

    /// <summary>Deletes what a condition picks, on SQLite in small pieces.</summary>
    public async Task Delete(string condition, CancellationToken ct)
    {
        var keys = string.Join(", ", columns.Take(keyLength).Select(column => column.Name));
        var delete = database.IsPostgres
            ? $"delete from {table} where {condition}"
            : $"delete from {table} where ({keys}) in (select {keys} from {table} where {condition} limit 1000)";
        while (await database.InTransaction<int>((connection, _) => Execute(connection, delete, ct), ct) > 0)
            await Task.Delay(Pause, ct);
    }

    async Task Copy<T>(IReadOnlyList<T> rows, Action<T, object?[]> values, Action<int>? onRows, CancellationToken ct)
    {
        await using var connection = await database.Postgres.OpenConnectionAsync(ct);
        await using var copy = await connection.BeginBinaryImportAsync(
            $"copy {table} ({string.Join(", ", columns.Select(column => column.Name))}) from stdin (format binary)",
            ct);
        var row = new object?[columns.Length];
        for (var i = 0; i < rows.Count; i++)
        {
            values(rows[i], row);
            await copy.StartRowAsync(ct);
            for (var column = 0; column < row.Length; column++)
            {
                if (row[column] is { } value) await copy.WriteAsync(value, columns[column].Type, ct);
                else await copy.WriteNullAsync(ct);
            }
            if (i % 1_000 == 0) onRows?.Invoke(i);
        }
        await copy.CompleteAsync(ct);
    }

    /// <summary>
    /// Bound by index through SQLite's own interface: by name, sixteen columns cost ten times the insert itself.
    /// </summary>
    async Task Insert<T>(IReadOnlyList<T> rows, Action<T, object?[]> values, Action<int>? onRows, CancellationToken ct)
    {
        await using var connection = (SqliteConnection)await database.Connect(ct);
        var sqlite = connection.Handle!;
        var sql = $"insert into {table} ({string.Join(", ", columns.Select(column => column.Name))}) "
            + $"values ({string.Join(", ", columns.Select(_ => "?"))})";
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(sqlite, sql, out var statement), sqlite);
        using var prepared = statement;
        var row = new object?[columns.Length];
        var at = 0;
        while (at < rows.Count)
        {
            at = await database.InTransaction<int>(connection, (_, _) => Task.FromResult(Piece(at)), ct);
            onRows?.Invoke(at);
            if (!Alone) await Task.Delay(Pause, ct);
        }

        int Piece(int from)
        {
            var longest = Alone ? LongestAlone : LongestTransaction;
            var started = Stopwatch.GetTimestamp();
            var next = from;
            while (next < rows.Count)
            {
                values(rows[next], row);
                for (var i = 0; i < row.Length; i++) Bind(statement, i + 1, row[i]);
                var stepped = raw.sqlite3_step(statement);
                var reset = raw.sqlite3_reset(statement);
                if (stepped != raw.SQLITE_DONE) SqliteException.ThrowExceptionForRC(reset, sqlite);
                next++;
                if (next % RowsBetweenLooks == 0 && Stopwatch.GetElapsedTime(started) >= longest) break;
            }
            return next;
        }
    }

    static void Bind(sqlite3_stmt statement, int index, object? value)
    {
        _ = value switch
        {
            null => raw.sqlite3_bind_null(statement, index),
            string text => raw.sqlite3_bind_text(statement, index, text),
            long number => raw.sqlite3_bind_int64(statement, index, number),
            int number => raw.sqlite3_bind_int(statement, index, number),
            short number => raw.sqlite3_bind_int(statement, index, number),
            var other => throw new InvalidOperationException($"A column of {other.GetType()} is not written in bulk."),
        };
    }

    static async Task<int> Execute(DbConnection connection, string sql, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        return await command.ExecuteNonQueryAsync(ct);
    }
}
