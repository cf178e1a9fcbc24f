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

/// <summary>Rates the lines of one chunk of a file of calls. One of it belongs to one worker at a time.</summary>
sealed class CallLines(CallsPricing pricing, RatedLines output)
{
    /// <summary>A week: no call lasts longer, and an error in a file often does.</summary>
    const int MaxSeconds = 604_800;

    readonly CallsColumns columns = pricing.Columns;
    readonly CsvFields fields = new(pricing.Columns.Separator);
    RateFileTotals totals;

    public RateFileTotals Rate(ReadOnlySpan<byte> chunk)
    {
        output.Clear();
        totals = default;
        var valid = Utf8.IsValid(chunk);
        while (!chunk.IsEmpty)
        {
            var end = chunk.IndexOf((byte)'\n');
            var line = end < 0 ? chunk : chunk[..end];
            chunk = end < 0 ? default : chunk[(end + 1)..];
            if (line is [.., (byte)'\r']) line = line[..^1];
            if (line.IsEmpty) continue;
            totals.Lines++;
            if (!valid && !Utf8.IsValid(line)) RefuseWhole(ReadableOf(line), Refusal.FileNotUtf8);
            else RateLine(line);
        }
        return totals;
    }

    void RateLine(ReadOnlySpan<byte> line)
    {
        if (!fields.TrySplit(line) || fields.Count != columns.Count)
        {
            RefuseWhole(line, Refusal.FileUnreadable);
            return;
        }
        var to = fields.Of(line, columns.To);
        var answered = fields.Of(line, columns.AnsweredAt);
        var directionKnown = columns.Direction < 0 || IsDirection(fields.Of(line, columns.Direction));
        if (!directionKnown) Refuse(Refusal.BadDirection, line);
        else if (!TryReadSeconds(fields.Of(line, columns.Seconds), out var seconds)) Refuse(Refusal.BadSeconds, line);
        else if (seconds == 0 && answered.IsEmpty) Write(line, default, 0, default);
        else if (!Utf8Instant.TryRead(answered, out var at)) Refuse(Refusal.BadInstant, line);
        else Price(line, to, at, seconds);
    }

    void Price(ReadOnlySpan<byte> line, ReadOnlySpan<byte> to, NodaTime.Instant at, int seconds)
    {
        Span<byte> digits = stackalloc byte[DialledDigits.MaxLength];
        if (!DialledDigits.TryRead(to, pricing.Rules, digits, out var kind, out var length))
        {
            Refuse(Refusal.BadNumber, line);
            return;
        }
        if (kind != DialledKind.Number)
        {
            // Emergency calls and feature codes are nobody's charge.
            Write(line, default, 0, default);
            return;
        }
        var found = pricing.Deck.Find(digits[..length], at);
        if (found.Refused is { } refused)
        {
            Refuse(refused.Refusal, line);
            return;
        }
        var match = found.Value;
        var jurisdiction = pricing.Deck.HasJurisdictions
            ? JurisdictionOf(line, digits[..length])
            : CallJurisdiction.None;
        var price = match.PriceOf(jurisdiction, seconds);
        Write(line, digits[..match.PrefixLength], match.DestinationNo, price);
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
