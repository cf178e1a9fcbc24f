namespace Tollkeeper.Engine.Charging;

/// <summary>Somebody's open page of one account.</summary>
public sealed class LiveWatch : IDisposable
{
    readonly LiveAccounts all;
    readonly WatchedAccount account;
    LiveAccount? seen;

    internal LiveWatch(LiveAccounts all, WatchedAccount account) => (this.all, this.account) = (all, account);

    /// <summary>
    /// What is new since it was asked last, after at most <paramref name="patience"/>; then the same as before, null
    /// where there was nothing yet.
    /// </summary>
    /// <exception cref="TimeoutException">The database has not answered for seconds.</exception>
    public async Task<LiveAccount?> Next(TimeSpan patience, CancellationToken ct)
    {
        var (now, isLost, changed) = account.Look();
        if (!isLost && ReferenceEquals(now, seen))
        {
            // No exception where nothing is new: that is every quarter of a minute on every open page.
            await changed.WaitAsync(patience, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ct.ThrowIfCancellationRequested();
            (now, isLost, _) = account.Look();
        }
        if (isLost) throw new TimeoutException("What the account's pages show is not known any more.");
        return seen = now;
    }

    public void Dispose() => all.Leave(account);
}

/// <summary>An account while somebody watches it. News replaces news: who is slow misses what was in between.</summary>
sealed class WatchedAccount(long no)
{
    readonly Lock door = new();
    TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    LiveAccount? now;
    bool isLost;

    public long No => no;

    public int Watchers { get; set; }

    public bool WasAskedFor { get; set; }

    /// <summary>What was seen last and when that is over.</summary>
    public (LiveAccount? Now, bool IsLost, Task Changed) Look()
    {
        lock (door) return (now, isLost, changed.Task);
    }

    public void Take(LiveAccount account)
    {
        lock (door)
        {
            isLost = false;
            if (now is not null && now.IsLike(account)) return;
            now = account;
            Signal();
        }
    }

    public void Lose()
    {
        lock (door)
        {
            isLost = true;
            Signal();
        }
    }

    void Signal()
    {
        var before = changed;
        changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        before.SetResult();
    }
}
