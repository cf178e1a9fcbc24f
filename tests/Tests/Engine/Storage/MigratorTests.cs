using Dapper;
using NodaTime;
using Tollkeeper.Engine.Storage;
using Xunit;

namespace Tollkeeper.Tests.Engine.Storage;

public sealed class MigratorTests
{
    static readonly int Newest = Migrator.Shipped(postgres: true).Count;

    [Fact]
    public void Each_migration_is_there_for_both_databases()
    {
        var postgres = Migrator.Shipped(postgres: true).Select(m => (m.Number, m.What));
        Assert.Equal(postgres, Migrator.Shipped(postgres: false).Select(m => (m.Number, m.What)));
    }

    [BothDatabases]
    public async Task An_empty_database_is_brought_up_to_date_once(DatabaseKind kind)
    {
        await using var test = await TestDatabase.NewEmpty(kind);
        var migrator = new Migrator(test.Database, SystemClock.Instance);
        Assert.Equal(Refusal.SchemaOlder, (await migrator.Run(MigrateMode.Check)).Refused?.Refusal);
        Assert.Equal(new SchemaState(Newest, Newest), (await migrator.Run(MigrateMode.Auto)).Value);
        Assert.Equal(new SchemaState(Newest, 0), (await migrator.Run(MigrateMode.Auto)).Value);
        Assert.Equal(new SchemaState(Newest, 0), (await migrator.Run(MigrateMode.Check)).Value);
    }

    [BothDatabases]
    public async Task Several_nodes_that_start_at_once_migrate_once(DatabaseKind kind)
    {
        await using var test = await TestDatabase.NewEmpty(kind);
        var nodes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            await using var database = test.OpenAgain();
            return (await new Migrator(database, SystemClock.Instance).Run(MigrateMode.Auto)).Value;
        })));
        Assert.Equal(Newest, nodes.Sum(node => node.Applied));
        Assert.All(nodes, node => Assert.Equal(Newest, node.Number));
    }

    [BothDatabases]
    public async Task A_newer_schema_is_refused(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using (var connection = await test.Database.Connect())
            await connection.ExecuteAsync("insert into schema_migration values (@number, 'later', 'x', 0)",
                new { number = Newest + 1 });
        var migrator = new Migrator(test.Database, SystemClock.Instance);
        Assert.Equal(Refusal.SchemaNewer, (await migrator.Run(MigrateMode.Auto)).Refused?.Refusal);
        Assert.Equal(Refusal.SchemaNewer, (await migrator.Run(MigrateMode.Check)).Refused?.Refusal);
    }

    [BothDatabases]
    public async Task An_edited_migration_is_noticed(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using (var connection = await test.Database.Connect())
            await connection.ExecuteAsync("update schema_migration set sha256 = 'edited' where number = 1");
        var migrator = new Migrator(test.Database, SystemClock.Instance);
        Assert.Equal(Refusal.SchemaDiffers, (await migrator.Run(MigrateMode.Auto)).Refused?.Refusal);
        Assert.Equal(Refusal.SchemaDiffers, (await migrator.Run(MigrateMode.Check)).Refused?.Refusal);
    }

    [BothDatabases]
    public async Task A_refused_or_failed_piece_of_work_leaves_nothing(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        const string Insert = "insert into numbering values (1, '1201', 'NJ', 'US')";
        var refused = await test.Database.InTransaction<int>(async (connection, transaction) =>
        {
            await connection.ExecuteAsync(Insert, null, transaction);
            return Refusal.AlreadyExists;
        });
        Assert.Equal(Refusal.AlreadyExists, refused.Refused?.Refusal);
        await Assert.ThrowsAsync<TimeoutException>(
            () => test.Database.InTransaction<int>(async (connection, transaction) =>
        {
            await connection.ExecuteAsync(Insert, null, transaction);
            throw new TimeoutException();
        }));
        await using var look = await test.Database.Connect();
        Assert.Equal(0, await look.ExecuteScalarAsync<long>("select count(*) from numbering"));
    }
}
