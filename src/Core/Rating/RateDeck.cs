using System.Numerics;
using NodaTime;

namespace Tollkeeper.Rating;

/// <summary>
/// One version of a list of prices, immutable and compact: about 100 bytes a prefix, names included, and no object per
/// row. A call takes the row in force with the longest prefix of its number, then the latest start (RATE-04).
/// </summary>
public sealed class RateDeck
{
    /// <summary>Bytes of a number among many: its length and at most 15 digits.</summary>
    public const int NumberSlot = 16;

    /// <summary>How many calls are looked up at once at most.</summary>
    public const int MaxAtOnce = 64;

    static readonly Refused NoRate = new(Refusal.NoRate);
    static readonly Refused Blocked = new(Refusal.DestinationBlocked);

    readonly PrefixTree tree;
    readonly long[] prefixes;
    readonly Row[] rows;
    readonly Clause[] clauses;
    readonly Columns[] columns;
    readonly string[] destinations;
    readonly string?[] prefixTexts;

    internal RateDeck(RateDeckParts parts, int deckNo, int version, Currency currency, Rounding rounding)
    {
        (DeckNo, Version, Currency, Rounding) = (deckNo, version, currency, rounding);
        tree = parts.Tree;
        prefixes = parts.Prefixes;
        PrefixCount = parts.PrefixCount;
        rows = parts.Rows;
        clauses = parts.Clauses;
        columns = parts.ColumnSets;
        destinations = parts.Destinations;
        prefixTexts = new string?[rows.Length];
    }

    public int DeckNo { get; }

    public int Version { get; }

    public Currency Currency { get; }

    public Rounding Rounding { get; }

    /// <summary>How many rows the deck has, several of one prefix counted each.</summary>
    public int Count => rows.Length;

    public int PrefixCount { get; }

    /// <summary>Every destination name once; <see cref="RateMatch.DestinationNo"/> points here.</summary>
    public IReadOnlyList<string> Destinations => destinations;

    /// <summary>True when a row has a price of its own for a jurisdiction.</summary>
    public bool HasJurisdictions => columns.Length > 0;

    /// <summary>The rows as they were given, by prefix and then latest start first.</summary>
    public IEnumerable<Rate> Rates => Enumerable.Range(0, rows.Length).Select(RateAt);

    /// <exception cref="InvalidOperationException">A row is no valid rate, or a prefix has two rows with one
    /// start.</exception>
    public static RateDeck Build(
        int deckNo, int version, Currency currency, Rounding rounding, IEnumerable<Rate> rates) =>
        new(RateDeckParts.Of(rates), deckNo, version, currency, rounding);

    /// <summary>The row that prices a call to a number (E.164 digits without plus) that starts at an instant.</summary>
    public Result<RateMatch> Find(ReadOnlySpan<char> number, Instant at) => InForce(tree.Longest(number), at);

    /// <inheritdoc cref="Find(ReadOnlySpan{char}, Instant)"/>
    public Result<RateMatch> Find(ReadOnlySpan<byte> number, Instant at) => InForce(tree.Longest(number), at);

    /// <summary>
    /// Many calls at once, for files of them: a look-up mostly waits for memory, and together they wait once.
    /// </summary>
    /// <param name="slots">For each call <see cref="NumberSlot"/> bytes: how many digits, and the digits.</param>
    public void Find(ReadOnlySpan<byte> slots, ReadOnlySpan<Instant> at, Span<Result<RateMatch>> found)
    {
        Demand.That(at.Length <= MaxAtOnce, "so many fit the stack");
        Span<int> first = stackalloc int[MaxAtOnce];
        Span<int> clause = stackalloc int[MaxAtOnce];
        for (var i = 0; i < at.Length; i++)
        {
            var slot = slots.Slice(i * NumberSlot, NumberSlot);
            first[i] = tree.Longest(slot.Slice(1, slot[0]));
        }
        // Each of these short loops is a row of independent reads, which the processor makes side by side.
        for (var i = 0; i < at.Length; i++) clause[i] = first[i] < 0 ? -1 : rows[first[i]].Clause;
        for (var i = 0; i < at.Length; i++)
        {
            found[i] = clause[i] >= 0 && clauses[clause[i]].Wins(at[i])
                ? new RateMatch(this, first[i])
                : InForce(first[i], at[i]);
        }
    }

    Result<RateMatch> InForce(int row, Instant at)
    {
        while (row >= 0)
        {
            ref readonly var r = ref rows[row];
            ref readonly var clause = ref clauses[r.Clause];
            if (clause.IsInForce(at)) return clause.Blocked ? Blocked : new RateMatch(this, row);
            row = r.Last ? r.Shorter : row + 1;
        }
        return NoRate;
    }

    internal int PrefixLength(int row) => rows[row].PrefixLength;

    /// <summary>Made at its first use and kept: a deck's busy prefixes are few.</summary>
    internal string Prefix(int row) => prefixTexts[row] ??= PackedPrefix.Text(prefixes[row]);

    internal int DestinationNo(int row) => rows[row].Destination;

    internal Rate RateAt(int row)
    {
        var r = rows[row];
        ref readonly var clause = ref clauses[r.Clause];
        var set = r.Columns < 0 ? default : columns[r.Columns];
        return new Rate
        {
            Prefix = Prefix(row),
            Destination = destinations[r.Destination],
            PerMinute = new PerMinute(r.PerMinuteE8),
            FirstSeconds = clause.FirstSeconds,
            NextSeconds = clause.NextSeconds,
            ConnectFeeMicros = clause.ConnectFeeMicros,
            MinimumMicros = clause.MinimumMicros,
            Blocked = clause.Blocked,
            From = clause.From == Instant.MinValue ? null : clause.From,
            To = clause.To == Instant.MaxValue ? null : clause.To,
            Interstate = set.Interstate,
            Intrastate = set.Intrastate,
            Indeterminate = set.Indeterminate,
        };
    }

