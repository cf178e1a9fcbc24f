using NodaTime;

namespace Tollkeeper.Rating;

/// <summary>What becomes of a prefix. The numbers are stored: never renumber.</summary>
public enum RateChangeKind
{
    New = 1,
    Dearer = 2,
    Cheaper = 3,
    Removed = 4,
}

/// <summary>A prefix whose row differs between two decks.</summary>
/// <param name="Before">What calls to it pay until then, by a shorter prefix where it has no row of its own; null
/// where they are refused.</param>
/// <param name="After">The same afterwards.</param>
public readonly record struct RateChange(RateChangeKind Kind, string Prefix, Rate? Before, Rate? After)
{
    public string Destination => Kind == RateChangeKind.Removed ? Before!.Value.Destination : After!.Value.Destination;

    /// <summary>Whether calls to it cost more than before.</summary>
    public bool Raises => Before is { } before && After is { } after && DeckDifference.IsDearer(before, after);
}

/// <summary>
/// How a new version of a deck differs from the one that it follows, by what a call at one instant would pay.
/// </summary>
/// <param name="Raises">Some calls cost more: customers have a right to notice.</param>
public sealed record DeckDifference(IReadOnlyList<RateChange> Changes, int Unchanged, bool Raises)
{
    /// <param name="before">Null where the deck had no prices yet.</param>
    /// <param name="at">When the new one takes effect: rows of both count that are in force then.</param>
    public static DeckDifference Of(RateDeck? before, RateDeck after, Instant at)
    {
        var known = before is null ? [] : InForce(before, at);
        var changes = new List<RateChange>();
        var (unchanged, raises) = (0, false);
        foreach (var (prefix, rate) in InForce(after, at))
        {
            var had = known.Remove(prefix, out var row);
            var change = had
                ? Change(prefix, row, rate)
                : new(RateChangeKind.New, prefix, before is null ? null : Paid(before, prefix, at), rate);
            if (change is { } differs)
            {
                changes.Add(differs);
                raises |= differs.Raises;
            }
            else unchanged++;
        }
        foreach (var (prefix, rate) in known)
        {
            var gone = new RateChange(RateChangeKind.Removed, prefix, rate, Paid(after, prefix, at));
            changes.Add(gone);
            raises |= gone.Raises;
        }
        return new DeckDifference(changes, unchanged, raises);
    }

    /// <summary>Any part of the price is higher, whatever the others are: some call costs more.</summary>
    public static bool IsDearer(in Rate before, in Rate after) =>
        Columns(after).Zip(Columns(before)).Any(pair => pair.First > pair.Second)
        || after.ConnectFeeMicros > before.ConnectFeeMicros || after.MinimumMicros > before.MinimumMicros
        || after.FirstSeconds > before.FirstSeconds || after.NextSeconds > before.NextSeconds;

    static RateChange? Change(string prefix, in Rate before, in Rate after)
    {
        if (IsDearer(before, after)) return new(RateChangeKind.Dearer, prefix, before, after);
        return IsDearer(after, before) ? new(RateChangeKind.Cheaper, prefix, before, after) : null;
    }

    static long[] Columns(in Rate rate) =>
    [
        rate.PerMinute.E8, rate.In(RateColumn.Interstate).E8, rate.In(RateColumn.Intrastate).E8,
        rate.In(RateColumn.Indeterminate).E8,
    ];

    /// <summary>What a call to just this prefix pays; null where it is refused.</summary>
    static Rate? Paid(RateDeck deck, string prefix, Instant at) =>
        deck.Find(prefix, at) is { Accepted: true, Value: var match } ? match.Rate : null;

    /// <summary>The row of each prefix that is in force and not blocked; a prefix's rows come latest start first.
    /// </summary>
    static Dictionary<string, Rate> InForce(RateDeck deck, Instant at)
    {
        var found = new Dictionary<string, Rate>(deck.PrefixCount, StringComparer.Ordinal);
        var blocked = new HashSet<string>(StringComparer.Ordinal);
        foreach (var rate in deck.Rates)
        {
            var counts = (rate.From is not { } from || from <= at) && (rate.To is not { } to || to > at);
            if (!counts || found.ContainsKey(rate.Prefix) || blocked.Contains(rate.Prefix)) continue;
            if (rate.Blocked) blocked.Add(rate.Prefix);
            else found.Add(rate.Prefix, rate);
        }
        return found;
    }
}
