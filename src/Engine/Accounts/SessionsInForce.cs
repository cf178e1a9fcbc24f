using System.Collections.Concurrent;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>
/// The sessions lately seen on this node, by id: a page of somebody signed in costs no query, and known sessions go on
/// while the database is away. A session that ended elsewhere, or whose user changed, is read again at the next poll.
/// </summary>
/// <param name="capacity">When so many are kept, all are forgotten and read again as they are used.</param>
public sealed class SessionsInForce(Database database, IClock clock, int capacity = 100_000) : IDisposable
{
    const int MostLoading = 8;
    const long SeenEveryMicros = 5 * 60 * 1_000_000L;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    readonly ConcurrentDictionary<string, Known> known = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<SessionWatch, string> watches = new();

    // Cookies of sessions that are over may not use up the connections that everybody else needs.
    readonly SemaphoreSlim loading = new(MostLoading);
    long seenRevision;
    long forgotten;

    /// <summary>
    /// Whose session it is, and that it was seen now. Refusals: <see cref="Refusal.NotSignedIn"/>, whatever the reason;
    /// <see cref="Refusal.Busy"/> when too many that are not known yet are being looked up.
    /// </summary>
    public ValueTask<Result<Person>> Find(string id, CancellationToken ct = default)
    {
        var now = clock.GetCurrentInstant();
        if (known.TryGetValue(id, out var found) && found.StandsAt(now)) return new(found.SeenAt(now));
        // Idle here may be busy on another node: only the database knows.
        return new(Load(id, seen: true, ct));
    }

    /// <summary>The same as finding it, but nobody saw it: an open page by itself keeps no session alive.</summary>
    public Task<Result<Person>> Look(string id, CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        return known.TryGetValue(id, out var found) && found.StandsAt(now)
            ? Task.FromResult<Result<Person>>(found.WhoAt(now))
            : Load(id, seen: false, ct);
    }

    /// <summary>
    /// A signal that comes when the session ends, on whatever node, or is no longer for the account that it was for;
    /// the caller disposes of it. One that has ended already, or is for another account, signals at once.
    /// </summary>
    /// <param name="accountNo">Whose pages the caller shows; null for staff's own.</param>
    public async Task<SessionWatch> Watch(string id, long? accountNo, CancellationToken ct = default)
    {
        var watch = new SessionWatch(watches, accountNo);
        watches[watch] = id;
        try
        {
            // Looked for after it is watched: an end between the two is not missed.
            var found = await Look(id, ct);
            if (found.Refused is { Refusal: Refusal.NotSignedIn }
                || (found.Accepted && found.Value.AccountNo != accountNo))
                watch.End();
            return watch;
        }
        catch
        {
            watch.Dispose();
            throw;
        }
    }

    public async Task Refresh(long revision, CancellationToken ct)
    {
        IReadOnlyList<string> changed;
        await using (var connection = await database.Connect(ct))
        {
            changed = known.IsEmpty && watches.IsEmpty ? [] : await SessionStore.ChangedSince(connection, seenRevision);
        }
        await Forget(changed, ct);
        seenRevision = revision;
    }

    /// <summary>Reads these anew when they are next used, and signals to whoever waits for the end of one.</summary>
    public async Task Forget(IReadOnlyList<string> ids, CancellationToken ct = default)
    {
        // Counted first: a session that is being loaded while it changes is then not kept.
        Interlocked.Increment(ref forgotten);
        foreach (var id in ids) known.TryRemove(id, out _);
        if (!watches.IsEmpty && ids.Count > 0) await EndWatches(new HashSet<string>(ids, StringComparer.Ordinal), ct);
    }

    /// <summary>The same for all sessions of a user that this node knows.</summary>
    public Task ForgetUser(long userNo, CancellationToken ct = default) =>
        Forget([.. known.Where(one => one.Value.UserNo == userNo).Select(one => one.Key)], ct);

