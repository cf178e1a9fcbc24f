using System.Text.Json;

namespace Tollkeeper.Engine.Storage;

/// <summary>How one kind of database gives all of its rows of one moment, and takes them.</summary>
abstract class BackupStore
{
    public static BackupStore Of(Database database) =>
        database.IsPostgres ? new PostgresBackupStore(database) : new SqliteBackupStore(database);

    public abstract string Kind { get; }

    /// <summary>Everything, as it is at one moment, while others write.</summary>
    /// <param name="beside">A file name that is free for what has to be written before it is packed.</param>
    public abstract Task Save(BackupWriter writer, string beside, CancellationToken ct);

    /// <summary>
    /// All or nothing, into a database of the same schema. Refusal: <see cref="Refusal.DatabaseNotEmpty"/>.
    /// </summary>
    public abstract Task<Result<int>> Load(string path, CancellationToken ct);

    /// <summary>Tables that a new database fills by itself: they do not make it one that holds data.</summary>
    protected static readonly string[] FilledByItself = ["revision", "usage_tax_factor", "sales_tax_rate"];

    /// <summary>The migrations of the database are its own; they were compared before.</summary>
    protected const string Migrations = "schema_migration";

    protected static T Json<T>(ReadOnlyMemory<byte> bytes) => JsonSerializer.Deserialize<T>(bytes.Span)!;
}
