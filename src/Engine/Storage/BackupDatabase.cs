using NodaTime;

namespace Tollkeeper.Engine.Storage;

/// <summary>How a backup came out.</summary>
public readonly record struct BackupMade(long Bytes, int Schema);

/// <summary>
/// Writes everything of one moment to a file while calls go on. The file has its name only when it is whole; mode 0600.
/// </summary>
public sealed class BackupDatabase(Database database, IClock clock)
{
    /// <summary>
    /// Refusals: those of the schema, and <see cref="Refusal.FileUnreadable"/> where it cannot be written.
    /// </summary>
    public async Task<Result<BackupMade>> Run(string path, CancellationToken ct = default)
    {
        var schema = await new Migrator(database, clock).Run(MigrateMode.Check, ct);
        if (schema.Refused is { } refused) return refused;
        var part = path + ".part";
        try
        {
            File.Delete(part);
            await using (var file = BackupFile.Create(part))
            {
                using var writer = new BackupWriter(file);
                var store = BackupStore.Of(database);
                var migrations = Migrator.Shipped(database.IsPostgres).Select(migration => migration.Sha256);
                writer.Json(BackupRecord.Header, new BackupHeader(
                    BackupHeader.Newest, store.Kind, [.. migrations], clock.GetCurrentInstant().ToMicros()));
                await store.Save(writer, path + ".image", ct);
                writer.Finish();
                file.Flush(flushToDisk: true);
            }
            File.Move(part, path, overwrite: true);
            return new BackupMade(new FileInfo(path).Length, schema.Value.Number);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new Refused(Refusal.FileUnreadable, $"backup {Path.GetFileName(path)}: {exception.Message}");
        }
        finally
        {
            if (File.Exists(part)) File.Delete(part);
        }
    }
}

/// <summary>
/// Fills an empty database from a backup of the same kind and schema, all or nothing. The whole file is checked before
/// anything is written. Whoever calls audits the books afterwards.
/// </summary>
public sealed class RestoreDatabase(Database database, IClock clock)
{
    /// <summary>
    /// Refusals: <see cref="Refusal.FileUnreadable"/>, <see cref="Refusal.SchemaNewer"/>,
    /// <see cref="Refusal.SchemaOlder"/>, <see cref="Refusal.DatabaseNotEmpty"/>. The value counts tables.
    /// </summary>
    public async Task<Result<int>> Run(string path, CancellationToken ct = default)
    {
        var checkedFile = BackupFile.Check(path);
        if (checkedFile.Refused is { } unreadable) return unreadable;
        var store = BackupStore.Of(database);
        if (Fits(checkedFile.Value, store.Kind) is { } other) return other;
        var applied = await new MigrationStore(database).Applied(ct);
        var mode = applied.Count == 0 ? MigrateMode.Auto : MigrateMode.Check;
        var schema = await new Migrator(database, clock).Run(mode, ct);
        if (schema.Refused is { } refused) return refused;
        return await store.Load(path, ct);
    }

    Refused? Fits(BackupHeader header, string kind)
    {
        if (header.Database != kind)
            return new Refused(Refusal.FileUnreadable, $"a backup of {header.Database}, and the database is {kind}");
        var shipped = Migrator.Shipped(database.IsPostgres);
        var detail = $"backup of schema {header.Migrations.Count}, this release has {shipped.Count}";
        if (header.Migrations.Count > shipped.Count) return new Refused(Refusal.SchemaNewer, detail);
        if (header.Migrations.Count < shipped.Count) return new Refused(Refusal.SchemaOlder, detail);
        return shipped.Select(migration => migration.Sha256).SequenceEqual(header.Migrations, StringComparer.Ordinal)
            ? null
            : new Refused(Refusal.FileUnreadable, "a backup of a schema that this release does not know");
    }
}
