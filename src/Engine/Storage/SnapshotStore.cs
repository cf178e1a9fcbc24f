using System.Data.Common;

namespace Tollkeeper.Engine.Storage;

/// <summary>
/// Reads very many rows of one moment while others write: a connection of its own, on which every query between
/// <see cref="Begin"/> and <see cref="End"/> sees the same snapshot. Rows come without an object for each value.
/// </summary>
public abstract class SnapshotStore : IAsyncDisposable
{
    public static async Task<SnapshotStore> Open(Database database, CancellationToken ct = default)
    {
        var connection = await database.Connect(ct);
        return database.IsPostgres
            ? new PostgresSnapshotStore((Npgsql.NpgsqlConnection)connection)
            : new SqliteSnapshotStore((Microsoft.Data.Sqlite.SqliteConnection)connection);
    }

    public abstract bool IsPostgres { get; }

    /// <summary>The snapshot is that of the first query after this.</summary>
    public abstract void Begin();

    public abstract void End();

    /// <summary>
    /// Rows of a query; read to their end or disposed of before the next query. Its text holds only our own words and
    /// numbers: there are no parameters.
    /// </summary>
    public abstract SnapshotRows Read(string query);

    public abstract ValueTask DisposeAsync();
}

/// <summary>Rows of a snapshot, column after column; what a span shows is gone with the next row.</summary>
public abstract class SnapshotRows : IDisposable
{
    public abstract bool Next();

    /// <summary>False where the column is null; a number of any width.</summary>
    public abstract bool TryLong(out long value);

    /// <summary>False where the column is null; text as UTF-8, a uuid as its 16 bytes.</summary>
    public abstract bool TryBytes(out ReadOnlySpan<byte> value);

    public abstract void Dispose();

    public long Long()
    {
        Demand.That(TryLong(out var value), "the column is not null");
        return value;
    }

    public long? LongOrNull() => TryLong(out var value) ? value : null;

    public int Int() => checked((int)Long());

    public bool YesNo() => Long() != 0;

    public ReadOnlySpan<byte> Bytes()
    {
        Demand.That(TryBytes(out var value), "the column is not null");
        return value;
    }

    public string Text() => System.Text.Encoding.UTF8.GetString(Bytes());

    public string? TextOrNull() => TryBytes(out var value) ? System.Text.Encoding.UTF8.GetString(value) : null;
}
