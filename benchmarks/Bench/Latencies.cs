using System.Diagnostics;

namespace Tollkeeper.Bench;

/// <summary>How long each of many answers took; written by one caller at a time.</summary>
sealed class Latencies
{
    readonly List<double> milliseconds = [];

    public int Count => milliseconds.Count;

    public double Mean => milliseconds.Average();

    public void Add(long begunTimestamp) =>
        milliseconds.Add(Stopwatch.GetElapsedTime(begunTimestamp).TotalMilliseconds);

    public void Add(double taken) => milliseconds.Add(taken);

    public static Latencies Of(IEnumerable<Latencies> several)
    {
        var all = new Latencies();
        foreach (var each in several) all.milliseconds.AddRange(each.milliseconds);
        return all;
    }

    public double P99 => Rounds.Percentile([.. milliseconds], 99);

    public override string ToString()
    {
        if (milliseconds.Count == 0) return "none";
        var values = milliseconds.ToArray();
        return $"p50 {Rounds.Percentile(values, 50):0.00}, p99 {Rounds.Percentile(values, 99):0.00} ms";
    }
}
