using System.Data.Common;
using Dapper;
using NodaTime;
using NpgsqlTypes;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Rating;

namespace Tollkeeper.Engine.Rating;

/// <summary>The numbering table: the newest complete version of it.</summary>
public static class NumberingStore
{
    public static async Task<int> Begin(
        DbConnection connection, DbTransaction transaction, int rows, string sourceSha256, Instant now, string by) =>
        await connection.ExecuteScalarAsync<int>(
            """
            insert into numbering_version (version, saved_at_micros, saved_by, row_count, source_sha256, complete)
            select coalesce(max(version), 0) + 1, @now, @by, @rows, @sourceSha256, 0 from numbering_version
            returning version
            """,
            new { now = now.ToMicros(), by, rows, sourceSha256 }, transaction);

    public static Task Write(
        Database database, int version, IReadOnlyList<NumberingEntry> entries, Action<int>? onRows,
        CancellationToken ct) =>
        Bulk(database).Write(entries, (entry, row) =>
            (row[0], row[1], row[2], row[3]) = (version, entry.Prefix, entry.State, entry.Country), onRows, ct);

    public static Task Complete(DbConnection connection, DbTransaction transaction, int version) =>
        connection.ExecuteAsync("update numbering_version set complete = 1 where version = @version", new { version },
            transaction);

    /// <summary>Removes every row but those of one version, and of none that began later.</summary>
    public static Task RemoveBefore(Database database, int version, CancellationToken ct) =>
        Bulk(database).Delete($"version < {version}", ct);

    public static Task Remove(Database database, int version, CancellationToken ct) =>
        Bulk(database).Delete($"""
            version = {version} and not exists (
              select 1 from numbering_version v where v.version = {version} and v.complete = 1)
            """, ct);

    public static async Task<NumberingTable> Read(DbConnection connection, CancellationToken ct)
    {
        var rows = await connection.QueryAsync<(string Prefix, string State, string Country)>(new CommandDefinition(
            """
            select prefix, state, country from numbering
            where version = (select max(version) from numbering_version where complete = 1)
            """,
            commandTimeout: 0, cancellationToken: ct));
        return NumberingTable.Build(rows.Select(row => new NumberingEntry(row.Prefix, row.State, row.Country)));
    }

    static BulkStore Bulk(Database database) => new(
        database, "numbering", keyLength: 2,
        ("version", NpgsqlDbType.Integer), ("prefix", NpgsqlDbType.Text),
        ("state", NpgsqlDbType.Text), ("country", NpgsqlDbType.Text));
}
