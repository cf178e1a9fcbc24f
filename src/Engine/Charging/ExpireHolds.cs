using NodaTime;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Charging;

/// <summary>
/// Frees money and channels of calls whose end never came: a hold expires once its grant and the grace are over, and
/// never sooner than ten minutes after this server became ready, so that ends kept back by an outage come first. The
/// hold itself stays, flagged: its late end still charges once.
/// </summary>
public sealed class ExpireHolds(Database database, Bookkeeper bookkeeper, IClock clock)
{
    public static Duration AfterReady => Duration.FromMinutes(10);

    /// <summary>How many at once; they go behind calls, and are looked for every few seconds.</summary>
    const int Most = 500;

    Instant readyAt = clock.GetCurrentInstant();

    /// <summary>
    /// The ten minutes begin anew: the database was away or this machine's clock is wrong, and ends may be waiting.
    /// </summary>
    public void Wait() => readyAt = clock.GetCurrentInstant();

    /// <summary>How many expired.</summary>
    public async Task<int> Expire(CancellationToken ct = default)
    {
        var now = clock.GetCurrentInstant();
        if (now < readyAt + AfterReady) return 0;
        var due = await HoldStore.Due(database, now, Most, ct);
        var answers = await Task.WhenAll(due.Select(hold =>
            bookkeeper.Ask(new ExpireRequest { AccountNo = hold.AccountNo, Call = hold.Key })));
        return answers.Count(answer => answer is { Accepted: true, Value: true });
    }
}

sealed class ExpireRequest : BookRequest<bool>
{
    public override BookPriority Priority => BookPriority.BulkWork;

    protected override Result<bool> Decision(Books books)
    {
        if (books.HoldOf(Call!.Value) is not { ExpiredAt: null } hold || hold.ExpiresAt > books.Now) return false;
        var (account, wallet) = books.Of(hold);
        books.Change(account, wallet, hold with { HeldMicros = 0, ExpiredAt = account.At });
        if (hold.Billable) Channels.Free(books, account, hold.SwitchNo);
        return true;
    }
}
