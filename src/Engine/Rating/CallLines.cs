using System.Text;
using System.Text.Unicode;
using Tollkeeper.Providers;
using Tollkeeper.Rating;

namespace Tollkeeper.Engine.Rating;

/// <summary>What every worker of a file shares: deck, rules, columns, and the names ready to be written.</summary>
sealed class CallsPricing
{
    // All names in one array: a call's name is then one place in memory, not three.
    readonly byte[] destinations;
    readonly int[] destinationEnds;

    public CallsPricing(RateDeck deck, NumberingTable table, DialRules rules, CallsColumns columns)
    {
        (Deck, Table, Rules, Columns) = (deck, table, rules, columns);
        var cells = deck.Destinations.Select(name => CellOf(name, columns.Separator)).ToList();
        destinations = [.. cells.SelectMany(cell => cell)];
        destinationEnds = new int[cells.Count + 1];
        for (var i = 0; i < cells.Count; i++) destinationEnds[i + 1] = destinationEnds[i] + cells[i].Length;
        Refusals = [.. Enum.GetValues<Refusal>().Select(r => Encoding.ASCII.GetBytes(Tollkeeper.Refusals.Of(r).Name))];
    }

    public RateDeck Deck { get; }

    public NumberingTable Table { get; }

    public DialRules Rules { get; }

    public CallsColumns Columns { get; }

    public ReadOnlySpan<byte> Destination(int no) =>
        destinations.AsSpan(destinationEnds[no], destinationEnds[no + 1] - destinationEnds[no]);

    public byte[][] Refusals { get; }

