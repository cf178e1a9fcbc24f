using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Tollkeeper.Engine.Demo;

namespace Tollkeeper.Host.Commands;

/// <summary>
/// <c>tollkeeper demo calls</c>: plays calls against the running demonstration over its API, as a switch would, at a
/// set rate whatever the answers, and says each second how they went.
/// </summary>
public static class DemoCallsCommand
{
    public static Command Create()
    {
        var rate = new Option<int>("--per-second")
        {
            Description = "Calls begun each second, 1 to 20000.",
            DefaultValueFactory = _ => 10,
        };
        var seconds = new Option<int>("--seconds")
        {
            Description = "How long; 0 until Ctrl-C.",
            DefaultValueFactory = _ => 0,
        };
        var json = new Option<bool>("--json") { Description = "Print the sums as JSON at the end." };
        rate.Validators.Add(result =>
        {
            if (result.GetValue(rate) is < 1 or > 20_000) result.AddError("--per-second takes 1 to 20000");
        });
        var command = new Command("calls", "Play calls against the running demonstration.") { rate, seconds, json };
        command.SetAction((parsed, ct) => Play(
            Settings.FromEnvironment(), parsed.GetValue(rate), parsed.GetValue(seconds), parsed.GetValue(json), ct));
        return command;
    }

    static async Task<int> Play(Settings settings, int perSecond, int seconds, bool json, CancellationToken ct)
    {
        if (DemoFile.Read(settings.DataFolder) is not { } demo)
            return Say.Refused(new Refused(Refusal.FileUnreadable, DemoFile.PathIn(settings.DataFolder)));
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 512 })
        {
            BaseAddress = new Uri(demo.Url),
            Timeout = TimeSpan.FromSeconds(10),
        };
        var switches = demo.Providers.Select(provider => new DemoSwitch(http, provider)).ToArray();
        var sums = new DemoSums();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        if (seconds > 0) stop.CancelAfter(TimeSpan.FromSeconds(seconds));
        var calls = await Pace(switches, perSecond, sums, json, stop.Token);
        await Task.WhenAll(calls);
        if (json) return Say.AsJson(sums.Total);
        Console.Out.WriteLine(sums.Total.ToString());
        return ExitStatus.Done;
    }

    /// <summary>Begins calls by the clock, not by the answers; gives those that are not over yet.</summary>
    static async Task<List<Task>> Pace(
        DemoSwitch[] switches, int perSecond, DemoSums sums, bool quiet, CancellationToken ct)
    {
        var begun = Stopwatch.GetTimestamp();
        var (made, shown) = (0L, 0L);
        var open = new List<Task>();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        try
        {
            while (await tick.WaitForNextTickAsync(ct))
            {
                var elapsed = Stopwatch.GetElapsedTime(begun).TotalSeconds;
                for (var due = (long)(elapsed * perSecond); made < due; made++)
                    open.Add(switches[made % switches.Length].Call(made, sums));
                if ((long)elapsed == shown) continue;
                shown = (long)elapsed;
                open.RemoveAll(call => call.IsCompleted);
                var line = sums.Take();
                if (!quiet) Console.Out.WriteLine(line.ToString());
            }
        }
        catch (OperationCanceledException)
        {
            // Time is over, or Ctrl-C: the calls that are up are still ended.
        }
        return open;
    }
}

/// <summary>A switch of one provider of the demonstration, with customers who call here and there.</summary>
sealed class DemoSwitch(HttpClient http, DemoFile.Provider provider)
{
    static readonly string[] Destinations =
        ["+14165550100", "+12125550123", "+442079460000", "+33142685300", "+881600001"];

    readonly string run = Guid.NewGuid().ToString("n")[..8];

    /// <summary>One call: asked for, ended at once with a made-up length.</summary>
    public async Task Call(long n, DemoSums sums)
    {
        var call = $"{run}-{n.ToString(CultureInfo.InvariantCulture)}";
        var account = provider.Accounts[(int)(n / 3 % provider.Accounts.Count)];
        var authorized = await Ask("/v1/calls/authorize", sums, new JsonObject
        {
            ["switch"] = "demo-sbc-1",
            ["call"] = call,
            ["account"] = account.Id,
            ["direction"] = "outbound",
            ["from"] = "+12125550199",
            ["to"] = Destinations[(int)(n % Destinations.Length)],
        });
        if (!authorized) return;
        await Ask("/v1/calls/end", sums, new JsonObject
        {
            ["switch"] = "demo-sbc-1",
            ["call"] = call,
            ["endedAt"] = DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture),
            ["seconds"] = (int)(n * 7 % 90),
            ["disposition"] = n * 7 % 90 == 0 ? "noAnswer" : "answered",
            ["sipCode"] = 200,
        });
    }

    async Task<bool> Ask(string path, DemoSums sums, JsonObject body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", provider.SwitchKey);
        var begun = Stopwatch.GetTimestamp();
        try
        {
            using var response = await http.SendAsync(request);
            sums.Add((int)response.StatusCode, Stopwatch.GetElapsedTime(begun));
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            sums.Add(0, Stopwatch.GetElapsedTime(begun));
            return false;
        }
    }
}

/// <summary>How requests were answered, and how fast; since the last line, and in all.</summary>
sealed class DemoSums
{
    readonly Lock door = new();
    readonly List<double> lately = [];
    readonly List<double> all = [];
    (long Yes, long No, long Lost) latelyCount;
    (long Yes, long No, long Lost) allCount;

    public sealed record Line(long Answered, long Refused, long Lost, double P50Milliseconds, double P99Milliseconds)
    {
        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"{Answered} answered, {Refused} refused, {Lost} lost; "
                + $"p50 {P50Milliseconds:0.00} ms, p99 {P99Milliseconds:0.00} ms");
    }

    public Line Total
    {
        get
        {
            lock (door) return Of(allCount, all);
        }
    }

    public void Add(int status, TimeSpan took)
    {
        lock (door)
        {
            lately.Add(took.TotalMilliseconds);
            all.Add(took.TotalMilliseconds);
            Count(ref latelyCount, status);
            Count(ref allCount, status);
        }
    }

    public Line Take()
    {
        lock (door)
        {
            var line = Of(latelyCount, lately);
            lately.Clear();
            latelyCount = default;
            return line;
        }
    }

    static void Count(ref (long Yes, long No, long Lost) count, int status)
    {
        if (status == 0) count.Lost++;
        else if (status < 300) count.Yes++;
        else count.No++;
    }

    static Line Of((long Yes, long No, long Lost) count, List<double> times)
    {
        var sorted = times.Order().ToList();
        return new Line(count.Yes, count.No, count.Lost, At(sorted, 50), At(sorted, 99));
    }

    static double At(List<double> sorted, int percent) =>
        sorted.Count == 0 ? 0 : Math.Round(sorted[Math.Min(sorted.Count - 1, sorted.Count * percent / 100)], 3);
}
