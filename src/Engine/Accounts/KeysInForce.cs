using System.Collections.Concurrent;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>
/// The keys lately used on this node, by id part. A change of a key elsewhere removes it here at the next poll; an
/// account per key and a million accounts would be too many to keep all.
/// </summary>
/// <param name="capacity">When so many are kept, all are forgotten and read again as they are used.</param>
public sealed class KeysInForce(Database database, IClock clock, int capacity = 100_000) : IDisposable
{
    const int MostLoading = 8;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>When a key was last used is written at most so often, never by a request.</summary>
    static readonly Duration UsesEvery = Duration.FromMinutes(1);

    /// <summary>Written in one transaction: what else wants to write does not wait long.</summary>
    public const int MostUsesAtOnce = 500;

    readonly ConcurrentDictionary<string, KnownKey> known = new(StringComparer.Ordinal);

    // Whoever sends made-up keys may not use up the connections that everybody else needs.
    readonly SemaphoreSlim loading = new(MostLoading);
    long seenRevision;
    long forgotten;

    /// <summary>
    /// The key that this text opens. Refusals: <see cref="Refusal.UnknownKey"/>, and for whoever has the right secret
    /// <see cref="Refusal.KeyRevoked"/> and <see cref="Refusal.KeyExpired"/>; <see cref="Refusal.Busy"/> when too many
    /// that are not known yet are being looked up.
    /// </summary>
    public ValueTask<Result<AccessKey>> Find(string? text, CancellationToken ct = default)
    {
        if (!KeyText.TryParse(text, out var key)) return new(Refusal.UnknownKey);
        return known.TryGetValue(key.IdPart, out var found) ? new(Judge(found, key)) : new(Load(key, ct));
    }

    public async Task Refresh(long revision, CancellationToken ct)
    {
        await using var connection = await database.Connect(ct);
        // Counted first: a key that is being loaded while it changes is then not kept.
        Interlocked.Increment(ref forgotten);
        if (!known.IsEmpty)
        {
            foreach (var idPart in await KeyStore.ChangedSince(connection, seenRevision))
                known.TryRemove(idPart, out _);
        }
        seenRevision = revision;
    }

    /// <summary>
    /// Writes which keys were used in the last minutes, those first that were written longest ago. Where more are due
    /// than fit, the others are next.
    /// </summary>
    public async Task WriteUses(CancellationToken ct)
    {
        var every = UsesEvery.ToInt64Nanoseconds() / 1_000;
        // Enumerated as it is: its Values would be a copy, made while nobody else may add.
        var due = known.Select(one => one.Value).Where(key => key.UsedMicros - key.WrittenMicros >= every)
            .OrderBy(key => key.WrittenMicros).Take(MostUsesAtOnce)
            .Select(key => (Known: key, key.UsedMicros)).OrderBy(used => used.Known.Key.No).ToList();
        if (due.Count == 0) return;
        await database.InTransaction<bool>(
            async (connection, transaction) =>
            {
                foreach (var (used, at) in due)
                    await KeyStore.Used(connection, transaction, used.Key.No, Instants.FromMicros(at));
                return true;
            },
            ct);
        foreach (var (used, at) in due) used.WrittenMicros = at;
    }

    public void Dispose() => loading.Dispose();

    async Task<Result<AccessKey>> Load(KeyText text, CancellationToken ct)
    {
        if (!await loading.WaitAsync(Patience, ct)) return Refusal.Busy;
        try
        {
            return await LoadOne(text, ct);
        }
        finally
        {
            loading.Release();
        }
    }

    async Task<Result<AccessKey>> LoadOne(KeyText text, CancellationToken ct)
    {
        var before = Interlocked.Read(ref forgotten);
        await using var connection = await database.Connect(ct);
        var found = await KeyStore.Find(connection, null, text.IdPart);
        if (found.Refused is { } refused) return refused;
        if (known.Count >= capacity) known.Clear();
        var loaded = new KnownKey(found.Value);
        known[text.IdPart] = loaded;
        if (Interlocked.Read(ref forgotten) != before) known.TryRemove(text.IdPart, out _);
        return Judge(loaded, text);
    }

    Result<AccessKey> Judge(KnownKey known, in KeyText text)
    {
        var now = clock.GetCurrentInstant();
        if (known.Key.Problem(text, now) is { } problem) return problem;
        known.UsedMicros = now.ToMicros();
        return known.Key;
    }

    sealed class KnownKey(AccessKey key)
    {
        long used;

        public AccessKey Key => key;

        public long UsedMicros
        {
            get => Interlocked.Read(ref used);
            set => Interlocked.Exchange(ref used, value);
        }

        public long WrittenMicros { get; set; }
    }
}
