using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>How much is looked at for one request.</summary>
/// <param name="Page">Calls on a page.</param>
/// <param name="Looked">Calls that a search looks at before it shows what it has found so far.</param>
/// <param name="Summed">Calls that are added up without being asked to.</param>
/// <param name="SumsTime">How long adding up any number of them may take.</param>
public sealed record FindLimits(int Page, int Looked, int Summed, Duration SumsTime)
{
    public static FindLimits Usual { get; } = new(50, 20_000, 10_000, Duration.FromSeconds(10));
}

/// <summary>
/// Finds an account's calls, of all its wallets together, the newest first. A page costs the same however many calls
/// there are: it begins at a number and reads downwards.
/// </summary>
public sealed class FindCalls(Database database, IClock clock, FindLimits? limits = null)
{
    /// <summary>What a file of all calls is put together from.</summary>
    static readonly FindLimits ForFiles = FindLimits.Usual with { Page = 2_000, Looked = 200_000 };

    const int CallsOfPart = 200_000;

    readonly FindLimits limits = limits ?? FindLimits.Usual;
    readonly CallRanges ranges = new(database);
    readonly ConcurrentDictionary<long, bool> adding = new();

    /// <summary>The filter's dates are those of the zone. Refusal: <see cref="Refusal.BadText"/> for a place that is
    /// none of this account's.</summary>
    /// <param name="from">Where an earlier page said that it goes on; null begins with the newest call.</param>
    public async Task<Result<CallsPage>> Page(
        long accountNo, CallFilter filter, DateTimeZone zone, CallCursor? from, CancellationToken ct)
    {
        var all = await RangesOf(accountNo, filter, zone, ct);
        if (from is not null && from.Next.Count != all.Length) return new Refused(Refusal.BadText, "after");
        return await Page(all, filter, from, limits, ct);
    }

    /// <summary>
    /// What the filter's calls come to, where that takes no time; else how many there are, if that is known.
    /// </summary>
    public async Task<CallTotals> Totals(
        long accountNo, CallFilter filter, DateTimeZone zone, CancellationToken ct)
    {
        var all = await RangesOf(accountNo, filter, zone, ct);
        var inDates = all.Sum(range => range.Count);
        if (inDates > limits.Summed) return new CallTotals(inDates, ChosenByDates(all, filter) ? inDates : null, null);
        return await Add(all, filter, inDates, ct);
    }

