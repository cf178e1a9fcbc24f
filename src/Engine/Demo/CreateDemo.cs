using Microsoft.Extensions.Logging;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Engine.Taxes;
using Tollkeeper.Providers;
using Tollkeeper.Rating;
using Tollkeeper.Taxes;

namespace Tollkeeper.Engine.Demo;

/// <summary>
/// Fills an empty installation with three providers, their decks, customers, keys, sign-ins and four weeks of money and
/// calls, all through the operations that everything else uses. Refusal: <see cref="Refusal.DatabaseNotEmpty"/>.
/// </summary>
public sealed class CreateDemo(Database database, IClock clock, ILogger<Bookkeeper> log)
{
    /// <param name="usdRates">The rates of the sample deck, in USD; the CAD provider's are computed from them.</param>
    /// <param name="sourceSha256">Of the deck's file.</param>
    /// <param name="url">Where the server will listen.</param>
    /// <param name="onRows">Told how many rates are written, of three decks together.</param>
    public async Task<Result<DemoFile>> Run(
        IReadOnlyList<Rate> usdRates, string sourceSha256, string url, Action<long>? onRows = null,
        CancellationToken ct = default)
    {
        await using (var connection = await database.Connect(ct))
        {
            if ((await ProviderStore.All(connection)).Count > 0) return Refusal.DatabaseNotEmpty;
        }
        var now = clock.GetCurrentInstant();
        var then = new DemoClock(now - Duration.FromDays(DemoPlan.Days));
        await CallPartitions.MakeAhead(database, then.GetCurrentInstant(), ct);
        await EnterFactors(then, now);
        Accepted(await new ImportNumbering(database, then).Run(DemoPlan.Numbering, "", "demonstration", ct: ct));
        var houses = new List<DemoHouse>();
        foreach (var (preset, currency) in DemoPlan.Providers)
        {
            var written = (long)houses.Count * usdRates.Count;
            houses.Add(await MakeHouse(then, preset, currency, usdRates, sourceSha256, n => onRows?.Invoke(written + n),
                ct));
        }
        await new DemoHistory(database, then, log).Play(houses, now, ct);
        return await PeopleOf(houses, url);
    }

    /// <summary>Sign-ins and keys are made last, and by the real clock.</summary>
    async Task<DemoFile> PeopleOf(IReadOnlyList<DemoHouse> houses, string url)
    {
        var people = new DemoPeople(database, clock);
        var providers = new List<DemoFile.Provider>();
        foreach (var house in houses)
        {
            var (no, name) = (house.Provider.No, house.Provider.Name);
            var accounts = await Task.WhenAll(house.Accounts.Select(account => FileOf(people, house, account)));
            var cases = await Task.WhenAll(house.Cases.Select(account => FileOf(people, house, account)));
            var staff = await people.SignIn(no, null, $"staff@{name}.example");
            providers.Add(new DemoFile.Provider(
                name, house.Provider.Host, staff, await people.Key(KeyHolder.Switch(no)), accounts,
                await people.SignIn(no, null, $"finance@{name}.example", Role.Finance), cases));
            await new DemoCases(database, clock).Make(house, staff.Email);
            await new DemoTaxes(database, clock).Make(house, staff.Email);
        }
        return new DemoFile(url, await people.Key(KeyHolder.Operator), providers);
    }

    static async Task<DemoFile.Account> FileOf(DemoPeople people, DemoHouse house, DemoHouse.Account account)
    {
        var signIn = await people.SignIn(
            house.Provider.No, account.Made.No, $"{account.SipUser}@{house.Provider.Name}.example");
        var key = await people.Key(KeyHolder.Account(account.Made.No));
        var type = account.Plan.Type switch
        {
            AccountType.Prepaid => "prepaid",
            AccountType.Postpaid => "postpaid",
        };
        return new DemoFile.Account(account.Made.Id.Text, type, signIn.Email, signIn.Password, key);
    }

    async Task<DemoHouse> MakeHouse(
        IClock then, string preset, Currency currency, IReadOnlyList<Rate> usdRates, string sourceSha256,
        Action<int> onRows, CancellationToken ct)
    {
        var policy = PolicyPresets.All[preset];
        policy = policy with { Accounts = policy.Accounts with { TermsUrl = $"https://{preset}.example/terms" } };
        var wanted = new NewProvider(preset, $"{preset}.localhost", currency, policy, "demonstration");
        var provider = Accepted(await new CreateProvider(database, then).Run(wanted, ct));
        var rates = currency == Currency.Cad ? [.. usdRates.Select(DemoPlan.InCad)] : usdRates;
        var (main, accent) = DemoPlan.ColoursOf(preset);
        Accepted(await new SaveBrand(database, then).Run(
            provider.No, preset, main, accent, DemoPlan.LogoOf(preset), "demonstration", ct));
        var outbound = await MakeDeck(then, provider, DemoPlan.OutboundDeck, rates, sourceSha256, onRows, ct);
        var inbound = await MakeDeck(then, provider, DemoPlan.InboundDeck, DemoPlan.InboundRates, "", null, ct);
        var accounts = new List<DemoHouse.Account>();
        foreach (var plan in DemoPlan.Accounts.Concat(DemoPlan.CasesOf(preset)))
        {
            var sipUser = plan.Name.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
            var made = Accepted(await new OpenAccount(database, then).Run(
                new NewAccount(
                    provider.No, $"{plan.Name} of {preset}", plan.Type, currency, TaxStatus.NonExempt,
                    outbound.No, inbound.No, plan.Channels, plan.CallsPerSecond, null, [sipUser]),
                null, ct));
            accounts.Add(new DemoHouse.Account(plan, made, sipUser));
        }
        var usual = DemoPlan.Accounts.Count;
        return new DemoHouse(provider, outbound, accounts[..usual], accounts[usual..]);
    }

    async Task<Deck> MakeDeck(
        IClock then, Provider provider, string name, IReadOnlyList<Rate> rates, string sourceSha256,
        Action<int>? onRows,
        CancellationToken ct)
    {
        var deck = Accepted(await new CreateDeck(database, then).Run(new NewDeck(provider.No, name, provider.Currency),
            ct));
        var import = new DeckImport(deck.No, Rounding.Micros, ZeroRates: false, null, rates, sourceSha256,
            "demonstration");
        Accepted(await new ImportDeck(database, then, alone: true).Run(import, onRows, ct: ct));
        return deck;
    }

    async Task EnterFactors(IClock then, Instant now)
    {
        await new SeedFactors(database, then).Run();
        var until = now.InUtc().Date.PlusYears(1);
        var rows = FactorTable.Shipped.Rows.GroupBy(row => row.Code, StringComparer.Ordinal)
            .SelectMany(tax => DemoPlan.FactorsAfter(tax.Last(), until)).ToList();
        if (rows.Count > 0) Accepted(await new AddFactors(database, then).Run(rows, "demonstration"));
    }

    static T Accepted<T>(Result<T> result)
    {
        Demand.That(result.Accepted, $"the demonstration is made of what is allowed, not {result.Refused}");
        return result.Value;
    }
}

/// <summary>A provider of the demonstration with its accounts.</summary>
/// <param name="Cases">What a policy does, side by side; they have no history.</param>
sealed record DemoHouse(
    Provider Provider, Deck OutboundDeck, IReadOnlyList<DemoHouse.Account> Accounts,
    IReadOnlyList<DemoHouse.Account> Cases)
{
    public sealed record Account(DemoAccount Plan, CreatedAccount Made, string SipUser);
}
