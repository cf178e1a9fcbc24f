using System.Text.RegularExpressions;
using Npgsql;

namespace Tollkeeper.Engine.Storage;

/// <summary>All rows of PostgreSQL by binary COPY in one snapshot, and back by COPY in one transaction.</summary>
sealed partial class PostgresBackupStore(Database database) : BackupStore
{
    public override string Kind => BackupHeader.Postgres;

    public override async Task Save(BackupWriter writer, string beside, CancellationToken ct)
    {
        await using var connection = await database.Postgres.OpenConnectionAsync(ct);
        await Execute(
            connection, "begin isolation level repeatable read read only; set local statement_timeout = 0", ct);
        foreach (var partition in await Partitions(connection, ct)) writer.Json(BackupRecord.Partition, partition);
        foreach (var table in await Tables(connection, ct))
        {
            writer.Json(BackupRecord.Table, table);
            await using var rows = await connection.BeginRawBinaryCopyAsync(
                $"copy (select {ColumnsOf(table)} from {Quoted(table.Name)}) to stdout (format binary)", ct);
            writer.Rows(rows);
        }
        await Execute(connection, "commit", ct);
    }

    public override async Task<Result<int>> Load(string path, CancellationToken ct)
    {
        await using var connection = await database.Postgres.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var tables = await Tables(connection, ct);
        await Execute(connection,
            "set local statement_timeout = 0; lock table " + string.Join(", ", tables.Select(t => Quoted(t.Name)))
            + " in access exclusive mode", ct);
        foreach (var table in tables.Where(table => !FilledByItself.Contains(table.Name)))
        {
            if (await Scalar<bool>(connection, $"select exists (select 1 from {Quoted(table.Name)})", ct))
                return new Refused(Refusal.DatabaseNotEmpty, $"table {table.Name}");
        }
        foreach (var table in FilledByItself.Where(name => tables.Any(table => table.Name == name)))
            await Execute(connection, $"delete from {Quoted(table)}", ct);
        await Copy(connection, path, ct);
        await SetSequences(connection, ct);
        await transaction.CommitAsync(ct);
        await Execute(connection, "analyze", ct);
        return tables.Count;
    }

    static async Task Copy(NpgsqlConnection connection, string path, CancellationToken ct)
    {
        NpgsqlRawCopyStream? rows = null;
        foreach (var (kind, bytes) in BackupFile.Read(path))
        {
            switch (kind)
            {
                case BackupRecord.Partition:
                    await Make(connection, Json<BackupPartition>(bytes), ct);
                    break;
                case BackupRecord.Table:
                    if (rows is not null) await rows.DisposeAsync();
                    var table = Json<BackupTable>(bytes);
                    rows = await connection.BeginRawBinaryCopyAsync(
                        $"copy {Quoted(table.Name)} ({ColumnsOf(table)}) from stdin (format binary)", ct);
                    break;
                case BackupRecord.Rows:
                    await rows!.WriteAsync(bytes, ct);
                    break;
                case BackupRecord.Header or BackupRecord.Sum:
                    break;
            }
        }
        if (rows is not null) await rows.DisposeAsync();
    }

    static async Task Make(NpgsqlConnection connection, BackupPartition partition, CancellationToken ct)
    {
        Demand.That(Bound().IsMatch(partition.Bound), "a backup's partition has bounds as they were written");
        if (await Scalar<bool>(connection, $"select to_regclass('{Quoted(partition.Name)}') is not null", ct)) return;
        await Execute(connection,
            $"create table {Quoted(partition.Name)} partition of {Quoted(partition.Of)} {partition.Bound}", ct);
    }

    static async Task<List<BackupTable>> Tables(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            select c.relname, array_agg(a.attname::text order by a.attnum)
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace and n.nspname = current_schema()
            join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
            where c.relkind in ('r', 'p') and not c.relispartition
            group by c.oid, c.relname order by c.oid
            """,
            connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var tables = new List<BackupTable>();
        while (await reader.ReadAsync(ct))
            tables.Add(new BackupTable(reader.GetString(0), await reader.GetFieldValueAsync<string[]>(1, ct)));
        // In the order of their making, a table comes after those that it refers to.
        return [.. tables.Where(table => table.Name != Migrations)];
    }

    static async Task<List<BackupPartition>> Partitions(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            select c.relname, p.relname, pg_get_expr(c.relpartbound, c.oid)
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace and n.nspname = current_schema()
            join pg_inherits i on i.inhrelid = c.oid join pg_class p on p.oid = i.inhparent
            where c.relispartition and c.relkind = 'r' order by c.oid
            """,
            connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var partitions = new List<BackupPartition>();
        while (await reader.ReadAsync(ct))
            partitions.Add(new BackupPartition(reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        return partitions;
    }

    /// <summary>Numbers that the database gives go on after the highest that is there.</summary>
    static Task SetSequences(NpgsqlConnection connection, CancellationToken ct) => Execute(connection,
        """
        do $$
        declare t record; highest bigint;
        begin
          for t in
            select c.oid::regclass as name, a.attname as col,
              pg_get_serial_sequence(c.oid::regclass::text, a.attname) as seq
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace and n.nspname = current_schema()
            join pg_attribute a on a.attrelid = c.oid and a.attidentity <> ''
            where c.relkind in ('r', 'p') and not c.relispartition
          loop
            execute format('select coalesce(max(%I), 0) from %s', t.col, t.name) into highest;
            perform setval(t.seq, highest + 1, false);
          end loop;
        end $$
        """, ct);

    static async Task Execute(NpgsqlConnection connection, string text, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(text, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }

    static async Task<T> Scalar<T>(NpgsqlConnection connection, string text, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(text, connection) { CommandTimeout = 0 };
        return (T)(await command.ExecuteScalarAsync(ct))!;
    }

    static string ColumnsOf(BackupTable table) => string.Join(", ", table.Columns.Select(Quoted));

    static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    [GeneratedRegex(
        @"^(DEFAULT|FOR VALUES FROM \('?-?\d+'?\) TO \('?-?\d+'?\))$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Bound();
}
