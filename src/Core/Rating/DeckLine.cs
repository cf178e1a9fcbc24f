using System.Text;
using NodaTime;

namespace Tollkeeper.Rating;

/// <summary>One line of a deck's file as a rate; the first field that is wrong is named.</summary>
sealed class DeckLine(DeckColumns columns, DeckCsvOptions options)
{
    // Bytes: some rural exchanges list all their places.
    const int MaxDestination = 1_000;
    const int MaxIncrementSeconds = 3_600;

    /// <summary>10,000 a minute: the dearest satellites cost a thousandth of it.</summary>
    const long MaxPerMinuteE8 = 1_000_000_000_000;
    const long MaxFeeMicros = 10_000_000_000;

    readonly DeckDates dates = new(options);
    readonly HashSet<string> destinations = new(StringComparer.Ordinal);
    readonly DeckPrefixes prefixes = new();

    /// <summary>The prefixes of the line that was read last.</summary>
    public IReadOnlyList<string> Prefixes => prefixes.Found;

    /// <summary>The rate of a line, its prefix left empty: a line may hold several (<see cref="Prefixes"/>).</summary>
    public Result<Rate> Read(ReadOnlySpan<byte> record, CsvFields fields)
    {
        if (!HasEveryField(record, fields))
        {
            return new Refused(Refusal.FileUnreadable, $"{fields.Count} fields where the header has {columns.Count}");
        }
        if (ReadPrefixes(record, fields) is { } badPrefix) return badPrefix;
        if (ReadDestination(record, fields, out var destination) is { } badText) return badText;
        if (ReadFlag(Cell(record, fields, columns.Blocked), out var blocked) is { } badFlag) return badFlag;
        if (ReadIncrements(record, fields, out var first, out var next) is { } badIncrement) return badIncrement;
        if (ReadFee(Cell(record, fields, columns.ConnectFee), "connection fee", out var connect) is { } badFee)
            return badFee;
        if (ReadFee(Cell(record, fields, columns.Minimum), "minimum charge", out var minimum) is { } badMinimum)
            return badMinimum;
        if (dates.Read(Cell(record, fields, columns.From), out var from) is { } badFrom) return badFrom;
        if (dates.Read(Cell(record, fields, columns.To), out var to) is { } badTo) return badTo;
        if (from >= to) return new Refused(Refusal.DeckBadDate, "the end is not after the start");
        var prices = ReadPrices(record, fields, blocked);
        if (!prices.Accepted) return prices.Refused!;
        return prices.Value with
        {
            Destination = destination,
            FirstSeconds = first,
            NextSeconds = next,
            ConnectFeeMicros = connect,
            MinimumMicros = minimum,
            Blocked = blocked,
            From = from,
            To = to,
        };
    }

    /// <summary>A line cut short must not pass for one with a lower price; empty fields too many do no harm.</summary>
    bool HasEveryField(ReadOnlySpan<byte> record, CsvFields fields)
    {
        for (var i = columns.Count; i < fields.Count; i++)
        {
            if (!fields.Of(record, i).IsEmpty) return false;
        }
        return fields.Count >= columns.Count;
    }

    Refused? ReadPrefixes(ReadOnlySpan<byte> record, CsvFields fields)
    {
        if (columns.Prefix >= 0) return prefixes.Read(Cell(record, fields, columns.Prefix), columns.PrefixIsNpaNxx);
        return prefixes.ReadNpaNxx(Cell(record, fields, columns.Npa), Cell(record, fields, columns.Nxx));
    }

