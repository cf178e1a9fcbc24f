using System.Diagnostics;
using NodaTime;
using Npgsql;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Tests.Engine.Ledger;
using Xunit;
using Xunit.Abstractions;

namespace Tollkeeper.Tests.Engine.Charging.Storms;

/// <summary>The database goes away, loses an answer, or is full: nothing is lost, nothing is done twice.</summary>
public sealed class StormTests(ITestOutputHelper output)
{
    const long Deposited = 1_000_000_000;

    readonly MovableClock clock = new();

    [Fact]
    [Trait("Category", "needs-postgres")]
    public Task A_connection_cut_right_after_commit_loses_and_doubles_nothing() => CutAfterCommit(6);

    [Fact]
    [Trait("Category", "long")]
    [Trait("Category", "needs-postgres")]
    public Task A_hundred_connections_cut_right_after_commit_lose_and_double_nothing() => CutAfterCommit(100);

    async Task CutAfterCommit(int times)
    {
        await using var test = await TestDatabase.New(DatabaseKind.Postgres);
        var direct = new NpgsqlConnectionStringBuilder(test.ConnectionString);
        await using var proxy = new CuttingProxy(direct.Port);
        var through = new NpgsqlConnectionStringBuilder(direct.ConnectionString)
        {
            Host = "127.0.0.1",
            Port = proxy.Port,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        };
        await using var home = await Desk.Open(test.Database, clock);
        var account = await home.Account(Deposited);
        await using var database = Database.Open(through.ConnectionString, test.Folder);
        await using var desk = await home.Another(database);
        var callers = new Callers(desk, account);
        await callers.One();
        for (var i = 0; i < times; i++)
        {
            proxy.Arm();
            while (proxy.Cuts == i) await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => callers.One()));
        }
        await NothingIsLost(callers, test.Database, $"connection cut after COMMIT {proxy.Cuts} times");
    }

    [Fact]
    [Trait("Category", "needs-postgres")]
    public async Task A_server_that_restarts_under_load_refuses_what_may_be_repeated_and_then_goes_on()
    {
        var server = await PostgresServer.Own();
        var connection = await server.CreateDatabase();
        var folder = Directory.CreateTempSubdirectory("tollkeeper-storm-").FullName;
        await using (var database = Database.Open(connection, folder))
        {
            Assert.True((await new Migrator(database, clock).Run(MigrateMode.Auto)).Accepted);
            await using var desk = await Desk.Open(database, clock);
            var account = await desk.Account(Deposited, cps: 1_000_000);
            var callers = new Callers(desk, account);
            using var stop = new CancellationTokenSource();
            var calling = callers.Call(8, stop.Token);
            foreach (var crash in new[] { true, false })
            {
                await Grow(callers, calling, 100);
                await server.Stop(crash);
                await Task.Delay(500);
                await server.StartServer();
                await Grow(callers, calling, 100);
            }
            await stop.CancelAsync();
            await calling;
            await NothingIsLost(callers, database, "PostgreSQL crashed once and stopped once under load");
        }
        await server.Remove();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>
    /// Needs a small file system of its own, which only root may mount; it holds several times what the calls of this
    /// test leave in the log, so that only the filler makes it full.
    /// </summary>
    [Fact]
    public async Task A_full_disk_under_SQLite_refuses_and_damages_nothing_and_goes_on_when_there_is_room()
    {
        var folder = Directory.CreateTempSubdirectory("tollkeeper-full-").FullName;
        if (await Run("mount", "-t", "tmpfs", "-o", "size=160m", "tmpfs", folder) != 0)
        {
            output.WriteLine("not run: this user may not mount a small file system");
            Directory.Delete(folder);
            return;
        }
        try
        {
            await using var database = Database.Open(null, folder);
            Assert.True((await new Migrator(database, clock).Run(MigrateMode.Auto)).Accepted);
            await using var desk = await Desk.Open(database, clock);
            var account = await desk.Account(Deposited, cps: 1_000_000);
            var callers = new Callers(desk, account);
            using var stop = new CancellationTokenSource();
            var calling = callers.Call(8, stop.Token);
            await Grow(callers, calling, 100);
            Fill(Path.Combine(folder, "filler"));
            var begun = Stopwatch.GetTimestamp();
            while (callers.Repeated < 8)
            {
                if (calling.IsFaulted) await calling;
                Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(60), "a full disk refuses");
                await Task.Delay(20);
            }
            File.Delete(Path.Combine(folder, "filler"));
            await Grow(callers, calling, 100);
            await stop.CancelAsync();
            await calling;
            await NothingIsLost(callers, database, "disk full under SQLite");
        }
        finally
        {
            await Run("umount", folder);
            Directory.Delete(folder);
        }
    }

    async Task NothingIsLost(Callers callers, Database database, string storm)
    {
        var (lost, doubled) = await callers.Compare(Deposited);
        await Audited.Clean(database, "after: " + storm);
        output.WriteLine(
            $"{storm}: {callers.Answered} requests answered, {callers.Repeated} refused and repeated, "
            + $"lost {lost}, doubled {doubled}");
        Assert.Equal((0, 0), (lost, doubled));
    }

    /// <summary>Writes until there is no room left.</summary>
    static void Fill(string path)
    {
        using var filler = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var piece = new byte[4096];
        try
        {
            while (true) filler.Write(piece);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    static async Task Grow(Callers callers, Task calling, int more)
    {
        var wanted = callers.Answered + more;
        var begun = Stopwatch.GetTimestamp();
        while (callers.Answered < wanted)
        {
            if (calling.IsFaulted) await calling;
            Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(60), "calls go on");
            await Task.Delay(10);
        }
    }

    static async Task<int> Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false })!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
