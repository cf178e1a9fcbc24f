using NodaTime;
using Tollkeeper.Charging;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Providers;

namespace Tollkeeper.Engine.Charging;

/// <summary>
/// The accounts whose pages are open on this node: more than once a second one question for all of them together,
/// whichever node changed them. Calls and money know nothing of it, and nothing is asked when nobody watches.
/// </summary>
/// <param name="onFailure">Told once when the database does not answer, and again only after it did.</param>
public sealed class LiveAccounts(
    Database database, ProvidersInForce providers, IClock clock, Action<Exception>? onFailure = null) : IAsyncDisposable
{
    static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    /// <summary>With many accounts: less often, and with what writing takes still within a second.</summary>
    static readonly TimeSpan PeriodOfMany = TimeSpan.FromMilliseconds(800);
    const int Many = 50;

    /// <summary>After so many questions without an answer, what is shown is not live.</summary>
    const int MostUnanswered = 8;

    readonly Lock door = new();
    readonly CancellationTokenSource stopping = new();
    readonly Dictionary<long, WatchedAccount> watched = [];
    TaskCompletionSource somebodyCame = NewSignal();
    Task asking = Task.CompletedTask;
    bool isAsking;
    int unanswered;

    /// <summary>How often the database was asked.</summary>
    public int Questions { get; private set; }

    /// <summary>Watches one account until it is disposed of; its first news comes at once.</summary>
    public LiveWatch Watch(long accountNo)
    {
        lock (door)
        {
            if (!watched.TryGetValue(accountNo, out var account))
                watched.Add(accountNo, account = new WatchedAccount(accountNo));
            account.Watchers++;
            somebodyCame.TrySetResult();
            if (!isAsking && !stopping.IsCancellationRequested)
            {
                isAsking = true;
                asking = Task.Run(KeepAsking);
            }
            return new LiveWatch(this, account);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task last;
        lock (door)
        {
            stopping.Cancel();
            last = asking;
        }
        await last;
        stopping.Dispose();
    }

    internal void Leave(WatchedAccount account)
    {
        lock (door)
        {
            if (--account.Watchers == 0) watched.Remove(account.No);
        }
    }

    static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    async Task KeepAsking()
    {
        using var timer = new PeriodicTimer(Period);
        var tick = timer.WaitForNextTickAsync(stopping.Token).AsTask();
        try
        {
            while (Due(all: false) is { } due)
            {
                if (due.Count > 0) await Ask(due);
                await Task.WhenAny(tick, somebodyCame.Task);
                if (!tick.IsCompleted) continue;
                await tick;
                if (Due(all: true) is not { } all) return;
                timer.Period = all.Count < Many ? Period : PeriodOfMany;
                await Ask(all);
                tick = timer.WaitForNextTickAsync(stopping.Token).AsTask();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    /// <summary>All, or those that have just come; null, and nobody asks any more, where nobody watches.</summary>
    List<WatchedAccount>? Due(bool all)
    {
        lock (door)
        {
            somebodyCame = NewSignal();
            if (watched.Count == 0)
            {
                isAsking = false;
                return null;
            }
            // One that the database was asked for in vain waits for the next tick.
            var due = watched.Values.Where(account => all || !account.WasAskedFor).ToList();
            foreach (var account in due) account.WasAskedFor = true;
            return due;
        }
    }

    async Task Ask(List<WatchedAccount> accounts)
    {
        try
        {
            Questions++;
            var at = clock.GetCurrentInstant();
            var found = await LiveAccountStore.Read(database, [.. accounts.Select(each => each.No)], stopping.Token);
            var byNo = accounts.ToDictionary(account => account.No);
            foreach (var rows in found) byNo[rows.Facts.No].Take(Reckon(rows, at));
            unanswered = 0;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Whatever it was, the next question comes: pages would stand still and say that they are live.
            if (unanswered++ == 0) onFailure?.Invoke(failure);
            if (unanswered < MostUnanswered) return;
            foreach (var account in accounts) account.Lose();
        }
    }

    LiveAccount Reckon(LiveRows rows, Instant at)
    {
        var policy = providers.PolicyOf(rows.Facts.ProviderNo, at).Value.Policy;
        var date = at.InZone(BillingZone.Of(policy.Calendar).Value).Date;
        var today = NodaTime.Period.DaysBetween(SummaryRows.Epoch, date);
        LiveWallet[] wallets =
        [
            .. rows.Wallets.OrderBy(wallet => wallet.Name == WalletName.Inbound).Select(wallet => new LiveWallet(
                wallet.Name, wallet.BalanceMicros, wallet.HeldMicros, wallet.FloorMicros(at), wallet.Calls,
                wallet.TodayMicros(today), wallet.MonthMicros(today))),
        ];
        return new LiveAccount
        {
            At = at,
            Currency = rows.Facts.Currency,
            Wallets = wallets,
            Status = AccountStatus.Of(
                rows.Facts, rows.Suspensions,
                wallets.Select(wallet => new WalletStanding(
                    WalletName.Pays(wallet.Name), wallet.BalanceMicros, wallet.FloorMicros)),
                policy.Suspend),
            Lines = LineNow.Of(rows.Wallets, at),
            CallsUp = rows.Wallets.Sum(wallet => wallet.CallsUp),
        };
    }
}
