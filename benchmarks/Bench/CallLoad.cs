using System.Diagnostics;

namespace Tollkeeper.Bench;

/// <summary>So many callers at once, each of which makes one call after the other.</summary>
sealed class CallLoad(CallDesk desk, int callers, int accounts)
{
    public Latencies Authorizes { get; private set; } = new();

    public Latencies Ends { get; private set; } = new();

    /// <summary>Calls per second, each authorized and ended, over so long a time.</summary>
    public async Task<double> Calls(TimeSpan time)
    {
        var begun = Stopwatch.GetTimestamp();
        var until = begun + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var (authorizes, ends) = (Each(), Each());
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            while (Stopwatch.GetTimestamp() < until)
                await desk.Call(random.Next(accounts), authorizes[caller], ends[caller]);
        })));
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        (Authorizes, Ends) = (Latencies.Of([Authorizes, .. authorizes]), Latencies.Of([Ends, .. ends]));
        return ends.Sum(each => each.Count) / seconds;
    }

    /// <summary>Ends per second of calls that were all authorized before.</summary>
    public async Task<double> Settles(int calls)
    {
        var open = new string[calls];
        await EachCaller(async (i, random) => open[i] = await desk.Begin(random.Next(accounts)));
        var begun = Stopwatch.GetTimestamp();
        await EachCaller((i, _) => desk.End(open[i]));
        return calls / Stopwatch.GetElapsedTime(begun).TotalSeconds;

        Task EachCaller(Func<int, Random, Task> work) =>
            Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
            {
                var random = new Random(caller);
                for (var i = caller; i < calls; i += callers) await work(i, random);
            })));
    }

    public override string ToString() => $"{callers:#,##0} callers, authorize {Authorizes}, end {Ends}";

    /// <summary>Finished calls taken per second, as an import of a file does it.</summary>
    public static async Task<double> Imports(CallDesk desk, int calls)
    {
        var begun = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, calls, new ParallelOptions { MaxDegreeOfParallelism = 2_048 },
            async (i, _) => await desk.Import(i % desk.Accounts));
        return calls / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    Latencies[] Each() => [.. Enumerable.Range(0, callers).Select(_ => new Latencies())];
}
