using System.Diagnostics;

namespace Tollkeeper.Bench;

/// <summary>Rounds of ours and the baseline in turn, so that a busy moment of the machine meets both.</summary>
public static class Rounds
{
    /// <summary>Each function does its whole work once and returns how many operations that were.</summary>
    /// <returns>Medians of operations per second, and of the rounds' ratios.</returns>
    public static (double Ours, double Baseline, double Ratio) Interleaved(
        int rounds, Func<long> ours, Func<long> baseline)
    {
        WarmUp(ours);
        WarmUp(baseline);
        var (mine, theirs, ratios) = (new double[rounds], new double[rounds], new double[rounds]);
        for (var i = 0; i < rounds; i++)
        {
            // The first of a pair may inherit the other's garbage: they take turns.
            if (i % 2 == 0) (mine[i], theirs[i]) = (PerSecond(ours), PerSecond(baseline));
            else (theirs[i], mine[i]) = (PerSecond(baseline), PerSecond(ours));
            ratios[i] = mine[i] / theirs[i];
        }
        return (Median(mine), Median(theirs), Median(ratios));
    }

    /// <summary>The same for work that measures itself: each function runs once and returns its rate.</summary>
    public static async Task<(double Ours, double Baseline, double Ratio)> InterleavedRates(
        int rounds, Func<Task<double>> ours, Func<Task<double>> baseline)
    {
        await ours();
        await baseline();
        var (mine, theirs, ratios) = (new double[rounds], new double[rounds], new double[rounds]);
        for (var i = 0; i < rounds; i++)
        {
            if (i % 2 == 0) (mine[i], theirs[i]) = (await ours(), await baseline());
            else (theirs[i], mine[i]) = (await baseline(), await ours());
            ratios[i] = mine[i] / theirs[i];
        }
        return (Median(mine), Median(theirs), Median(ratios));
    }

    public static double Median(double[] values) => Percentile(values, 50);

    public static double Percentile(double[] values, int percent)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Min(sorted.Length - 1, sorted.Length * percent / 100)];
    }

    /// <summary>
    /// Nanoseconds of one operation, as p50 and p99 of many short batches: one alone is shorter than the clock.
    /// </summary>
    public static string PerOperation(int batches, int batchSize, Action<int> operation)
    {
        var nanoseconds = new double[batches];
        for (var batch = 0; batch < batches; batch++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < batchSize; i++) operation(batch * batchSize + i);
            nanoseconds[batch] = Stopwatch.GetElapsedTime(start).TotalNanoseconds / batchSize;
        }
        return $"p50 {Percentile(nanoseconds, 50):0} ns, p99 {Percentile(nanoseconds, 99):0} ns";
    }

    /// <summary>Long enough that the runtime has compiled the work for good.</summary>
    static void WarmUp(Func<long> work)
    {
        var start = Stopwatch.GetTimestamp();
        for (var runs = 0; runs < 3 || Stopwatch.GetElapsedTime(start).TotalSeconds < 1; runs++) work();
    }

    static double PerSecond(Func<long> work)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var start = Stopwatch.GetTimestamp();
        var operations = work();
        return operations / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