    Refused? ReadDestination(ReadOnlySpan<byte> record, CsvFields fields, out string destination)
    {
        destination = "";
        var cell = Cell(record, fields, columns.Destination);
        if (cell.Length > MaxDestination) return new Refused(Refusal.BadText, $"a destination of {cell.Length} bytes");
        if (cell.IndexOfAnyInRange((byte)0, (byte)31) >= 0)
            return new Refused(Refusal.BadText, "a control character in the destination");
        Span<char> text = stackalloc char[MaxDestination];
        var name = text[..Encoding.UTF8.GetChars(cell, text)];
        // Many prefixes share a name: it is kept once.
        var known = destinations.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!known.TryGetValue(name, out var kept))
        {
            kept = name.ToString();
            destinations.Add(kept);
        }
        destination = kept;
        return null;
    }

    Result<Rate> ReadPrices(ReadOnlySpan<byte> record, CsvFields fields, bool blocked)
    {
        if (ReadPrice(Cell(record, fields, columns.Rate), out var flat) is { } badFlat) return badFlat;
        if (ReadPrice(Cell(record, fields, columns.Interstate), out var inter) is { } badInter) return badInter;
        if (ReadPrice(Cell(record, fields, columns.Intrastate), out var intra) is { } badIntra) return badIntra;
        if (ReadPrice(Cell(record, fields, columns.Indeterminate), out var other) is { } badOther) return badOther;
        // A deck of states alone: a call whose states are not known pays the higher rate (RATE-05).
        if (flat is null && columns.Rate < 0 && inter is not null && intra is not null)
        {
            flat = other ?? (inter.Value.E8 >= intra.Value.E8 ? inter : intra);
        }
        if (flat is null && !blocked) return new Refused(Refusal.DeckBadRate, "no rate");
        if (!blocked && !options.ZeroRates && (flat?.E8 == 0 || inter?.E8 == 0 || intra?.E8 == 0 || other?.E8 == 0))
        {
            return new Refused(Refusal.DeckZeroRate, "a rate of zero");
        }
        return new Rate
        {
            Prefix = "",
            Destination = "",
            PerMinute = flat ?? default,
            FirstSeconds = 1,
            NextSeconds = 1,
            Interstate = inter,
            Intrastate = intra,
            Indeterminate = other,
        };
    }

    static Refused? ReadPrice(ReadOnlySpan<byte> cell, out PerMinute? price)
    {
        price = null;
        if (cell.IsEmpty) return null;
        if (!TryRead(cell, 8, out var e8) || e8 is < 0 or > MaxPerMinuteE8)
            return Bad(Refusal.DeckBadRate, "rate", cell);
        price = new PerMinute(e8);
        return null;
    }

    static Refused? ReadFee(ReadOnlySpan<byte> cell, string what, out long micros)
    {
        micros = 0;
        if (cell.IsEmpty || (TryRead(cell, 6, out micros) && micros is >= 0 and <= MaxFeeMicros)) return null;
        return Bad(Refusal.DeckBadRate, what, cell);
    }

    /// <summary>
    /// Two columns, or one with a single number or a pair such as 30/6; what is missing is the import's default.
    /// </summary>
    Refused? ReadIncrements(ReadOnlySpan<byte> record, CsvFields fields, out int first, out int next)
    {
        (first, next) = (options.FirstSeconds, options.NextSeconds);
        var firstCell = Cell(record, fields, columns.First);
        var nextCell = Cell(record, fields, columns.Next);
        var slash = nextCell.IndexOf((byte)'/');
        if (slash >= 0 && firstCell.IsEmpty)
        {
            firstCell = nextCell[..slash].Trim(" "u8);
            nextCell = nextCell[(slash + 1)..].Trim(" "u8);
        }
        else if (columns.First < 0)
        {
            firstCell = nextCell;
        }
        if (!firstCell.IsEmpty && !TryReadSeconds(firstCell, out first))
            return Bad(Refusal.DeckBadIncrement, "first period", firstCell);
        if (!nextCell.IsEmpty && !TryReadSeconds(nextCell, out next))
            return Bad(Refusal.DeckBadIncrement, "next period", nextCell);
        return null;
    }

    static bool TryReadSeconds(ReadOnlySpan<byte> cell, out int seconds)
    {
        var read = TryRead(cell, 0, out var count) && count is >= 1 and <= MaxIncrementSeconds;
        seconds = read ? (int)count : 0;
        return read;
    }

    static Refused? ReadFlag(ReadOnlySpan<byte> cell, out bool set)
    {
        Span<char> text = stackalloc char[8];
        set = false;
        if (cell.Length > text.Length) return Bad(Refusal.BadText, "blocked", cell);
        var word = text[..Encoding.UTF8.GetChars(cell, text)].ToString().ToLowerInvariant();
        set = word is "1" or "y" or "yes" or "true" or "x" or "blocked";
        return set || word is "" or "0" or "n" or "no" or "false" ? null : Bad(Refusal.BadText, "blocked", cell);
    }

    static bool TryRead(ReadOnlySpan<byte> cell, int decimals, out long count)
    {
        Span<char> text = stackalloc char[32];
        count = 0;
        return cell.Length <= text.Length
            && FixedPoint.TryRead(text[..Encoding.UTF8.GetChars(cell, text)], decimals, out count);
    }

    static ReadOnlySpan<byte> Cell(ReadOnlySpan<byte> record, CsvFields fields, int column) =>
        column < 0 ? default : fields.Of(record, column).Trim(" "u8);

    /// <summary>What stood there, shortened and without what would disturb a terminal.</summary>
    internal static Refused Bad(Refusal refusal, string what, ReadOnlySpan<byte> cell)
    {
        const int shown = 40;
        var text = Encoding.UTF8.GetString(cell);
        var plain = string.Concat(text.Take(shown).Select(c => char.IsControl(c) ? '?' : c));
        return new Refused(refusal, $"{what} '{plain}{(text.Length > shown ? "…" : "")}'");
    }
}
