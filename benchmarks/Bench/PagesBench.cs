using NodaTime;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Host;
using Tollkeeper.Tests.Engine;

namespace Tollkeeper.Bench;

/// <summary>
/// Pages of customers who are signed in, over HTTP against a server in a process of its own: of an account with very
/// many calls among many with few, and what open pages cost the calls.
/// </summary>
static class PagesBench
{
    const int Accounts = 10_001;
    const int Sessions = 200;
    const int OpenPages = 500;

    /// <summary>Hours that the policy's local days are behind UTC.</summary>
    const int Zone = 5;

    const string Balance = "/finances/account-balance";
    const string Calls = "/calls";
    const string Filtered = "/calls?destination=mexico";

    public static async IAsyncEnumerable<BenchRow> Run(bool quick)
    {
        var server = await PostgresServer.Own();
        await using (var database = await CallsBench.PostgresDatabase(server))
        {
            await foreach (var row in Pages(database, quick ? 500_000 : 10_000_000, quick)) yield return row;
        }
        await server.Remove();
        using var folder = new BenchFolder();
        await using var sqlite = await CallsBench.Migrated(Database.Open(null, folder.Path));
        await foreach (var row in Pages(sqlite, quick ? 100_000 : 1_000_000, quick, folder.Path)) yield return row;
    }

    public static async IAsyncEnumerable<BenchRow> Live(bool quick)
    {
        var server = await PostgresServer.Own();
        await using (var database = await CallsBench.PostgresDatabase(server))
        {
            await foreach (var row in Streams(database, quick)) yield return row;
        }
        await server.Remove();
    }

    static async IAsyncEnumerable<BenchRow> Pages(Database database, long calls, bool quick, string? data = null)
    {
        using var own = new BenchFolder();
        int providerNo;
        await using (var desk = await CallDesk.Open(database, Accounts)) providerNo = desk.ProviderNo;
        await ManyCallsStore.Fill(database, calls, SystemClock.Instance.GetCurrentInstant(), Zone);
        var settings = new Settings(
            data ?? own.Path, data is null ? database.Postgres.ConnectionString : null, "http://127.0.0.1:0",
            CheckSchemaOnly: false);
        using var served = await ServedProcess.Start(settings.Database, settings.DataFolder);
        using var readers = await Readers.SignIn(served, database, settings, providerNo, Sessions);
        var where = $"{(data is null ? "PostgreSQL" : "SQLite")}, {calls / 1_000_000.0:0.#} M calls";
        // The compiled code settles, and each reader's session is known.
        await readers.Paced([Balance, Calls, Filtered], 200, TimeSpan.FromSeconds(quick ? 5 : 15));
        foreach (var (name, path) in new[] { ("balance", Balance), ("calls", Calls), ("calls filtered", Filtered) })
        {
            var before = served.Processor;
            var taken = await readers.OneByOne(path, quick ? 300 : 2_000);
            var used = (served.Processor - before).TotalMilliseconds / taken.Count;
            var trips = data is null ? await RoundTrips(database, readers, path) : "";
            yield return new BenchRow(
                $"page {name}, {where}", "pages/s", 1_000 / taken.Mean, "none", null, null,
                $"one connection, {taken}, {used:0.00} ms of the server's processor{trips}; goal p50 10 ms, aim 2");
        }
        foreach (var perSecond in new[] { 200, 500, 1_000 })
        {
            var before = served.Processor;
            var paced = await readers.Paced([Balance, Calls], perSecond, TimeSpan.FromSeconds(quick ? 3 : 15));
            var used = (served.Processor - before).TotalMilliseconds / paced.Taken.Count;
            yield return new BenchRow(
                $"pages paced {perSecond:#,##0}/s, {where}", "pages/s", paced.PerSecond, "none", null, null,
                $"{paced.Taken}, {paced.Failed} failed, {used:0.00} ms of the server's processor and "
                + $"{readers.BytesAPage:#,##0} bytes a page; goal p99 50 ms");
        }
    }

    /// <summary>Each is a transaction; what the server asks by itself meanwhile is taken off.</summary>
    static async Task<string> RoundTrips(Database database, Readers readers, string path)
    {
        const int pages = 500;
        // A connection that rests tells its figures after ten seconds.
        var told = TimeSpan.FromSeconds(11);
        await Task.Delay(told);
        var before = await ManyCallsStore.Commits(database);
        await Task.Delay(told);
        var idle = await ManyCallsStore.Commits(database);
        await readers.OneByOne(path, pages);
        await Task.Delay(told);
        var after = await ManyCallsStore.Commits(database);
        return $", {(double)(after - idle - (idle - before)) / pages:0.0} round trips";
    }

    /// <summary>Calls per second while pages of all the accounts that make them are open, and while none is.</summary>
    static async IAsyncEnumerable<BenchRow> Streams(Database database, bool quick)
    {
        using var folder = new BenchFolder();
        await using var desk = await CallDesk.Open(database, OpenPages);
        var settings = new Settings(
            folder.Path, database.Postgres.ConnectionString, "http://127.0.0.1:0", CheckSchemaOnly: false);
        using var served = await ServedProcess.Start(settings.Database, settings.DataFolder);
        using var readers = await Readers.SignIn(served, database, settings, desk.ProviderNo, OpenPages);
        var time = TimeSpan.FromSeconds(quick ? 2 : 6);
        var load = new CallLoad(desk, 64, OpenPages);
        foreach (var lists in new[] { false, true })
        {
            var messages = 0L;
            var rates = await Rounds.InterleavedRates(
                quick ? 3 : 7, () => WithPages(lists), () => load.Calls(time));
            yield return new BenchRow(
                $"calls, {OpenPages} open pages{(lists ? " that fetch their lists" : "")}", "calls/s", rates.Ours,
                "no page open", rates.Baseline, rates.Ratio,
                $"64 callers on the {OpenPages} accounts, costs {(1 - rates.Ratio) * 100:0.0} %, "
                + $"{messages:#,##0} messages; goal 5 %");

            async Task<double> WithPages(bool fetching)
            {
                using var over = new CancellationTokenSource();
                var open = 0;
                var streams = Enumerable.Range(0, OpenPages).Select(reader => readers.Listen(
                    reader, fetching, () => Interlocked.Increment(ref open),
                    () => Interlocked.Increment(ref messages), over.Token)).ToArray();
                for (var wait = 0; Volatile.Read(ref open) < OpenPages; wait++)
                {
                    var failed = streams.FirstOrDefault(stream => stream.IsFaulted);
                    if (failed is not null) await failed;
                    Demand.That(wait < 600, $"{open} streams are open after half a minute");
                    await Task.Delay(50);
                }
                var rate = await load.Calls(time);
                await over.CancelAsync();
                await Task.WhenAll(streams);
                return rate;
            }
        }
        await desk.DemandEqualBooks();
    }
}
