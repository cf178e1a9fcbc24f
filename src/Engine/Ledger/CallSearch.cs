using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// The search for one page: what to ask of each wallet's calls, and the page that the answers make together.
/// </summary>
sealed class CallSearch
{
    readonly FindLimits limits;
    readonly List<WalletSearch> wallets;

    /// <param name="from">As many places as there are ranges; null begins with the newest call.</param>
    public CallSearch(CallRange[] all, CallFilter filter, CallCursor? from, FindLimits limits)
    {
        this.limits = limits;
        var looked = ChosenByDates(all, filter) ? long.MaxValue : limits.Looked / all.Length;
        wallets = [.. all.Select((range, i) => new WalletSearch(
            from is null ? range : range with { UpTo = Math.Min(range.UpTo, from.Next[i]) }, looked))];
        Questions = [.. wallets.SelectMany(wallet => wallet.Questions(filter, limits.Page + 1))];
    }

    /// <summary>None where there is nothing to look at.</summary>
    public IReadOnlyList<PageQuestion> Questions { get; }

    /// <summary>Whether every call of the ranges fits: a wallet may pay for the wanted direction alone.</summary>
    public static bool ChosenByDates(CallRange[] all, CallFilter filter) =>
        (filter with { Direction = null }).OnlyDates
        && (filter.Direction is null || all.All(range => range.Count == 0 || range.Pays == filter.Direction));

    /// <summary>Once all questions are answered.</summary>
    public CallsPage Page()
    {
        // A wallet whose search stopped half-way may have calls of the time before that: nothing older is shown yet.
        var horizon = wallets.Max(wallet => wallet.StoppedAt(limits.Page));
        var found = wallets.SelectMany(wallet => wallet.Found)
            .Where(call => horizon is not { } stopped || call.RecordedAt >= stopped).ToList();
        found.Sort(ListedCall.NewestFirst);
        var shown = found.Count > limits.Page ? found[..limits.Page] : found;
        foreach (var call in shown) wallets.First(wallet => wallet.WalletNo == call.WalletNo).Shown++;
        var more = wallets.Any(wallet => wallet.Next > wallet.Range.After);
        return new CallsPage(
            shown, more ? new CallCursor([.. wallets.Select(wallet => wallet.Next)]) : null,
            more && shown.Count < limits.Page ? horizon : null);
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
