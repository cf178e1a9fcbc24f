using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Charging;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;
using Tollkeeper.Providers;
using Tollkeeper.Rating;
using Tollkeeper.Taxes;
using Xunit;

namespace Tollkeeper.Tests.Engine.Charging;

/// <summary>
/// One provider with a small deck, and everything that charges calls, over a test's database; the clock is the test's.
/// Several desks over one database are several nodes.
/// </summary>
public sealed class Desk : IAsyncDisposable
{
    readonly Database database;
    int nextCall;

    Desk(
        Database database, IClock clock, Provider provider, RateDeck deck, BookkeeperLimits? limits,
        Func<DateTimeZone>? zone)
    {
        this.database = database;
        Clock = clock;
        Provider = provider;
        Deck = deck;
        Bookkeeper = new Bookkeeper(
            database, clock, _ => zone?.Invoke() ?? DateTimeZone.Utc, NullLogger<Bookkeeper>.Instance, limits);
        var accounts = new AccountDirectory(database);
        var switches = new SwitchDirectory(database, clock);
        var prices = new CallPrices(
            (no, _) => new(no == deck.DeckNo ? deck : Refusal.NoRate),
            () => NumberingTable.Empty,
            () => FactorTable.Shipped);
        Authorize = new AuthorizeCall(Bookkeeper, Providers, accounts, switches, prices, clock);
        Renew = new RenewCall(Bookkeeper, Providers, clock);
        End = new EndCall(Bookkeeper, Providers, clock);
        Import = new ImportCall(Bookkeeper, Providers, accounts, switches, prices, clock);
        Query = new ChargeQuery(Bookkeeper, Providers, accounts, clock);
        Expire = new ExpireHolds(database, Bookkeeper, clock);
        Money = new PostMoney(Bookkeeper);
        CreditLimit = new SetCreditLimit(Bookkeeper);
    }

    public IClock Clock { get; }
    public Provider Provider { get; }
    public RateDeck Deck { get; }
    public Bookkeeper Bookkeeper { get; }
    public ProvidersInForce Providers { get; } = new();
    public AuthorizeCall Authorize { get; }
    public RenewCall Renew { get; }
    public EndCall End { get; }
    public ImportCall Import { get; }
    public ChargeQuery Query { get; }
    public ExpireHolds Expire { get; }
    public PostMoney Money { get; }
    public SetCreditLimit CreditLimit { get; }
    public Database Database => database;

    /// <summary>A node that charges by <see cref="SomeRates.Few"/>.</summary>
    public static async Task<Desk> Open(
        Database database, IClock clock, string preset = "retail-usd", BookkeeperLimits? limits = null,
        Func<DateTimeZone>? zone = null)
    {
        var house = new House(database, clock);
        var provider = await house.Provider(preset);
        var deck = await house.Deck(provider);
        var rates = RateDeck.Build(deck.No, 1, provider.Currency, Rounding.Micros, SomeRates.Few);
        return await Beside(database, clock, provider, rates, limits, zone);
    }

    /// <summary>Another node over the same database.</summary>
    public Task<Desk> Another(Database same) => Beside(same, Clock, Provider, Deck, null, null);

    static async Task<Desk> Beside(
        Database database, IClock clock, Provider provider, RateDeck deck, BookkeeperLimits? limits,
        Func<DateTimeZone>? zone)
    {
        var desk = new Desk(database, clock, provider, deck, limits, zone);
        await desk.Providers.Refresh(database, CancellationToken.None);
        return desk;
    }

    public async Task<string> Account(
        long balanceMicros = 0, AccountType type = AccountType.Prepaid, int channels = 100, int cps = 1000,
        TaxStatus tax = TaxStatus.NonExempt, string[]? sipUsers = null)
    {
        var opened = await new OpenAccount(database, Clock).Run(new NewAccount(
            Provider.No, "An account", type, Provider.Currency, tax, Deck.DeckNo, Deck.DeckNo, channels, cps, null,
            sipUsers ?? []));
        Assert.True(opened.Accepted, opened.Refused?.ToString());
        if (balanceMicros > 0) await Deposit(opened.Value.Id.Text, balanceMicros);
        return opened.Value.Id.Text;
    }

    public async Task<long> AccountNo(string account) =>
        (await new AccountDirectory(database).Find(Provider.No, account)).Value;

    public async Task<MoneyMoved> Deposit(string account, long micros, string? key = null, string? wallet = null)
    {
        var moved = await Money.Post(
            new MoneyMove(
                Provider.No, await AccountNo(account), wallet, EntryKind.Deposit, new Money(micros, Provider.Currency),
                LedgerCode.InTransit, key ?? Guid.NewGuid().ToString(), "a test's deposit"),
            0);
        Assert.True(moved.Accepted, moved.Refused?.ToString());
        return moved.Value;
    }

    public Task<Result<CallGrant>> Start(
        string account, string to = "+14165550100", string? call = null, string sw = "sw1",
        Directions direction = Directions.Outbound) =>
        Authorize.Ask(new CallQuestion(
            Provider.No, sw, call ?? $"call-{Interlocked.Increment(ref nextCall)}", account, direction, "+12125550100",
            to, null));

    public Task<Result<CallGrant>> Continue(string call, int elapsed, string sw = "sw1") =>
        Renew.Ask(new RenewQuestion(Provider.No, sw, call, elapsed));

    public Task<Result<CallCharged>> Finish(
        string call, int seconds, Disposition disposition = Disposition.Answered, string sw = "sw1") =>
        End.Tell(new CallOver(Provider.No, sw, call, null, Clock.GetCurrentInstant(), seconds, disposition, 200));

    public async Task<WalletState> Wallet(string account, string? name = null) =>
        (await WalletStore.Of(database, await AccountNo(account), CancellationToken.None))
            .First(wallet => name is null || wallet.Name == name);

    public ValueTask DisposeAsync() => Bookkeeper.DisposeAsync();
}
