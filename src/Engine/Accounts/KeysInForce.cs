using System.Collections.Concurrent;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>
/// The keys lately used on this node, by id part. A change of a key elsewhere removes it here at the next poll; an
/// account per key and a million accounts would be too many to keep all.
/// </summary>
/// <param name="capacity">When so many are kept, all are forgotten and read again as they are used.</param>
public sealed class KeysInForce(Database database, int capacity = 100_000) : IDisposable
{
    const int MostLoading = 8;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    readonly ConcurrentDictionary<string, AccessKey> known = new(StringComparer.Ordinal);

    // Whoever sends made-up keys may not use up the connections that everybody else needs.
    readonly SemaphoreSlim loading = new(MostLoading);
    long seenRevision;
    long forgotten;

    /// <summary>
    /// The key that this text opens. Refusals: <see cref="Refusal.UnknownKey"/>, whatever is wrong with it;
    /// <see cref="Refusal.Busy"/> when too many that are not known yet are being looked up.
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
        known[text.IdPart] = found.Value;
        if (Interlocked.Read(ref forgotten) != before) known.TryRemove(text.IdPart, out _);
        return Judge(found.Value, text);
    }

    static Result<AccessKey> Judge(AccessKey key, in KeyText text) => key.Opens(text) ? key : Refusal.UnknownKey;
}
