using CsvHelper;
using NodaTime;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Providers;
using Tollkeeper.Rating;

namespace Tollkeeper.Bench;

/// <summary>
/// `tollkeeper rate` on one core, from bytes to bytes, beside the same job with CsvHelper's typed records. The baseline
/// uses our deck and our price, so that only reading, understanding and writing the file differ.
/// </summary>
public static class BulkRatingBench
{
    public static IEnumerable<BenchRow> Run(SampleCalls calls, bool quick)
    {
        var file = calls.File(quick ? 100_000 : 1_000_000);
        var rules = PolicyPresets.All["retail-usd"].Dialling;
        using var ours = new MemoryStream(file.Length * 2);
        using var baseline = new MemoryStream(file.Length * 2);
        var rows = Rounds.Interleaved(quick ? 5 : 7, () => RateAll(workers: 1), Baseline);
        Demand.That(BytesOf(ours).SequenceEqual(BytesOf(baseline)), "both write the same bytes");
        yield return new BenchRow(
            "bulk rating, one core", "rows/s", rows.Ours, "CsvHelper typed", rows.Baseline, rows.Ratio,
            $"{file.Length / 1_000_000} MB, files equal byte for byte");
        var cores = Environment.ProcessorCount;
        var all = Rounds.Interleaved(quick ? 3 : 5, () => RateAll(cores), Baseline);
        Demand.That(BytesOf(ours).SequenceEqual(BytesOf(baseline)), "both write the same bytes");
        yield return new BenchRow(
            $"bulk rating, {cores} cores", "rows/s", all.Ours, "CsvHelper typed, one core", all.Baseline, all.Ratio,
            "");

        long RateAll(int workers)
        {
            ours.SetLength(0);
            using var input = new MemoryStream(file);
            return new RateFile(calls.Deck, NumberingTable.Empty, rules, workers)
                .RunAsync(input, ours).GetAwaiter().GetResult().Value.Rated;
        }

        long Baseline()
        {
            baseline.SetLength(0);
            return WithCsvHelper(calls.Deck, rules, file, baseline);
        }
    }

    static ReadOnlySpan<byte> BytesOf(MemoryStream stream) => stream.GetBuffer().AsSpan(0, (int)stream.Length);

    static long WithCsvHelper(RateDeck deck, DialRules rules, byte[] file, Stream output)
    {
        using var reader = CsvReader.Create(new MemoryStream(file));
        using var writer = CsvWriter.Create(output, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        writer.WriteRecords(Rated(reader.GetRecords<RatedCall>(), deck, rules));
        return writer.RecordCount - 1;
    }

    static IEnumerable<RatedCall> Rated(IEnumerable<RatedCall> calls, RateDeck deck, DialRules rules)
    {
        foreach (var call in calls)
        {
            var at = Instant.FromDateTimeUtc(DateTime.SpecifyKind(call.AnsweredAt, DateTimeKind.Utc));
            var match = deck.Find(DialledNumber.Read(call.To, rules).Value.Digits, at).Value;
            var price = CallPrice.Of(match.TermsFor(CallJurisdiction.None, 0), call.Seconds);
            call.Prefix = match.Prefix;
            call.Destination = match.Destination;
            call.BilledSeconds = price.BilledSeconds;
            call.Charge = FixedPoint.Write(price.ChargeMicros, 6);
            yield return call;
        }
    }
}

/// <summary>A line as CsvHelper reads and writes it; the last five columns are not in what is read.</summary>
[CsvRecord]
public sealed partial class RatedCall
{
    [CsvColumn("call")]
    public string Call { get; set; } = "";

    [CsvColumn("account")]
    public string Account { get; set; } = "";

    [CsvColumn("direction")]
    public string Direction { get; set; } = "";

    [CsvColumn("from")]
    public string From { get; set; } = "";

    [CsvColumn("to")]
    public string To { get; set; } = "";

    [CsvColumn("answered_at")]
    [CsvFormat("yyyy-MM-ddTHH:mm:ss'Z'")]
    public DateTime AnsweredAt { get; set; }

    [CsvColumn("seconds")]
    public int Seconds { get; set; }

    [CsvColumn("prefix", Optional = true)]
    public string Prefix { get; set; } = "";

    [CsvColumn("destination", Optional = true)]
    public string Destination { get; set; } = "";

    [CsvColumn("billed_seconds", Optional = true)]
    public int BilledSeconds { get; set; }

    [CsvColumn("charge", Optional = true)]
    public string Charge { get; set; } = "";

    [CsvColumn("refusal", Optional = true)]
    public string Refusal { get; set; } = "";
}
