using NodaTime;
using Npgsql;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Tests.Engine;

/// <summary>
/// A fresh database of one test: a folder of its own, or a database on the tests' server; gone afterwards.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    static readonly Lazy<Task<string>> PostgresTemplate = new(MakeTemplate);

    readonly Func<Task> remove;

    TestDatabase(Database database, string? connectionString, string folder, Func<Task> remove)
    {
        Database = database;
        ConnectionString = connectionString;
        Folder = folder;
        this.remove = remove;
    }

    public Database Database { get; }

    /// <summary>What <c>TOLLKEEPER_DATABASE</c> would say; null for SQLite.</summary>
    public string? ConnectionString { get; }

    /// <summary>A data folder of the test's own, on both databases.</summary>
    public string Folder { get; }

    /// <summary>A database with the newest schema.</summary>
    public static async Task<TestDatabase> New(DatabaseKind kind)
    {
        var test = await Empty(kind, migrated: true);
        if (kind == DatabaseKind.Sqlite) await Migrate(test.Database);
        return test;
    }

    /// <summary>A database without any table.</summary>
    public static Task<TestDatabase> NewEmpty(DatabaseKind kind) => Empty(kind, migrated: false);

    /// <summary>
    /// A second, independent opening of the same database, as another node would have; the caller disposes of it.
    /// </summary>
    public Database OpenAgain() => Database.Open(ConnectionString, Folder);

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await remove();
        Directory.Delete(Folder, recursive: true);
    }

    static async Task<TestDatabase> Empty(DatabaseKind kind, bool migrated)
    {
        var folder = Directory.CreateTempSubdirectory("tollkeeper-test-").FullName;
        if (kind == DatabaseKind.Sqlite)
            return new TestDatabase(Database.Open(null, folder), null, folder, () => Task.CompletedTask);
        var server = await PostgresServer.Shared;
        var connectionString = await server.CreateDatabase(migrated ? await PostgresTemplate.Value : null);
        connectionString = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = true }.ConnectionString;
        return new TestDatabase(
            Database.Open(connectionString, folder),
            connectionString,
            folder,
            () => server.DropDatabase(connectionString));
    }

    static async Task<string> MakeTemplate()
    {
        var server = await PostgresServer.Shared;
        var connectionString = await server.CreateDatabase();
        await using var database = Database.Open(connectionString, Path.GetTempPath());
        await Migrate(database);
        return new NpgsqlConnectionStringBuilder(connectionString).Database!;
    }

    static async Task Migrate(Database database)
    {
        var migrated = await new Migrator(database, SystemClock.Instance).Run(MigrateMode.Auto);
        Demand.That(migrated.Accepted, $"the test's database was migrated, not refused: {migrated.Refused}");
    }
}
