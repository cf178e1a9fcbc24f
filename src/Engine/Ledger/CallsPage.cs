using System.Globalization;
using NodaTime;

namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// Some of an account's calls, the newest first, as one page shows them.
/// </summary>
/// <param name="Older">Where the next page goes on; null where there are no older ones.</param>
/// <param name="LookedBackTo">Where the search stopped for now without having filled the page: everything since then
/// was looked at, and older calls are looked at when it is continued. Null where the page is full or nothing is
/// left.</param>
public sealed record CallsPage(IReadOnlyList<ListedCall> Calls, CallCursor? Older, Instant? LookedBackTo);

/// <summary>A page of calls, and what all that fit the filter come to.</summary>
public sealed record FoundCalls(CallsPage Page, CallTotals Totals);

/// <summary>All calls that fit, page by page; others may be written once it is disposed of.</summary>
public sealed class CallFile(
    Func<CancellationToken, IAsyncEnumerable<IReadOnlyList<ListedCall>>> pages, Action over) : IDisposable
{
    bool isOver;

    public IAsyncEnumerable<IReadOnlyList<ListedCall>> Pages(CancellationToken ct) => pages(ct);

    public void Dispose()
    {
        if (isOver) return;
        isOver = true;
        over();
    }
}

/// <summary>How many calls the dates hold, and what those that fit the filter come to.</summary>
/// <param name="InDates">All calls of the dates, whether they fit the rest or not.</param>
/// <param name="Count">Those that fit; null where they were not counted because there are too many to look at.</param>
/// <param name="Sums">Of those that fit; null where they were not added up for the same reason.</param>
public sealed record CallTotals(long InDates, long? Count, CallSums? Sums);

/// <summary>Seconds, and micros of the account's currency.</summary>
/// <param name="TakenBackMicros">What of charge and tax was given back by later entries.</param>
public readonly record struct CallSums(
    long Seconds, long BilledSeconds, long ChargeMicros, long TaxMicros, long TakenBackMicros)
{
    public long TotalMicros => checked(ChargeMicros + TaxMicros - TakenBackMicros);

    public static CallSums operator +(CallSums left, CallSums right) => new(
        checked(left.Seconds + right.Seconds), checked(left.BilledSeconds + right.BilledSeconds),
        checked(left.ChargeMicros + right.ChargeMicros), checked(left.TaxMicros + right.TaxMicros),
        checked(left.TakenBackMicros + right.TakenBackMicros));
}

/// <summary>
/// A place among an account's calls: for each wallet the number of the newest call that is still to come. New calls do
/// not move it. As text, which a link carries, it says nothing that the account's own calls do not.
/// </summary>
public sealed record CallCursor(IReadOnlyList<long> Next)
{
    const int MostWallets = 8;

    public string Text => string.Join('.', Next.Select(n => n.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Null where the text is no place.</summary>
    public static CallCursor? Parse(string text)
    {
        var parts = text.Split('.');
        if (parts.Length > MostWallets) return null;
        var next = new long[parts.Length];
        for (var i = 0; i < parts.Length; i++)
            if (!long.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out next[i])) return null;
        return new CallCursor(next);
    }
}