    static byte[] CellOf(string text, byte separator)
    {
        var plain = text.AsSpan().IndexOfAny("\"\r\n") < 0 && !text.Contains((char)separator, StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(plain ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
    }
}

/// <summary>
/// Rates the lines of one chunk of a file of calls, some dozens at a time: all are read, all looked up, all written.
/// One of it belongs to one worker at a time.
/// </summary>
sealed class CallLines(CallsPricing pricing, RatedLines output)
{
    /// <summary>A week: no call lasts longer, and an error in a file often does.</summary>
    const int MaxSeconds = 604_800;

    readonly CallsColumns columns = pricing.Columns;
    readonly CsvFields fields = new(pricing.Columns.Separator);
    readonly ReadLine[] read = new ReadLine[RateDeck.MaxAtOnce];
    readonly byte[] numbers = new byte[RateDeck.MaxAtOnce * RateDeck.NumberSlot];
    readonly NodaTime.Instant[] starts = new NodaTime.Instant[RateDeck.MaxAtOnce];
    readonly Result<RateMatch>[] found = new Result<RateMatch>[RateDeck.MaxAtOnce];
    readonly byte[] digits = new byte[DialledDigits.MaxLength];
    int count;
    RateFileTotals totals;

    enum LineKind
    {
        /// <summary>A call to a number: the deck decides.</summary>
        Call,

        /// <summary>Emergency calls, feature codes, calls never answered: nobody's charge.</summary>
        Free,
        Refused,

        /// <summary>No record of this file.</summary>
        Unreadable,
    }

    readonly record struct ReadLine(
        int Start, int Length, LineKind Kind, Refusal Refusal, int Seconds, CallJurisdiction Jurisdiction);

    public RateFileTotals Rate(ReadOnlySpan<byte> chunk)
    {
        output.Clear();
        (totals, count) = (default, 0);
        var valid = Utf8.IsValid(chunk);
        for (var start = 0; start < chunk.Length;)
        {
            var length = chunk[start..].IndexOf((byte)'\n');
            if (length < 0) length = chunk.Length - start;
            var line = chunk.Slice(start, length);
            if (line is [.., (byte)'\r']) line = line[..^1];
            if (!line.IsEmpty)
            {
                numbers[count * RateDeck.NumberSlot] = 0;
                var kept = !valid && !Utf8.IsValid(line) ? Unreadable(Refusal.FileNotUtf8) : Read(line);
                read[count++] = kept with { Start = start, Length = line.Length };
            }
            start += length + 1;
            if (count == read.Length || start >= chunk.Length) WriteRead(chunk);
        }
        return totals;
    }

    ReadLine Read(ReadOnlySpan<byte> line)
    {
        if (!fields.TrySplit(line) || fields.Count != columns.Count) return Unreadable(Refusal.FileUnreadable);
        var answered = fields.Of(line, columns.AnsweredAt);
        var directionKnown = columns.Direction < 0 || IsDirection(fields.Of(line, columns.Direction));
        if (!directionKnown) return Refused(Refusal.BadDirection);
        if (!TryReadSeconds(fields.Of(line, columns.Seconds), out var seconds)) return Refused(Refusal.BadSeconds);
        if (seconds == 0 && answered.IsEmpty) return default(ReadLine) with { Kind = LineKind.Free };
        if (!Utf8Instant.TryRead(answered, out starts[count])) return Refused(Refusal.BadInstant);

        var to = fields.Of(line, columns.To);
        if (!DialledDigits.TryRead(to, pricing.Rules, digits, out var kind, out var length))
        {
            return Refused(Refusal.BadNumber);
        }
        if (kind != DialledKind.Number) return default(ReadLine) with { Kind = LineKind.Free };
        var slot = numbers.AsSpan(count * RateDeck.NumberSlot, RateDeck.NumberSlot);
        slot[0] = (byte)length;
        digits.AsSpan(0, length).CopyTo(slot[1..]);
        var jurisdiction = pricing.Deck.HasJurisdictions
            ? JurisdictionOf(line, digits.AsSpan(0, length))
            : CallJurisdiction.None;
        return new ReadLine(0, 0, LineKind.Call, default, seconds, jurisdiction);
    }

    static ReadLine Refused(Refusal refusal) => default(ReadLine) with { Kind = LineKind.Refused, Refusal = refusal };

    static ReadLine Unreadable(Refusal why) => default(ReadLine) with { Kind = LineKind.Unreadable, Refusal = why };

    void WriteRead(ReadOnlySpan<byte> chunk)
    {
        pricing.Deck.Find(numbers, starts.AsSpan(0, count), found);
        for (var i = 0; i < count; i++)
        {
            ref readonly var kept = ref read[i];
            var line = chunk.Slice(kept.Start, kept.Length);
            switch (kept.Kind)
            {
                case LineKind.Call:
                    WriteCall(line, i);
                    break;
                case LineKind.Free:
                    Write(line, default, 0, default);
                    break;
                case LineKind.Refused:
                    Refuse(kept.Refusal, line);
                    break;
                case LineKind.Unreadable:
                    RefuseWhole(kept.Refusal == Refusal.FileNotUtf8 ? ReadableOf(line) : line, kept.Refusal);
                    break;
            }
        }
        totals.Lines += count;
        count = 0;
    }

    void WriteCall(ReadOnlySpan<byte> line, int at)
    {
        if (found[at].Refused is { } refused)
        {
            Refuse(refused.Refusal, line);
            return;
        }
        var match = found[at].Value;
        var price = match.PriceOf(read[at].Jurisdiction, read[at].Seconds);
        Write(line, numbers.AsSpan(at * RateDeck.NumberSlot + 1, match.PrefixLength), match.DestinationNo, price);
    }

    /// <summary>Only a deck that has prices by state needs to know the states.</summary>
    CallJurisdiction JurisdictionOf(ReadOnlySpan<byte> line, ReadOnlySpan<byte> dialled)
    {
        Span<char> to = stackalloc char[DialledDigits.MaxLength];
        Span<char> caller = stackalloc char[DialledDigits.MaxLength];
        Span<char> lrn = stackalloc char[DialledDigits.MaxLength];
        return CallJurisdiction.Of(
            NumberIn(line, columns.From, caller), to[..Encoding.ASCII.GetChars(dialled, to)],
            NumberIn(line, columns.Lrn, lrn), pricing.Table);
    }

    Span<char> NumberIn(ReadOnlySpan<byte> line, int column, Span<char> number)
    {
        Span<byte> digits = stackalloc byte[DialledDigits.MaxLength];
        if (column < 0) return default;
        var read = DialledDigits.TryRead(fields.Of(line, column), pricing.Rules, digits, out var kind, out var length);
        if (!read || kind != DialledKind.Number) return default;
        return number[..Encoding.ASCII.GetChars(digits[..length], number)];
    }

    /// <summary>The line as it came, then prefix, destination, billed seconds, charge and no refusal.</summary>
    void Write(ReadOnlySpan<byte> line, ReadOnlySpan<byte> prefix, int destinationNo, in CallPrice price)
    {
        var destination = prefix.IsEmpty ? default : pricing.Destination(destinationNo);
        output.Reserve(line.Length + destination.Length + 80);
        output.Write(line);
        output.Write(columns.Separator);
        output.Write(prefix);
        output.Write(columns.Separator);
        output.Write(destination);
        output.Write(columns.Separator);
        output.WriteCount(price.BilledSeconds);
        output.Write(columns.Separator);
        output.WriteAmount(price.ChargeMicros);
        output.Write(columns.Separator);
        output.Write((byte)'\n');
        totals.Rated++;
        totals.BilledSeconds += price.BilledSeconds;
        totals.ChargeMicros = checked(totals.ChargeMicros + price.ChargeMicros);
    }

    void Refuse(Refusal refusal, ReadOnlySpan<byte> line)
    {
        output.Reserve(line.Length + 80);
        output.Write(line);
        EndRefused(refusal);
    }

    /// <summary>A line that is no record of this file stands whole in the first column: the output stays CSV.</summary>
    void RefuseWhole(ReadOnlySpan<byte> line, Refusal refusal)
    {
        output.Reserve(line.Length * 2 + columns.Count + 80);
        output.WriteQuoted(line);
        for (var i = 1; i < columns.Count; i++) output.Write(columns.Separator);
        EndRefused(refusal);
    }

    void EndRefused(Refusal refusal)
    {
        for (var i = 0; i < 5; i++) output.Write(columns.Separator);
        output.Write(pricing.Refusals[(int)refusal]);
        output.Write((byte)'\n');
        totals.Refused++;
    }

    /// <summary>What is no UTF-8 is shown with replacement characters.</summary>
    static byte[] ReadableOf(ReadOnlySpan<byte> line) => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(line));

    static bool IsDirection(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("outbound"u8) || text.SequenceEqual("inbound"u8);

    static bool TryReadSeconds(ReadOnlySpan<byte> text, out int seconds)
    {
        seconds = 0;
        if (text.Length is < 1 or > 6) return false;
        foreach (var b in text)
        {
            if (b is < (byte)'0' or > (byte)'9') return false;
            seconds = seconds * 10 + (b - '0');
        }
        return seconds <= MaxSeconds;
    }
}
