using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using NodaTime;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Rating;
using Tollkeeper.Tests.Engine;

namespace Tollkeeper.Bench;

/// <summary>
/// Calls over HTTP against a server in a process of its own, on PostgreSQL: one connection, and paced as a switch would
/// send them (open loop: what is late counts from when it was due). The load runs on the same machine.
/// </summary>
static class HttpBench
{
    const int Accounts = 1_000;

    public static async IAsyncEnumerable<BenchRow> Run(bool quick)
    {
        var server = await PostgresServer.Own();
        await using var database = await CallsBench.PostgresDatabase(server);
        await using var desk = await CallDesk.Open(database, Accounts);
        using var folder = new BenchFolder();
        using var served = await ServedProcess.Start(database.Postgres.ConnectionString, folder.Path);
        yield return new BenchRow(
            "memory of the idle server", "MB", served.ResidentMegabytes, "none", null, null, "gate 150, aim 75 MB");
        var switchKey = await Prepare(database, desk);
        await served.Ready();
        await Task.Delay(TimeSpan.FromSeconds(1.5));
        using var calls = new HttpCalls(served.Url, switchKey, desk.AccountIds);
        await calls.OneByOne(100);
        var alone = await calls.OneByOne(quick ? 500 : 5_000);
        yield return new BenchRow(
            "calls over HTTP, PostgreSQL, one connection", "calls/s", alone.PerSecond, "none", null, null,
            $"{alone}; gate p50 1, p99 5 ms; aim 0.4 and 1");
        foreach (var perSecond in new[] { 1_000, 5_000 })
        {
            var paced = await calls.Paced(perSecond, TimeSpan.FromSeconds(quick ? 2 : 10));
            yield return new BenchRow(
                $"calls over HTTP, PostgreSQL, paced {perSecond:#,##0}/s", "calls/s", paced.PerSecond, "none", null,
                null, paced.ToString());
        }
        served.Dispose();
        (await BenchStore.Sums(database)).Demand(calls.Ended);
        await desk.DisposeAsync();
        await database.DisposeAsync();
        await server.Remove();
    }

    /// <summary>A deck in the database, which the server reads, and a switch's key.</summary>
    public static async Task<string> Prepare(Database database, CallDesk desk)
    {
        var clock = SystemClock.Instance;
        var rate = new Rate
        {
            Prefix = "1",
            Destination = "North America",
            PerMinute = new PerMinute(5_000_000),
            FirstSeconds = 60,
            NextSeconds = 60,
        };
        var deck = await new ImportDeck(database, clock).Run(
            new DeckImport(desk.DeckNo, Rounding.Micros, ZeroRates: false, null, [rate], "", "bench"));
        Demand.That(deck.Accepted, $"the deck is taken: {deck.Refused}");
        return (await new IssueKey(database, clock).Run(KeyHolder.Switch(desk.ProviderNo), "bench")).Value.Reveal();
    }
}

/// <summary>What one measurement over HTTP saw.</summary>
sealed record HttpFigures(double PerSecond, Latencies Authorizes, Latencies Ends, int Refused)
{
    public override string ToString() =>
        $"authorize {Authorizes}, end {Ends}" + (Refused == 0 ? "" : $", {Refused} refused as busy");
}

/// <summary>A switch that authorizes and ends calls over HTTP.</summary>
sealed class HttpCalls : IDisposable
{
    readonly HttpClient http;
    readonly IReadOnlyList<string> accounts;
    int next;
    int ended;

