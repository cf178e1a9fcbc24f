using Tollkeeper.Providers;
using Tollkeeper.Rating;

namespace Tollkeeper.Engine.Rating;

/// <summary>How a file of calls came out; the charge in micros of the deck's currency.</summary>
public record struct RateFileTotals
{
    public long Lines { get; set; }
    public long Rated { get; set; }
    public long Refused { get; set; }
    public long BilledSeconds { get; set; }
    public long ChargeMicros { get; set; }

    public static RateFileTotals operator +(RateFileTotals left, RateFileTotals right) => new()
    {
        Lines = left.Lines + right.Lines,
        Rated = left.Rated + right.Rated,
        Refused = left.Refused + right.Refused,
        BilledSeconds = left.BilledSeconds + right.BilledSeconds,
        ChargeMicros = checked(left.ChargeMicros + right.ChargeMicros),
    };
}

/// <summary>
/// Rates a CSV of calls against a deck: streaming, chunks on all cores, order kept. A call is one line; one that cannot
/// be rated keeps its place, with the refusal's name in the last column.
/// </summary>
public sealed class RateFile(RateDeck deck, NumberingTable table, DialRules rules, int workers)
{
    const int ChunkBytes = 1 << 20;

    readonly Stack<Chunk> free = new();

    /// <param name="onBytes">Told now and then how many bytes are read, for a progress bar.</param>
    public async Task<Result<RateFileTotals>> RunAsync(Stream calls, Stream rated, Action<long>? onBytes = null)
    {
        var chunk = new Chunk();
        await FillAsync(calls, chunk);
        if (CsvRecords.OtherEncodingOf(chunk.Filled) is { } other) return new Refused(Refusal.FileNotUtf8, other);
        var start = chunk.Filled.StartsWith("\uFEFF"u8) ? 3 : 0;
        var header = chunk.Filled[start..];
        var end = header.IndexOf((byte)'\n');
        if (end >= 0) header = header[..end];
        if (header is [.., (byte)'\r']) header = header[..^1];
        if (header.Length > CsvRecords.MaxRecordBytes)
        {
            return new Refused(Refusal.FileUnreadable, "the header line is too long");
        }
        var columns = CallsColumns.Read(header);
        if (!columns.Accepted) return columns.Refused!;
        rated.Write(header);
        var separator = (char)columns.Value.Separator;
        rated.Write(System.Text.Encoding.ASCII.GetBytes(
            $"{separator}prefix{separator}destination{separator}billed_seconds{separator}charge{separator}refusal\n"));
        chunk.Skip(end < 0 ? chunk.Length : start + end + 1);
        return await RateChunksAsync(new CallsPricing(deck, table, rules, columns.Value), chunk, calls, rated, onBytes);
    }

    /// <summary>Chunks are begun in the order of the file, a few ahead, and written in the same order.</summary>
    async Task<Result<RateFileTotals>> RateChunksAsync(
        CallsPricing pricing, Chunk chunk, Stream calls, Stream rated, Action<long>? onBytes)
    {
        var totals = default(RateFileTotals);
        var bytes = 0L;
        var begun = new Queue<Task<Chunk>>();
        while (true)
        {
            var ended = await FillAsync(calls, chunk);
            var whole = ended ? chunk.Length : chunk.Filled.LastIndexOf((byte)'\n') + 1;
            if (whole == 0 && !ended)
            {
                return new Refused(Refusal.FileUnreadable, $"a line of more than {ChunkBytes} bytes");
            }
            var next = free.TryPop(out var used) ? used : new Chunk();
            next.Take(chunk, whole);
            bytes += whole;
            var work = chunk;
            work.Whole = whole;
            begun.Enqueue(workers == 1 ? Task.FromResult(work.Rate(pricing)) : Task.Run(() => work.Rate(pricing)));
            while (begun.Count > 0 && (ended || begun.Count >= workers * 2 || workers == 1))
            {
                var done = await begun.Dequeue();
                await rated.WriteAsync(done.Output.Written);
                totals += done.Totals;
                free.Push(done);
            }
            onBytes?.Invoke(bytes);
            if (ended) return totals;
            chunk = next;
        }
    }

    /// <returns>True when the stream has ended.</returns>
    static async Task<bool> FillAsync(Stream stream, Chunk chunk)
    {
        while (chunk.Length < ChunkBytes)
        {
            var read = await stream.ReadAsync(chunk.Bytes.AsMemory(chunk.Length));
            if (read == 0) return true;
            chunk.Length += read;
        }
        return false;
    }

    /// <summary>Some megabyte of the file and what became of it.</summary>
    sealed class Chunk
    {
        CallLines? lines;

        public byte[] Bytes { get; } = new byte[ChunkBytes];

        public int Length { get; set; }

        /// <summary>How much of it are whole lines.</summary>
        public int Whole { get; set; }

        public RatedLines Output { get; } = new();

        public RateFileTotals Totals { get; private set; }

        public ReadOnlySpan<byte> Filled => Bytes.AsSpan(0, Length);

        public void Skip(int count)
        {
            Filled[count..].CopyTo(Bytes);
            Length -= count;
        }

        /// <summary>Begins with the half line that another chunk ends with.</summary>
        public void Take(Chunk other, int from)
        {
            other.Filled[from..].CopyTo(Bytes);
            Length = other.Length - from;
        }

        public Chunk Rate(CallsPricing pricing)
        {
            lines ??= new CallLines(pricing, Output);
            Totals = lines.Rate(Bytes.AsSpan(0, Whole));
            return this;
        }
    }
}
