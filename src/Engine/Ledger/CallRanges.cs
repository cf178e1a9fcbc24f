using System.Collections.Concurrent;
using NodaTime;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// Which numbers an account's calls of some span of time have, wallet by wallet. Where a day that is over began among
/// them never changes, so what was once found is kept, of the accounts that were lately looked at.
/// </summary>
/// <param name="capacity">About how many places are kept.</param>
sealed class CallRanges(Database database, int capacity = 20_000)
{
    /// <summary>PostgreSQL keeps calls by the month; older ones than a month before an instant lie before it.</summary>
    static readonly Duration MonthsLookedAt = Duration.FromDays(32);

    /// <summary>Clocks of nodes may differ by a second; after this nobody records anything earlier.</summary>
    static readonly Duration Settled = Duration.FromMinutes(1);

    // Two generations: when the younger is full it becomes the older, and the older is forgotten whole.
    ConcurrentDictionary<(long AccountNo, Instant At), long[]> younger = new();
    ConcurrentDictionary<(long AccountNo, Instant At), long[]> older = new();
    int added;

    /// <summary>One range for each wallet of the account, in the order of their numbers; none is no account.</summary>
    public async Task<CallRange[]> Of(long accountNo, Instant from, Instant to, Instant now, CancellationToken ct)
    {
        var wallets = new List<(long No, string Name, long Calls)>(2);
        var (first, last) = (Known(accountNo, from), Known(accountNo, to));
        var questions = new List<PageQuestion>(3)
        {
            new(CallStore.Wallets, row => wallets.Add((row.Long(), row.Text(), row.Long())), accountNo),
        };
        var (askedFirst, askedLast) = (new List<long>(2), new List<long>(2));
        if (first is null) questions.Add(CallsBefore(accountNo, from, askedFirst));
        if (last is null && to <= now) questions.Add(CallsBefore(accountNo, to, askedLast));
        await database.Reads.Ask(questions, ct);
        first ??= Keep(accountNo, from, askedFirst, now);
        if (to <= now) last ??= Keep(accountNo, to, askedLast, now);
        return [.. wallets.Select((wallet, i) => new CallRange(
            wallet.No, WalletName.Pays(wallet.Name), first[i], last is null ? wallet.Calls : last[i], from, to))];
    }

    long[]? Known(long accountNo, Instant at)
    {
        if (younger.TryGetValue((accountNo, at), out var known)) return known;
        if (!older.TryGetValue((accountNo, at), out known)) return null;
        Keep((accountNo, at), known);
        return known;
    }

    static PageQuestion CallsBefore(long accountNo, Instant at, List<long> found) => new(
        CallStore.CallsBefore,
        row =>
        {
            _ = row.Long();
            found.Add(row.Long());
        },
        accountNo, at.ToMicros(), (at - MonthsLookedAt).ToMicros());

    long[] Keep(long accountNo, Instant at, List<long> found, Instant now)
    {
        long[] places = [.. found];
        // An account gets its wallets when it is made, and no others later.
        if (at < now - Settled && places.Length > 0) Keep((accountNo, at), places);
        return places;
    }

    void Keep((long AccountNo, Instant At) key, long[] places)
    {
        if (!younger.TryAdd(key, places)) return;
        if (Interlocked.Increment(ref added) * 2 < capacity) return;
        Interlocked.Exchange(ref added, 0);
        older = Interlocked.Exchange(ref younger, new ConcurrentDictionary<(long AccountNo, Instant At), long[]>());
    }
}
