using System.Data.Common;
using NodaTime;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Engine.Taxes;
using Tollkeeper.Rating;
using Tollkeeper.Taxes;

namespace Tollkeeper.Engine.Charging;

/// <summary>
/// All that a node keeps in memory to decide a call or to show a page, beside the books: providers and policies, keys,
/// sessions, decks, numbering, tax factors. It asks twice a second, in one round trip, what has changed, and reads that
/// again.
/// </summary>
public sealed class RulesInForce : IAsyncDisposable
{
    static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>Keys must be known to be revoked within 5 s; knowledge older than this is none.</summary>
    static readonly Duration StaleAfter = Duration.FromSeconds(4);

    readonly Database database;
    readonly IClock clock;
    readonly Action<Exception>? onFailure;
    readonly CancellationTokenSource stopping = new();
    readonly long[] seen = [.. Enum.GetValues<Watched>().Select(_ => -1L)];

    Task polling = Task.CompletedTask;
    Task deckRefresh = Task.CompletedTask;
    long lastPolledTicks;
    volatile NumberingTable numbering = NumberingTable.Empty;
    volatile FactorTable factors = new([]);
    volatile SalesTaxTable salesTaxes = new([]);

    RulesInForce(Database database, IClock clock, Action<Exception>? onFailure)
    {
        (this.database, this.clock, this.onFailure) = (database, clock, onFailure);
        Keys = new KeysInForce(database, clock);
        Sessions = new SessionsInForce(database, clock);
        Decks = new DecksInForce(database, clock);
        Switches = new SwitchDirectory(database, clock);
        Accounts = new AccountDirectory(database);
    }

    public ProvidersInForce Providers { get; } = new();

    public KeysInForce Keys { get; }

    public SessionsInForce Sessions { get; }

    public DecksInForce Decks { get; }

    public SwitchDirectory Switches { get; }

    public AccountDirectory Accounts { get; }

    public NumberingTable Numbering => numbering;

    public FactorTable Factors => factors;

    public SalesTaxTable SalesTaxes => salesTaxes;

    /// <summary>
    /// True when the database has not answered lately: a key that opens here may have been revoked elsewhere.
    /// </summary>
    public bool IsStale =>
        clock.GetCurrentInstant() - Instant.FromUnixTimeTicks(Interlocked.Read(ref lastPolledTicks)) > StaleAfter;

    /// <summary>Reads everything once, and from then on polls.</summary>
    /// <param name="onFailure">Told of each poll that the database did not answer; the next one comes anyway.</param>
    public static async Task<RulesInForce> Start(
        Database database, IClock clock, Action<Exception>? onFailure = null, CancellationToken ct = default)
    {
        var rules = await Load(database, clock, onFailure, ct);
        rules.polling = Task.Run(rules.KeepPolling, CancellationToken.None);
        return rules;
    }

    /// <summary>Reads everything once and polls only when it is told to: for commands that end soon.</summary>
    public static async Task<RulesInForce> Load(
        Database database, IClock clock, Action<Exception>? onFailure = null, CancellationToken ct = default)
    {
        var rules = new RulesInForce(database, clock, onFailure);
        await rules.Poll(ct);
        await rules.deckRefresh;
        return rules;
    }

    /// <summary>One round trip where nothing has changed. Decks, which take long, are read beside it.</summary>
    public async Task Poll(CancellationToken ct = default)
    {
        var started = clock.GetCurrentInstant();
        long[] revisions;
        await using (var connection = await database.Connect(ct)) revisions = await RevisionStore.All(connection, ct);
        await Take(Watched.Key, () => Keys.Refresh(revisions[(int)Watched.Key], ct));
        await Take(Watched.Session, () => Sessions.Refresh(revisions[(int)Watched.Session], ct));
        await Take(Watched.Provider, () => Providers.Refresh(database, ct));
        await Take(Watched.Policy, () => Providers.Refresh(database, ct));
        await Take(Watched.Factor, async () =>
            factors = await Read((connection, _) => FactorStore.Read(connection), ct));
        await Take(Watched.SalesTax, async () =>
            salesTaxes = await Read((connection, _) => SalesTaxStore.Read(connection), ct));
        await Take(Watched.Numbering, async () => numbering = await Read(NumberingStore.Read, ct));
        TakeDecks(revisions[(int)Watched.Deck], ct);
        Interlocked.Exchange(ref lastPolledTicks, started.ToUnixTimeTicks());
        await Switches.WriteSightings(ct);

        async Task Take(Watched what, Func<Task> refresh)
        {
            if (revisions[(int)what] == seen[(int)what]) return;
            await refresh();
            seen[(int)what] = revisions[(int)what];
        }
    }

    /// <summary>Waits until the decks that the last poll found are built.</summary>
    public Task DecksAreBuilt() => deckRefresh;

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await polling;
        try
        {
            await deckRefresh;
        }
        catch (Exception failure) when (failure is OperationCanceledException or DbException or TimeoutException)
        {
            onFailure?.Invoke(failure);
        }
        Decks.Dispose();
        Keys.Dispose();
        Sessions.Dispose();
        stopping.Dispose();
    }

    async Task KeepPolling()
    {
        using var timer = new PeriodicTimer(PollEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                try
                {
                    await Poll(stopping.Token);
                }
                catch (Exception failure) when (failure is not OperationCanceledException)
                {
                    // Whatever it was, the next poll comes: a node that stops asking would go on with old keys.
                    onFailure?.Invoke(failure);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    void TakeDecks(long revision, CancellationToken ct)
    {
        if (!deckRefresh.IsCompleted) return;
        if (deckRefresh.Exception is { } failure)
        {
            // The decks that are built go on; new versions, of every deck, wait until all of them can be read.
            onFailure?.Invoke(failure);
            (deckRefresh, seen[(int)Watched.Deck]) = (Task.CompletedTask, -1);
        }
        Decks.DropPast();
        if (revision == seen[(int)Watched.Deck]) return;
        seen[(int)Watched.Deck] = revision;
        deckRefresh = Task.Run(() => Decks.Refresh(ct), ct);
    }

    async Task<T> Read<T>(Func<DbConnection, CancellationToken, Task<T>> read, CancellationToken ct)
    {
        await using var connection = await database.Connect(ct);
        return await read(connection, ct);
    }
}
