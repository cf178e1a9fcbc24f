using System.Data.Common;
using Dapper;

namespace Tollkeeper.Engine.Storage;

/// <summary>A migration as the database recorded it.</summary>
public sealed record AppliedMigration
{
    public int Number { get; init; }
    public string Sha256 { get; init; } = "";
}

/// <summary>Which migrations a database has had, and the applying of the next one.</summary>
sealed class MigrationStore(Database database)
{
    /// <summary>Any number will do that no other lock of ours uses; held until the transaction ends.</summary>
    const long PostgresLock = 0x546F_6C6C_6B65_6570;

    public async Task<IReadOnlyList<AppliedMigration>> Applied(CancellationToken ct)
    {
        await using var connection = await database.Connect(ct);
        var exists = await connection.ExecuteScalarAsync<long>(database.IsPostgres
            ? "select count(*) from pg_tables where schemaname = current_schema() and tablename = 'schema_migration'"
            : "select count(*) from sqlite_master where type = 'table' and name = 'schema_migration'");
        return exists == 0 ? [] : await Read(connection, null);
    }

    /// <summary>Under the lock: reads what was applied, asks for the next one, applies and records it.</summary>
    public Task<Result<Migration?>> ApplyNext(
        Func<IReadOnlyList<AppliedMigration>, Result<Migration?>> choose, Func<long> nowMicros, CancellationToken ct) =>
        database.InTransaction<Migration?>(
            async (connection, transaction) =>
            {
                if (database.IsPostgres)
                    await connection.ExecuteAsync($"select pg_advisory_xact_lock({PostgresLock})", null, transaction);
                await connection.ExecuteAsync(
                    """
                    create table if not exists schema_migration (
                      number int not null primary key, what text not null,
                      sha256 text not null, applied_at_micros bigint not null)
                    """,
                    null, transaction);
                var next = choose(await Read(connection, transaction));
                if (next.Refused is not null || next.Value is not { } migration) return next;
                await connection.ExecuteAsync(migration.Text, null, transaction, commandTimeout: 0);
                await connection.ExecuteAsync(
                    """
                    insert into schema_migration (number, what, sha256, applied_at_micros)
                    values (@Number, @What, @Sha256, @AppliedAtMicros)
                    """,
                    new { migration.Number, migration.What, migration.Sha256, AppliedAtMicros = nowMicros() },
                    transaction);
                return migration;
            },
            ct);

    static async Task<IReadOnlyList<AppliedMigration>> Read(DbConnection connection, DbTransaction? transaction) =>
        (await connection.QueryAsync<AppliedMigration>(
            "select number, sha256 from schema_migration order by number", null, transaction)).AsList();
}
