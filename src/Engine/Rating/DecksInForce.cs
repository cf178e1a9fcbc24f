using System.Collections.Frozen;
using NodaTime;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Rating;

namespace Tollkeeper.Engine.Rating;

/// <summary>
/// The rate decks in force on this node, and those that soon will be, built once for each version. An older version is
/// dropped when its successor has taken over; a call from its days reads it again.
/// </summary>
public sealed class DecksInForce(Database database, IClock clock) : IDisposable
{
    /// <summary>A request that began just before a change of decks still finds the one that was in force.</summary>
    static readonly Duration Lingering = Duration.FromMinutes(1);

    /// <summary>How many older versions are kept for whoever rates calls of the past.</summary>
    const int MostOlder = 4;

    readonly SemaphoreSlim loading = new(1, 1);
    volatile State state = new(
        FrozenDictionary<int, Deck>.Empty, FrozenDictionary<int, DeckVersion[]>.Empty,
        FrozenDictionary<(int, int), RateDeck>.Empty);

    volatile RateDeck[] older = [];

    public IEnumerable<Deck> All => state.Decks.Values.OrderBy(deck => deck.No);

    public Result<Deck> ByNo(int deckNo) => state.Decks.TryGetValue(deckNo, out var deck) ? deck : Refusal.UnknownDeck;

    /// <summary>
    /// The prices in force at an instant: at once from memory for now and soon, read again for calls of the past.
    /// Refusals: <see cref="Refusal.UnknownDeck"/>; <see cref="Refusal.NoRate"/> where the deck had no prices yet.
    /// </summary>
    public ValueTask<Result<RateDeck>> Find(int deckNo, Instant at, CancellationToken ct = default)
    {
        var now = state;
        if (!now.Decks.TryGetValue(deckNo, out var deck)) return new(Refusal.UnknownDeck);
        if (VersionAt(now, deckNo, at) is not { } version) return new(Refusal.NoRate);
        if (now.Built.TryGetValue((deckNo, version.Version), out var built)) return new(built);
        foreach (var kept in older)
            if (kept.DeckNo == deckNo && kept.Version == version.Version) return new(kept);
        return new(LoadOlder(deck, version, ct));
    }

    /// <summary>
    /// Reads which decks and versions there are, and builds those of now and later that are not built yet.
    /// </summary>
    public async Task Refresh(CancellationToken ct)
    {
        await using var connection = await database.Connect(ct);
        var decks = (await DeckStore.All(connection)).ToFrozenDictionary(deck => deck.No);
        var versions = (await DeckStore.Versions(connection))
            .GroupBy(version => version.DeckNo)
            .ToFrozenDictionary(ofDeck => ofDeck.Key, ofDeck => ofDeck.ToArray());
        var built = new Dictionary<(int, int), RateDeck>();
        foreach (var version in NowAndLater(versions))
        {
            var key = (version.DeckNo, version.Version);
            built[key] = state.Built.TryGetValue(key, out var already)
                ? already
                : Build(decks[version.DeckNo], version, await RateStore.Read(connection, version, ct));
        }
        state = new State(decks, versions, built.ToFrozenDictionary());
    }

    /// <summary>
    /// Drops the versions whose time is over; costs nothing where there is none. Not while it is refreshed.
    /// </summary>
    public void DropPast()
    {
        var now = state;
        var current = NowAndLater(now.Versions).Select(version => (version.DeckNo, version.Version)).ToHashSet();
        if (now.Built.Keys.All(current.Contains)) return;
        state = now with { Built = now.Built.Where(one => current.Contains(one.Key)).ToFrozenDictionary() };
    }

    public void Dispose() => loading.Dispose();

    IEnumerable<DeckVersion> NowAndLater(FrozenDictionary<int, DeckVersion[]> versions)
    {
        var now = clock.GetCurrentInstant();
        foreach (var ofDeck in versions.Values)
        {
            var standing = DeckVersion.InForce(ofDeck, now - Lingering);
            foreach (var version in ofDeck)
                if (version == standing || version.EffectiveFrom > now - Lingering) yield return version;
        }
    }

    async Task<Result<RateDeck>> LoadOlder(Deck deck, DeckVersion version, CancellationToken ct)
    {
        // One at a time: many calls of one past day wait for the same deck.
        await loading.WaitAsync(ct);
        try
        {
            foreach (var kept in older)
                if (kept.DeckNo == deck.No && kept.Version == version.Version) return kept;
            await using var connection = await database.Connect(ct);
            var built = Build(deck, version, await RateStore.Read(connection, version, ct));
            older = [built, .. older.Take(MostOlder - 1)];
            return built;
        }
        finally
        {
            loading.Release();
        }
    }

    static DeckVersion? VersionAt(State now, int deckNo, Instant at) =>
        now.Versions.TryGetValue(deckNo, out var versions) ? DeckVersion.InForce(versions, at) : null;

    static RateDeck Build(Deck deck, DeckVersion version, IReadOnlyList<Rate> rates)
    {
        Demand.That(rates.Count == version.RowCount, "a complete version has all its rows");
        return RateDeck.Build(deck.No, version.Version, deck.Currency, version.Rounding, rates);
    }

    sealed record State(
        FrozenDictionary<int, Deck> Decks, FrozenDictionary<int, DeckVersion[]> Versions,
        FrozenDictionary<(int DeckNo, int Version), RateDeck> Built);
}