    public HttpCalls(string url, string key, IReadOnlyList<string> accounts)
    {
        http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 256 }) { BaseAddress = new Uri(url) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        this.accounts = accounts;
    }

    public int Ended => ended;

    public async Task<HttpFigures> OneByOne(int calls)
    {
        var (authorizes, ends) = (new Latencies(), new Latencies());
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++) Demand.That(await Call(0, authorizes, ends), "a call alone is let through");
        return new HttpFigures(calls / Stopwatch.GetElapsedTime(begun).TotalSeconds, authorizes, ends, 0);
    }

    public async Task<HttpFigures> Paced(int perSecond, TimeSpan time)
    {
        var calls = new Task<bool>[(int)(perSecond * time.TotalSeconds)];
        var each = calls.Select(_ => (Authorize: new Latencies(), End: new Latencies())).ToArray();
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls.Length;)
        {
            var due = (int)(Stopwatch.GetElapsedTime(begun).TotalSeconds * perSecond);
            for (; i <= due && i < calls.Length; i++)
            {
                var (n, at) = (i, begun + (long)((double)i / perSecond * Stopwatch.Frequency));
                calls[i] = Task.Run(() => Call(at, each[n].Authorize, each[n].End));
            }
            await Task.Delay(1);
        }
        var through = (await Task.WhenAll(calls)).Count(let => let);
        return new HttpFigures(
            through / Stopwatch.GetElapsedTime(begun).TotalSeconds, Latencies.Of(each.Select(one => one.Authorize)),
            Latencies.Of(each.Select(one => one.End)), calls.Length - through);
    }

    /// <summary>False when it was refused because too much waits already.</summary>
    async Task<bool> Call(long dueTimestamp, Latencies authorizes, Latencies ends)
    {
        var n = Interlocked.Increment(ref next);
        var call = $"http-call-{n}";
        var begun = dueTimestamp == 0 ? Stopwatch.GetTimestamp() : dueTimestamp;
        using (var authorized = await http.PostAsync("/v1/calls/authorize", Json(
            $$"""
            {"switch":"bench","call":"{{call}}","account":"{{accounts[n % accounts.Count]}}","direction":"outbound",
             "from":"+12125550100","to":"+1416{{2_000_000 + n % 7_000_000}}"}
            """)))
        {
            authorizes.Add(begun);
            if ((int)authorized.StatusCode == 503) return false;
            Demand.That(authorized.IsSuccessStatusCode, "a call is let through over HTTP");
            await authorized.Content.ReadAsByteArrayAsync();
        }
        begun = Stopwatch.GetTimestamp();
        var at = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
        using var over = await http.PostAsync("/v1/calls/end", Json(
            $$"""{"switch":"bench","call":"{{call}}","endedAt":"{{at}}","seconds":61,"disposition":"answered"}"""));
        ends.Add(begun);
        Demand.That(over.IsSuccessStatusCode, "a call ends over HTTP");
        Interlocked.Increment(ref ended);
        return true;
    }

    public void Dispose() => http.Dispose();

    static StringContent Json(string text) => new(text, new MediaTypeHeaderValue("application/json"));
}

/// <summary>`tollkeeper serve` in a process of its own.</summary>
sealed class ServedProcess : IDisposable
{
    readonly Process process;

    ServedProcess(Process process, string url) => (this.process, Url) = (process, url);

    public string Url { get; }

    public double ResidentMegabytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64 / 1_048_576.0;
        }
    }

    /// <summary>What it has used of processors so far: less uncertain than time where others use them too.</summary>
    public TimeSpan Processor
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <param name="more">What its environment says beside where its data are.</param>
    public static async Task<ServedProcess> Start(
        string? connectionString, string folder, IReadOnlyDictionary<string, string>? more = null)
    {
        var program = new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "tollkeeper.dll"), "serve"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        program.Environment["TOLLKEEPER_DATA"] = folder;
        program.Environment["TOLLKEEPER_DATABASE"] = connectionString;
        program.Environment["TOLLKEEPER_URLS"] = "http://127.0.0.1:0";
        foreach (var (name, value) in more ?? new Dictionary<string, string>()) program.Environment[name] = value;
        var process = Process.Start(program)!;
        const string says = "Tollkeeper serves at ";
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith(says, StringComparison.Ordinal)) continue;
            var served = new ServedProcess(process, line[says.Length..]);
            await served.Ready();
            return served;
        }
        throw new InvalidOperationException("The server did not start.");
    }

    public async Task Ready()
    {
        using var http = new HttpClient { BaseAddress = new Uri(Url) };
        for (var attempt = 0; ; attempt++)
        {
            using var ready = await http.GetAsync("/health/ready");
            if (ready.IsSuccessStatusCode) return;
            Demand.That(attempt < 300, "the server is ready within half a minute");
            await Task.Delay(100);
        }
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
    }
}
