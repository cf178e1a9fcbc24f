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
public sealed class FindCalls(Database database, IClock clock, FindLimits? limits = null) : IDisposable
{
    /// <summary>What a file of all calls is put together from.</summary>
    static readonly FindLimits ForFiles = FindLimits.Usual with { Page = 2_000, Looked = 200_000 };

    const int CallsOfPart = 200_000;

    /// <summary>How many files are read for at once; each keeps a part of a core busy. Many may be written.</summary>
    const int FilesReadAtOnce = 2;
    const int MostFiles = 100;

    readonly FindLimits limits = limits ?? FindLimits.Usual;
    readonly CallRanges ranges = new(database);
    readonly ConcurrentDictionary<long, bool> adding = new();
    readonly HashSet<long> writing = [];
    readonly SemaphoreSlim readingForFiles = new(FilesReadAtOnce);

    /// <summary>
    /// A page, and what all the filter's calls come to where that takes no time. The filter's dates are those of the
    /// zone. Refusal: <see cref="Refusal.BadText"/> for a place that is none of this account's.
    /// </summary>
    /// <param name="from">Where an earlier page said that it goes on; null begins with the newest call.</param>
    public async Task<Result<FoundCalls>> Find(
        long accountNo, CallFilter filter, DateTimeZone zone, CallCursor? from, CancellationToken ct)
    {
        var all = await RangesOf(accountNo, filter, zone, ct);
        if (from is not null && from.Next.Count != all.Length) return new Refused(Refusal.BadText, "after");
        var (inDates, sums) = (all.Sum(range => range.Count), new SumsFound());
        var summed = inDates <= limits.Summed;
        var search = new CallSearch(all, filter, from, limits);
        await Ask([.. search.Questions, .. summed ? sums.Questions(all, filter) : []], ct);
        var totals = summed
            ? new CallTotals(inDates, sums.Count, sums.Sums)
            : new CallTotals(inDates, CallSearch.ChosenByDates(all, filter) ? inDates : null, null);
        return new FoundCalls(search.Page(), totals);
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
            return await Add(all, filter, time.Token);
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
    /// All calls that fit, in pages, the newest first; those that end meanwhile are not among them. One file of an
    /// account at a time, and few altogether: refusal <see cref="Refusal.Busy"/>.
    /// </summary>
    public Result<CallFile> File(long accountNo, CallFilter filter, DateTimeZone zone)
    {
        lock (writing)
        {
            if (writing.Count >= MostFiles || !writing.Add(accountNo)) return Refusal.Busy;
        }
        return new CallFile(ct => Pages(accountNo, filter, zone, ct), () =>
        {
            lock (writing) writing.Remove(accountNo);
        });
    }

    public void Dispose() => readingForFiles.Dispose();

    /// <summary>Between two pages no connection is kept, however slowly they are taken.</summary>
    async IAsyncEnumerable<IReadOnlyList<ListedCall>> Pages(
        long accountNo, CallFilter filter, DateTimeZone zone, [EnumeratorCancellation] CancellationToken ct)
    {
        var all = await RangesOf(accountNo, filter, zone, ct);
        CallCursor? from = null;
        do
        {
            var search = new CallSearch(all, filter, from, ForFiles);
            await readingForFiles.WaitAsync(ct);
            try
            {
                await Ask(search.Questions, ct);
            }
            finally
            {
                readingForFiles.Release();
            }
            var page = search.Page();
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

    async Task<CallTotals> Add(CallRange[] all, CallFilter filter, CancellationToken ct)
    {
        var sums = new SumsFound();
        foreach (var part in all.SelectMany(PartsOf)) await Ask([.. sums.Questions([part], filter)], ct);
        return new CallTotals(all.Sum(range => range.Count), sums.Count, sums.Sums);
    }

    Task Ask(IReadOnlyList<PageQuestion> questions, CancellationToken ct) =>
        questions.Count == 0 ? Task.CompletedTask : database.Reads.Ask(questions, ct);

    /// <summary>However many calls there are, no question takes long, and others are answered between two.</summary>
    static IEnumerable<CallRange> PartsOf(CallRange range)
    {
        for (var after = range.After; after < range.UpTo; after += CallsOfPart)
            yield return range with { After = after, UpTo = Math.Min(range.UpTo, after + CallsOfPart) };
    }

    /// <summary>What calls come to, from the answers about several ranges.</summary>
    sealed class SumsFound
    {
        public long Count { get; private set; }

        public CallSums Sums { get; private set; }

        public IEnumerable<PageQuestion> Questions(IEnumerable<CallRange> ranges, CallFilter filter) =>
            ranges.Where(range => range.Count > 0).SelectMany(range => new[]
            {
                CallStore.Sums(range, filter, (count, sums) => (Count, Sums) = (Count + count, Sums + sums)),
                CallStore.TakenBack(range, filter, micros => Sums += new CallSums(0, 0, 0, 0, micros)),
            });
    }
}