    internal RateTerms TermsAt(int row, in CallJurisdiction jurisdiction, long dipMicros) =>
        PriceTermsAt(row, jurisdiction, dipMicros) with
        {
            Prefix = Prefix(row),
            Destination = destinations[rows[row].Destination],
        };

    /// <summary>The terms without their texts, which a price does not need and which lie far apart in memory.</summary>
    internal RateTerms PriceTermsAt(int row, in CallJurisdiction jurisdiction, long dipMicros)
    {
        ref readonly var r = ref rows[row];
        ref readonly var clause = ref clauses[r.Clause];
        return new RateTerms
        {
            DeckNo = DeckNo,
            DeckVersion = Version,
            Prefix = "",
            Destination = "",
            PerMinute = r.Columns < 0 ? new PerMinute(r.PerMinuteE8) : RateAt(row).In(jurisdiction.Column),
            FirstSeconds = clause.FirstSeconds,
            NextSeconds = clause.NextSeconds,
            ConnectFeeMicros = clause.ConnectFeeMicros,
            MinimumMicros = clause.MinimumMicros,
            DipMicros = dipMicros,
            SurchargeMicros = 0,
            Rounding = Rounding,
            Jurisdiction = jurisdiction.Tax,
        };
    }

    /// <summary>What rows have in common, kept once: a deck of 100,000 rows has a handful of these.</summary>
    internal readonly record struct Clause(
        Instant From, Instant To, int FirstSeconds, int NextSeconds, long ConnectFeeMicros, long MinimumMicros,
        bool Blocked)
    {
        public bool IsInForce(Instant at) => at >= From && at < To;

        public bool Wins(Instant at) => !Blocked && IsInForce(at);
    }

    internal readonly record struct Columns(PerMinute? Interstate, PerMinute? Intrastate, PerMinute? Indeterminate);

    /// <param name="Shorter">The first row of the next shorter prefix that begins the same numbers, or -1.</param>
    /// <param name="Last">No further row of the same prefix follows.</param>
    internal readonly record struct Row(
        long PerMinuteE8, int Destination, int Clause, int Columns, int Shorter, byte PrefixLength, bool Last);
}

/// <summary>The row of a deck that a call won; a small value that allocates nothing.</summary>
public readonly struct RateMatch
{
    readonly RateDeck deck;
    readonly int row;

    internal RateMatch(RateDeck deck, int row) => (this.deck, this.row) = (deck, row);

    public string Prefix => deck.Prefix(row);

    public int PrefixLength => deck.PrefixLength(row);

    public int DestinationNo => deck.DestinationNo(row);

    public string Destination => deck.Destinations[DestinationNo];

    public Rate Rate => deck.RateAt(row);

    /// <summary>
    /// What is copied onto the call: this row's price in the call's column, and the dip of its attempt (RATE-06).
    /// </summary>
    public RateTerms TermsFor(in CallJurisdiction jurisdiction, long dipMicros) =>
        deck.TermsAt(row, jurisdiction, dipMicros);

    /// <summary>The price of a call by this row, where its terms are not kept.</summary>
    public CallPrice PriceOf(in CallJurisdiction jurisdiction, int seconds) =>
        CallPrice.Of(deck.PriceTermsAt(row, jurisdiction, dipMicros: 0), seconds);
}

/// <summary>Up to 15 digits and their number in one long: the digits below, the length in the top byte.</summary>
static class PackedPrefix
{
    const int LengthShift = 56;

    public static long Of(ReadOnlySpan<char> digits)
    {
        Demand.That(digits.Length is >= 1 and <= Rate.MaxDigits, "a prefix has 1 to 15 digits");
        var value = 0L;
        foreach (var c in digits)
        {
            Demand.That(char.IsAsciiDigit(c), "a prefix is digits");
            value = value * 10 + (c - '0');
        }
        return value | ((long)digits.Length << LengthShift);
    }

    public static int Length(long packed) => (int)(packed >> LengthShift);

    public static long Value(long packed) => packed & ((1L << LengthShift) - 1);

    public static string Text(long packed) => Value(packed).ToString("D" + Length(packed));

    public static IComparer<long> Order { get; } = Comparer<long>.Create(Compare);

    /// <summary>As the digits would sort as text: a prefix right before the longer ones that begin with it.</summary>
    public static int Compare(long left, long right)
    {
        var (l, r) = (Padded(left), Padded(right));
        return l != r ? l.CompareTo(r) : Length(left).CompareTo(Length(right));
    }

    static long Padded(long packed) => Value(packed) * Powers[Rate.MaxDigits - Length(packed)];

    public static int Digit(long packed, int place) => (int)(Value(packed) / Powers[Length(packed) - 1 - place] % 10);

    public static bool StartsWith(long packed, long start)
    {
        var longer = Length(packed) - Length(start);
        return longer >= 0 && Value(packed) / Powers[longer] == Value(start);
    }

    static readonly long[] Powers =
        [.. Enumerable.Range(0, Rate.MaxDigits + 1).Select(n => (long)BigInteger.Pow(10, n))];
}