    /// <summary>
    /// The same however many there are: for one request an account at a time, and for a limited time. Refusals:
    /// <see cref="Refusal.Busy"/>, <see cref="Refusal.TooManyCalls"/>.
    /// </summary>
    public async Task<Result<CallTotals>> AllTotals(
        long accountNo, CallFilter filter, DateTimeZone zone, CancellationToken ct)
    {
        if (!adding.TryAdd(accountNo, true)) return Refusal.Busy;
        using var over = new CancellationTokenSource(limits.SumsTime.ToTimeSpan());
        using var time = CancellationTokenSource.CreateLinkedTokenSource(ct, over.Token);
        try
        {
            var all = await RangesOf(accountNo, filter, zone, time.Token);
            return await Add(all, filter, all.Sum(range => range.Count), time.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Refusal.TooManyCalls;
        }
        finally
        {
            adding.TryRemove(accountNo, out _);
        }
    }

    /// <summary>
    /// All calls that fit, in pages, the newest first; those that end meanwhile are not among them. Between two pages
    /// no connection is kept, however slowly they are taken.
    /// </summary>
    public async IAsyncEnumerable<IReadOnlyList<ListedCall>> All(
        long accountNo, CallFilter filter, DateTimeZone zone, [EnumeratorCancellation] CancellationToken ct)
    {
        var all = await RangesOf(accountNo, filter, zone, ct);
        CallCursor? from = null;
        do
        {
            var page = await Page(all, filter, from, ForFiles, ct);
            yield return page.Calls;
            from = page.Older;
        }
        while (from is not null);
    }

    async Task<CallRange[]> RangesOf(long accountNo, CallFilter filter, DateTimeZone zone, CancellationToken ct)
    {
        var all = await ranges.Of(
            accountNo, filter.StartsAt(zone), filter.EndsAt(zone), clock.GetCurrentInstant(), ct);
        if (filter.Direction is not { } wanted) return all;
        return [.. all.Select(range =>
            (range.Pays & wanted) == Directions.None ? range with { UpTo = range.After } : range)];
    }

    /// <summary>Whether every call of the ranges fits: a wallet may pay for the wanted direction alone.</summary>
    static bool ChosenByDates(CallRange[] all, CallFilter filter) =>
        (filter with { Direction = null }).OnlyDates
        && (filter.Direction is null || all.All(range => range.Count == 0 || range.Pays == filter.Direction));

    async Task<CallTotals> Add(CallRange[] all, CallFilter filter, long inDates, CancellationToken ct)
    {
        var (count, sums) = (0L, default(CallSums));
        foreach (var part in all.SelectMany(PartsOf))
            await database.Reads.Ask(
                CallStore.Sums(part, filter, (n, sum) => (count, sums) = (count + n, sums + sum)), ct);
        return new CallTotals(inDates, count, sums);
    }

    /// <summary>However many calls there are, no question takes long, and others are answered between two.</summary>
    static IEnumerable<CallRange> PartsOf(CallRange range)
    {
        for (var after = range.After; after < range.UpTo; after += CallsOfPart)
            yield return range with { After = after, UpTo = Math.Min(range.UpTo, after + CallsOfPart) };
    }

    async Task<CallsPage> Page(
        CallRange[] all, CallFilter filter, CallCursor? from, FindLimits most, CancellationToken ct)
    {
        var byDates = ChosenByDates(all, filter);
        var searches = all.Select((range, i) => new WalletSearch(
            from is null ? range : range with { UpTo = Math.Min(range.UpTo, from.Next[i]) },
            byDates ? long.MaxValue : most.Looked / all.Length)).ToList();
        var questions = searches.SelectMany(search => search.Questions(filter, most.Page + 1)).ToList();
        if (questions.Count > 0) await database.Reads.Ask(questions, ct);

        // A wallet whose search stopped half-way may have calls of the time before that: nothing older is shown yet.
        var horizon = searches.Max(search => search.StoppedAt(most.Page));
        var found = searches.SelectMany(search => search.Found)
            .Where(call => horizon is not { } stopped || call.RecordedAt >= stopped).ToList();
        found.Sort(ListedCall.NewestFirst);
        var shown = found.Count > most.Page ? found[..most.Page] : found;
        foreach (var call in shown) searches.First(search => search.WalletNo == call.WalletNo).Shown++;
        var next = searches.Select(search => search.Next).ToArray();
        var more = searches.Where((search, i) => next[i] > search.Range.After).Any();
        return new CallsPage(
            shown, more ? new CallCursor(next) : null, more && shown.Count < most.Page ? horizon : null);
    }

    /// <summary>The part of a page's search that concerns one wallet.</summary>
    sealed class WalletSearch(CallRange range, long looked)
    {
        // Counted from above: a range may be empty or upside down where a place lies below it.
        readonly long bottom = range.UpTo - range.After > looked ? range.UpTo - looked : range.After;
        Instant? bottomAt;

        public CallRange Range => range;

        public long WalletNo => range.WalletNo;

        public List<ListedCall> Found { get; } = [];

        /// <summary>How many of those found are on the page; they are its newest.</summary>
        public int Shown { get; set; }

        public IEnumerable<PageQuestion> Questions(CallFilter filter, int most)
        {
            if (range.Count == 0) yield break;
            yield return CallStore.Newest(range with { After = bottom }, filter, most, Found.Add);
            if (bottom > range.After) yield return CallStore.RecordedAt(range, bottom + 1, at => bottomAt = at);
        }

        /// <summary>When the oldest call that was looked at was recorded; null where the search did not stop.</summary>
        public Instant? StoppedAt(int page) => Found.Count > page ? null : bottomAt;

        /// <summary>The newest call that is still to come: the first that was found and not shown, or what lies below
        /// all that was looked at.</summary>
        public long Next => Shown < Found.Count ? Found[Shown].N : bottom;
    }
}
