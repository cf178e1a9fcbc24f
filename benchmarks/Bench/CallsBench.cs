using Npgsql;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Tests.Engine;

namespace Tollkeeper.Bench;

/// <summary>
/// Calls per second, each an authorize and an end with all their rows, durable before they are answered; beside the
/// usual way to write the same rows. The engine without the wire.
/// </summary>
static class CallsBench
{
    const int ManyAccounts = 10_000;

    static (int Callers, int Accounts, string Goal)[] OnPostgres =>
    [
        (1_024, ManyAccounts, "gate 6x, aim 10x"),
        (64, ManyAccounts, "gate 2x, aim 4x"),
        (1_024, 1, "gate 40x, aim 60x"),
    ];

    /// <summary>On a PostgreSQL of our own, which must be installed; the baseline has its own database there.</summary>
    public static async IAsyncEnumerable<BenchRow> Postgres(bool quick)
    {
        using var folder = new BenchFolder();
        var server = await PostgresServer.Own();
        await using var ours = await PostgresDatabase(server);
        await using var theirs = await PostgresDatabase(server);
        await using var desk = await CallDesk.Open(ours, ManyAccounts);
        await (await CallDesk.Open(theirs, ManyAccounts)).DisposeAsync();
        foreach (var (callers, accounts, goal) in OnPostgres)
        {
            var load = new CallLoad(desk, callers, accounts);
            var baseline = await PgbenchCalls.Make(theirs, folder.Path, accounts);
            yield return await Row(
                $"calls, PostgreSQL, {Spread(accounts)}, {callers:#,##0} callers", desk, load, baseline.Run, baseline,
                goal, quick);
        }
        await desk.DisposeAsync();
        await ours.DisposeAsync();
        await theirs.DisposeAsync();
        await server.Remove();
    }

    /// <summary>On SQLite with synchronous=FULL, beside our own code that commits each request alone.</summary>
    public static async IAsyncEnumerable<BenchRow> Sqlite(bool quick)
    {
        using var folder = new BenchFolder();
        await using var batched = await Migrated(Database.Open(null, Path.Combine(folder.Path, "batched")));
        await using var alone = await Migrated(Database.Open(null, Path.Combine(folder.Path, "alone")));
        await using var ours = await CallDesk.Open(batched, ManyAccounts);
        await using var theirs = await CallDesk.Open(alone, ManyAccounts, new BookkeeperLimits(Batch: 1));
        var baseline = new CallLoad(theirs, 1_024, ManyAccounts);
        yield return await Row(
            $"calls, SQLite, {Spread(ManyAccounts)}, 1,024 callers", ours, new CallLoad(ours, 1_024, ManyAccounts),
            baseline.Calls, $"our own code, batch size 1: {baseline}", "gate 4x, aim 8x", quick);
        await theirs.DemandEqualBooks();
    }

    /// <summary>How much history and accounts slow calls.</summary>
    public static async IAsyncEnumerable<BenchRow> Growth(bool quick)
    {
        var server = await PostgresServer.Own();
        await using var database = await PostgresDatabase(server);
        await using var desk = await CallDesk.Open(database, ManyAccounts);
        var time = TimeSpan.FromSeconds(quick ? 1 : 4);
        await Rate();
        await Rate();
        var before = await Rate();
        var imported = quick ? 50_000 : 1_000_000;
        await CallLoad.Imports(desk, imported);
        var history = await Rate();
        await desk.AddAccounts((quick ? 1 : 9) * ManyAccounts);
        var after = await Rate();
        await desk.DemandEqualBooks();
        yield return new BenchRow(
            $"calls, PostgreSQL, after {imported:#,##0} more", "calls/s", history, "before", before, history / before,
            "64 callers");
        yield return new BenchRow(
            $"calls, PostgreSQL, {desk.Accounts:#,##0} accounts", "calls/s", after, $"{ManyAccounts:#,##0}", history,
            after / history, "64 callers; books equal");
        await desk.DisposeAsync();
        await database.DisposeAsync();
        await server.Remove();

        // The first of them warms what came before it.
        async Task<double> Rate()
        {
            var rates = new double[4];
            for (var i = 0; i < rates.Length; i++) rates[i] = await new CallLoad(desk, 64, desk.Accounts).Calls(time);
            return Rounds.Median(rates[1..]);
        }
    }

    static async Task<BenchRow> Row(string name, CallDesk desk, CallLoad load, Func<TimeSpan, Task<double>> baseline,
        object baselineName, string goal, bool quick)
    {
        var time = TimeSpan.FromSeconds(quick ? 2 : 4);
        var rates = await Rounds.InterleavedRates(quick ? 3 : 5, () => load.Calls(time), () => baseline(time));
        var settles = await load.Settles(quick ? 10_000 : 40_000);
        await desk.DemandEqualBooks();
        return new BenchRow(
            name, "calls/s", rates.Ours, baselineName.ToString()!, rates.Baseline, rates.Ratio,
            $"{load}; ends alone {settles:#,##0}/s; {goal}; books equal");
    }

    static string Spread(int accounts) => accounts == 1 ? "one hot account" : $"{accounts:#,##0} accounts";

    public static async Task<Database> PostgresDatabase(PostgresServer server)
    {
        var connectionString = new NpgsqlConnectionStringBuilder(await server.CreateDatabase()) { Pooling = true };
        return await Migrated(Database.Open(connectionString.ConnectionString, Path.GetTempPath()));
    }

    public static async Task<Database> Migrated(Database database)
    {
        var migrated = await new Migrator(database, NodaTime.SystemClock.Instance).Run(MigrateMode.Auto);
        Demand.That(migrated.Accepted, "an empty database is migrated");
        return database;
    }
}

/// <summary>A folder that goes when a measurement ends.</summary>
sealed class BenchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("tollkeeper-bench-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
