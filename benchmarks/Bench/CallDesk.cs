using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Charging;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;
using Tollkeeper.Providers;
using Tollkeeper.Rating;
using Tollkeeper.Taxes;

namespace Tollkeeper.Bench;

/// <summary>
/// One provider with many rich accounts, and the operations that charge calls, all in this process: the engine without
/// the wire.
/// </summary>
sealed class CallDesk : IAsyncDisposable
{
    const string Switch = "bench";
    const long Riches = 1_000_000_000_000;

    readonly Database database;
    readonly Provider provider;
    readonly int deckNo;
    readonly Bookkeeper bookkeeper;
    readonly ProvidersInForce providers = new();
    readonly AuthorizeCall authorize;
    readonly EndCall end;
    readonly ImportCall import;
    readonly PostMoney money;
    readonly List<string> accounts = [];
    long firstAccountNo;
    long calls;
    long ended;

    CallDesk(Database database, Provider provider, int deckNo, BookkeeperLimits? limits)
    {
        (this.database, this.provider, this.deckNo) = (database, provider, deckNo);
        var clock = SystemClock.Instance;
        bookkeeper = new Bookkeeper(
            database, clock, _ => DateTimeZone.Utc, NullLogger<Bookkeeper>.Instance, limits);
        var directory = new AccountDirectory(database);
        var switches = new SwitchDirectory(database, clock);
        var deck = RateDeck.Build(deckNo, 1, provider.Currency, Rounding.Micros,
        [
            new Rate
            {
                Prefix = "1", Destination = "North America", PerMinute = new PerMinute(5_000_000), FirstSeconds = 60,
                NextSeconds = 60,
            },
        ]);
        var prices = new CallPrices((_, _) => new(deck), () => NumberingTable.Empty, () => FactorTable.Shipped);
        authorize = new AuthorizeCall(bookkeeper, providers, directory, switches, prices, clock);
        end = new EndCall(bookkeeper, providers, clock);
        import = new ImportCall(bookkeeper, providers, directory, switches, prices, clock);
        money = new PostMoney(bookkeeper);
    }

    public int ProviderNo => provider.No;

    public int DeckNo => deckNo;

    public IReadOnlyList<string> AccountIds => accounts;

    public int Accounts => accounts.Count;

    public long Ended => Interlocked.Read(ref ended);

    public static async Task<CallDesk> Open(Database database, int accounts, BookkeeperLimits? limits = null)
    {
        var clock = SystemClock.Instance;
        var policy = PolicyPresets.All["retail-usd"];
        var provider = (await new CreateProvider(database, clock).Run(
            new NewProvider("bench", "bench.localhost", Currency.Usd, policy, "bench"))).Value;
        var deck = (await new CreateDeck(database, clock).Run(new NewDeck(provider.No, "bench", Currency.Usd))).Value;
        // However small its batches, its money is paid in by large ones.
        await using var cashier = new CallDesk(database, provider, deck.No, null);
        await cashier.AddAccounts(accounts);
        var desk = new CallDesk(database, provider, deck.No, limits) { firstAccountNo = cashier.firstAccountNo };
        desk.accounts.AddRange(cashier.accounts);
        await desk.providers.Refresh(database, CancellationToken.None);
        return desk;
    }

    /// <summary>Adds accounts, each with money enough for any measurement, paid in through the books.</summary>
    public async Task AddAccounts(int count)
    {
        var before = accounts.Count;
        if (before == 0)
        {
            var first = (await new OpenAccount(database, SystemClock.Instance).Run(new NewAccount(
                provider.No, "An account", AccountType.Prepaid, Currency.Usd, TaxStatus.NonExempt, deckNo, deckNo,
                Channels: 1_000_000, CallsPerSecond: 1_000_000, null, []))).Value;
            firstAccountNo = first.No;
            accounts.Add(first.Id.Text);
        }
        accounts.AddRange(await BenchStore.CopyAccount(
            database, firstAccountNo, accounts.Count, before + count - accounts.Count));
        await Parallel.ForAsync(before, accounts.Count, new ParallelOptions { MaxDegreeOfParallelism = 256 },
            async (i, _) =>
            {
                var move = new MoneyMove(
                    provider.No, firstAccountNo + i, null, EntryKind.Deposit, new Money(Riches, Currency.Usd),
                    LedgerCode.InTransit, $"bench-{i}", "A measurement's money.");
                Demand.That((await money.Post(move, 0)).Accepted, "a deposit is accepted");
            });
    }

    /// <summary>One call the whole way: authorized, and ended as if it had lasted a while.</summary>
    public async Task Call(int account, Latencies authorizes, Latencies ends)
    {
        var begun = Stopwatch.GetTimestamp();
        var call = await Begin(account);
        authorizes.Add(begun);
        begun = Stopwatch.GetTimestamp();
        await End(call);
        ends.Add(begun);
    }

    public async Task<string> Begin(int account)
    {
        var n = Interlocked.Increment(ref calls);
        var call = $"bench-call-{n}";
        var question = new CallQuestion(
            provider.No, Switch, call, accounts[account], Directions.Outbound, "+12125550100",
            $"+1416{2_000_000 + n % 7_000_000}", null);
        var answer = await authorize.Ask(question);
        // What was not decided within a second is asked again, as a switch would; the wait counts.
        while (answer.Refused?.Refusal == Refusal.Busy) answer = await authorize.Ask(question);
        Demand.That(answer.Accepted, $"a call is let through: {answer.Refused}");
        return call;
    }

    public async Task End(string call)
    {
        var answer = await end.Tell(new CallOver(
            provider.No, Switch, call, null, SystemClock.Instance.GetCurrentInstant(), 61, Disposition.Answered, 200));
        Demand.That(answer.Accepted, $"a call ends: {answer.Refused}");
        Interlocked.Increment(ref ended);
    }

    /// <summary>A finished call that nobody was asked about.</summary>
    public async Task Import(int account)
    {
        var n = Interlocked.Increment(ref calls);
        var call = $"bench-import-{n}";
        var finished = new FinishedCall(
            new CallQuestion(
                provider.No, Switch, call, accounts[account], Directions.Outbound, "+12125550100",
                $"+1416{2_000_000 + n % 7_000_000}", null),
            new CallOver(
                provider.No, Switch, call, null, SystemClock.Instance.GetCurrentInstant(), 61, Disposition.Answered,
                200));
        var answer = await import.Import(finished);
        Demand.That(answer.Accepted, $"a finished call is taken: {answer.Refused}");
        Interlocked.Increment(ref ended);
    }

    /// <summary>The books add up, and each call is there once.</summary>
    public async Task DemandEqualBooks() => (await BenchStore.Sums(database)).Demand(Ended);

    public async ValueTask DisposeAsync() => await bookkeeper.DisposeAsync();
}
