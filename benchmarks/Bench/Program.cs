namespace Tollkeeper.Bench;

/// <summary>
/// Every measurement, one line each below; `quick` makes each one short. Names in the arguments choose among them.
/// </summary>
public static class Program
{
    public static int Main(string[] args)
    {
        var quick = args.Contains("quick");
        var wanted = args.Where(arg => arg != "quick").ToArray();
        var calls = new Lazy<SampleCalls>(SampleCalls.Read);
        (string Name, Func<IEnumerable<BenchRow>> Run)[] benches =
        [
            ("prefix", () => PrefixLookupBench.Run(calls.Value, quick)),
            ("price", () => CallPriceBench.Run(calls.Value, quick)),
            ("postgres", () => CallsBench.Postgres(quick).ToBlockingEnumerable()),
            ("growth", () => CallsBench.Growth(quick).ToBlockingEnumerable()),
            ("import", () => ImportBench.Run(quick).ToBlockingEnumerable()),
            ("http", () => HttpBench.Run(quick).ToBlockingEnumerable()),
            ("pages", () => PagesBench.Run(quick).ToBlockingEnumerable()),
            ("live", () => PagesBench.Live(quick).ToBlockingEnumerable()),
            ("office", () => OfficeBench.Run(quick).ToBlockingEnumerable()),
            ("mail", () => MailBench.Run(quick).ToBlockingEnumerable()),
            ("sqlite", () => CallsBench.Sqlite(quick).ToBlockingEnumerable()),
            ("bulk", () => BulkRatingBench.Run(calls.Value, quick)),
        ];
        Console.WriteLine(BenchRow.Header);
        foreach (var (name, run) in benches)
        {
            if (wanted.Length > 0 && !wanted.Contains(name)) continue;
            foreach (var row in run()) Console.WriteLine(row);
        }
        return 0;
    }
}
