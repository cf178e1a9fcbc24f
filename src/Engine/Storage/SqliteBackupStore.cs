using System.Data.Common;
using Dapper;

namespace Tollkeeper.Engine.Storage;

/// <summary>
/// A whole SQLite file, made by <c>VACUUM INTO</c> while others write; loaded by copying its tables in one transaction,
/// so that another process sees all of it or nothing.
/// </summary>
sealed class SqliteBackupStore(Database database) : BackupStore
{
    public override string Kind => BackupHeader.Sqlite;

    public override async Task Save(BackupWriter writer, string beside, CancellationToken ct)
    {
        File.Delete(beside);
        try
        {
            // Made by us so that nobody else may read it; SQLite takes an empty file.
            await BackupFile.Create(beside).DisposeAsync();
            await using (var connection = await database.Connect(ct))
                await connection.ExecuteAsync("vacuum into @beside", new { beside }, commandTimeout: 0);
            writer.Json(BackupRecord.Table, new BackupTable("sqlite", []));
            await using var image = File.OpenRead(beside);
            writer.Rows(image);
        }
        finally
        {
            File.Delete(beside);
        }
    }

    public override async Task<Result<int>> Load(string path, CancellationToken ct)
    {
        var image = database.SqlitePath + ".restore";
        File.Delete(image);
        try
        {
            await using (var file = BackupFile.Create(image))
            {
                foreach (var (kind, bytes) in BackupFile.Read(path))
                    if (kind == BackupRecord.Rows) await file.WriteAsync(bytes, ct);
            }
            await using var connection = await database.Connect(ct);
            await connection.ExecuteAsync("attach database @image as image", new { image });
            try
            {
                return await CopyAll(connection, ct);
            }
            finally
            {
                await connection.ExecuteAsync("detach database image");
            }
        }
        finally
        {
            File.Delete(image);
        }
    }

    async Task<Result<int>> CopyAll(DbConnection connection, CancellationToken ct)
    {
        Refused? refused = null;
        var copied = await database.InTransaction<int>(
            connection,
            async (_, transaction) =>
            {
                await connection.ExecuteAsync("pragma defer_foreign_keys = on", null, transaction);
                var tables = (await connection.QueryAsync<string>(
                    "select name from main.sqlite_master where type = 'table' "
                    + "and name not like 'sqlite%' order by rowid",
                    null, transaction)).Where(name => name != Migrations).ToList();
                foreach (var table in tables.Where(table => !FilledByItself.Contains(table)))
                {
                    if (await connection.ExecuteScalarAsync<long>(
                        $"select exists (select 1 from main.{Quoted(table)})", null, transaction) == 0) continue;
                    refused ??= new Refused(Refusal.DatabaseNotEmpty, $"table {table}");
                }
                if (refused is not null) return 0;
                foreach (var table in tables) await Copy(connection, transaction, table);
                return tables.Count;
            },
            ct);
        return refused is not null ? refused : copied;
    }

    static async Task Copy(DbConnection connection, DbTransaction transaction, string table)
    {
        var columns = string.Join(", ", (await connection.QueryAsync<string>(
            "select name from pragma_table_info(@table, 'main') order by cid", new { table }, transaction))
            .Select(Quoted));
        await connection.ExecuteAsync(
            $"delete from main.{Quoted(table)}", null, transaction, commandTimeout: 0);
        await connection.ExecuteAsync(
            $"insert into main.{Quoted(table)} ({columns}) select {columns} from image.{Quoted(table)}",
            null, transaction, commandTimeout: 0);
    }

    static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
