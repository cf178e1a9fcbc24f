using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Dapper;
using NodaTime;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Tests.Engine;
using Tollkeeper.Tests.Engine.Ledger;
using Xunit;
using Xunit.Abstractions;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>
/// The program is killed under load, again and again: what was answered is there, and nothing is there twice.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    const long Deposited = 1_000_000_000_000;
    const int Callers = 12;

    [BothDatabases]
    public Task A_program_killed_under_load_loses_and_doubles_nothing(DatabaseKind kind) => KillUnderLoad(kind, 2);

    [BothDatabases]
    [Trait("Category", "long")]
    public Task A_program_killed_fifty_times_under_load_loses_and_doubles_nothing(DatabaseKind kind) =>
        KillUnderLoad(kind, 50);

    async Task KillUnderLoad(DatabaseKind kind, int times)
    {
        await using var server = await KilledServer.Furnish(kind, Deposited);
        var switches = new Switches(server);
        var random = new Random(7);
        for (var i = 0; i < times; i++)
        {
            await server.Start();
            using var stop = new CancellationTokenSource();
            var calling = switches.Call(Callers, stop.Token);
            await switches.Answers(20 + random.Next(60));
            await Task.Delay(random.Next(300));
            await server.Kill();
            await stop.CancelAsync();
            await calling;
            await switches.CompareKilled();
            await Audited.Clean(server.Test.Database, $"after kill {i + 1}");
        }
        await server.Start();
        await switches.Finish();
        await server.Kill();
        await switches.CompareKilled();
        await switches.CompareBalance(Deposited);
        await Audited.Clean(server.Test.Database, "at the end");
        output.WriteLine($"{kind}: killed {times} times under load: {switches.Figures}");
        Assert.Equal((0, 0), (switches.Lost, switches.Doubled));
    }

    /// <summary>
    /// Calls that are asked about until they are answered: what was under way when the program was killed is sent
    /// again,
    /// the very same, to the next one.
    /// </summary>
    sealed class Switches(KilledServer server)
    {
        readonly ConcurrentDictionary<string, Asked> open = new(StringComparer.Ordinal);
        readonly ConcurrentDictionary<string, long> ended = new(StringComparer.Ordinal);
        int next;
        int foundAgain;
        int sentAnew;
        long answered;

        public int Lost { get; private set; }

        public int Doubled { get; private set; }

        public string Figures =>
            $"{answered} requests answered, {foundAgain} unanswered ones found again, {sentAnew} sent anew, "
            + $"lost {Lost}, doubled {Doubled}";

        public Task Call(int callers, CancellationToken stop)
        {
            var left = new ConcurrentQueue<string>(open.Keys);
            return Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested)
                    await One(left.TryDequeue(out var call) ? call : $"c{Interlocked.Increment(ref next)}", stop);
            }, CancellationToken.None)));
        }

        public async Task Answers(int more)
        {
            var wanted = Interlocked.Read(ref answered) + more;
            var until = DateTime.UtcNow.AddSeconds(60);
            while (Interlocked.Read(ref answered) < wanted && DateTime.UtcNow < until) await Task.Delay(10);
        }

        public async Task Finish()
        {
            foreach (var call in open.Keys) await One(call, CancellationToken.None);
        }

        async Task One(string call, CancellationToken stop)
        {
            var asked = open.GetOrAdd(call, _ => new Asked());
            if (!asked.Authorized)
            {
                if (await Ask("/v1/calls/authorize", Authorize(call), stop) is null) return;
                asked.Authorized = true;
            }
            if (await Ask("/v1/calls/end", End(call), stop) is not { } body) return;
            var total = FixedPoint.TryRead(body["total"]!["amount"]!.GetValue<string>(), 6, out var micros)
                ? micros : -1;
            ended[call] = total;
            open.TryRemove(call, out _);
        }

        async Task<JsonNode?> Ask(string path, JsonObject body, CancellationToken stop)
        {
            for (var attempt = 0; attempt < 1_000; attempt++)
            {
                var answer = await server.Post(path, body);
                if (answer is { Status: HttpStatusCode.OK } done)
                {
                    Interlocked.Increment(ref answered);
                    return done.Body;
                }
                if (answer is { } refused)
                    Assert.True(refused.Status == HttpStatusCode.ServiceUnavailable, refused.Body?.ToJsonString());
                if (stop.IsCancellationRequested) return null;
                await Task.Delay(20, CancellationToken.None);
            }
            throw new TimeoutException("A request was not answered.");
        }

        JsonObject Authorize(string call) => new()
        {
            ["switch"] = "sw1",
            ["call"] = call,
            ["account"] = server.Account,
            ["direction"] = "outbound",
            ["from"] = "+12125550100",
            ["to"] = "+442071234567",
        };

        static JsonObject End(string call) => new()
        {
            ["switch"] = "sw1",
            ["call"] = call,
            ["endedAt"] = SystemClock.Instance.GetCurrentInstant().ToString(),
            ["seconds"] = 1 + call.Length * 7,
            ["disposition"] = "answered",
        };

        /// <summary>The books as the killed program left them, against what it had answered.</summary>
        public async Task CompareKilled()
        {
            await using var connection = await server.Test.Database.Connect();
            var calls = (await connection.QueryAsync<string>("select call from call")).ToList();
            var held = (await connection.QueryAsync<string>("select call from hold")).ToHashSet(StringComparer.Ordinal);
            var over = calls.ToHashSet(StringComparer.Ordinal);
            Doubled += calls.Count - over.Count;
            Lost += ended.Keys.Count(call => !over.Contains(call));
            foreach (var (call, asked) in open)
            {
                if (asked.Authorized && !held.Contains(call) && !over.Contains(call)) Lost++;
                var there = asked.Authorized ? over.Contains(call) : held.Contains(call);
                if (there) foundAgain++;
                else sentAnew++;
            }
        }

        public async Task CompareBalance(long deposited)
        {
            var wallet = (await WalletStore.Of(server.Test.Database, server.AccountNo, CancellationToken.None))[0];
            Assert.Empty(open);
            Assert.Equal((deposited - ended.Values.Sum(), 0L, (long)ended.Count),
                (wallet.BalanceMicros, wallet.HeldMicros, wallet.Calls));
        }

        sealed class Asked
        {
            public bool Authorized { get; set; }
        }
    }
}