    /// <summary>
    /// Writes when sessions were last seen, each at most every few minutes, and ends the watches of those that are over
    /// by themselves.
    /// </summary>
    public async Task WriteSightings(CancellationToken ct)
    {
        var due = known.Where(one => one.Value.IsUnwritten(SeenEveryMicros)).ToList();
        if (due.Count > 0)
        {
            await database.InTransaction<bool>(
                async (connection, transaction) =>
                {
                    foreach (var (id, session) in due.OrderBy(one => one.Key, StringComparer.Ordinal))
                        await SessionStore.Seen(connection, transaction, id, Instants.FromMicros(session.SeenMicros));
                    return true;
                },
                ct);
            foreach (var (_, session) in due) session.Written();
        }
        var now = clock.GetCurrentInstant();
        var over = watches.Where(watch => !known.TryGetValue(watch.Value, out var found) || !found.StandsAt(now)
            || found.WhoAt(now).AccountNo != watch.Key.AccountNo);
        await EndWatches(over.Select(watch => watch.Value).ToHashSet(StringComparer.Ordinal), ct);
    }

    public void Dispose() => loading.Dispose();

    async Task EndWatches(HashSet<string> ids, CancellationToken ct)
    {
        foreach (var (watch, id) in watches)
        {
            if (!ids.Contains(id)) continue;
            var found = await Look(id, ct);
            if (found.Refused is { Refusal: Refusal.NotSignedIn }
                || (found.Accepted && found.Value.AccountNo != watch.AccountNo))
                watch.End();
        }
    }

    async Task<Result<Person>> Load(string id, bool seen, CancellationToken ct)
    {
        if (!await loading.WaitAsync(Patience, ct)) return Refusal.Busy;
        try
        {
            return await LoadOne(id, seen, ct);
        }
        finally
        {
            loading.Release();
        }
    }

    async Task<Result<Person>> LoadOne(string id, bool seen, CancellationToken ct)
    {
        var before = Interlocked.Read(ref forgotten);
        await using var connection = await database.Connect(ct);
        var found = await SessionStore.Find(connection, id);
        if (found.Refused is { } refused) return refused;
        var now = clock.GetCurrentInstant();
        var session = new Known(found.Value);
        if (!session.StandsAt(now)) return Refusal.NotSignedIn;
        if (seen) session.SeenAt(now);
        if (known.Count >= capacity) known.Clear();
        known[id] = session;
        if (Interlocked.Read(ref forgotten) != before) known.TryRemove(id, out _);
        return session.WhoAt(now);
    }

    sealed class Known(StandingSession session)
    {
        long seen = session.LastSeenAt.ToMicros();
        long written = session.LastSeenAt.ToMicros();

        public Person WhoAt(Instant now) => session.WhoAt(now);

        public long UserNo => session.Who.UserNo;

        public long SeenMicros => Interlocked.Read(ref seen);

        public bool StandsAt(Instant now) =>
            !SessionLife.IsOver(session.StartedAt, Instants.FromMicros(SeenMicros), now);

        public Person SeenAt(Instant now)
        {
            Interlocked.Exchange(ref seen, now.ToMicros());
            return session.WhoAt(now);
        }

        public bool IsUnwritten(long afterMicros) => SeenMicros - Interlocked.Read(ref written) >= afterMicros;

        public void Written() => Interlocked.Exchange(ref written, SeenMicros);
    }
}

/// <summary>Somebody's wish to know when a session ends.</summary>
public sealed class SessionWatch : IDisposable
{
    readonly ConcurrentDictionary<SessionWatch, string> all;
    readonly CancellationTokenSource ended = new();

    internal SessionWatch(ConcurrentDictionary<SessionWatch, string> all, long? accountNo) =>
        (this.all, AccountNo) = (all, accountNo);

    /// <summary>Whose pages the session is watched for; null for staff's own.</summary>
    internal long? AccountNo { get; }

    /// <summary>Cancelled when the session has ended.</summary>
    public CancellationToken Ended => ended.Token;

    public void Dispose()
    {
        all.TryRemove(this, out _);
        ended.Dispose();
    }

    internal void End()
    {
        // Its owner may be disposing of it at this moment, and then wants to know nothing any more.
        try
        {
            ended.Cancel();
        }
        catch (ObjectDisposedException)
        {
            all.TryRemove(this, out _);
        }
    }
}
