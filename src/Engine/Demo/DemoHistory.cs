using Microsoft.Extensions.Logging;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Charging;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;
using Tollkeeper.Providers;
using Tollkeeper.Rating;

namespace Tollkeeper.Engine.Demo;

/// <summary>
/// Plays the weeks before now: limits, deposits and finished calls, each day's with that day's dates.
/// </summary>
sealed class DemoHistory(Database database, DemoClock clock, ILogger<Bookkeeper> log)
{
    const int DepositEveryDays = 7;
    const long DepositMicros = 20_000_000;

    public async Task Play(IReadOnlyList<DemoHouse> houses, Instant until, CancellationToken ct)
    {
        await using var rules = await RulesInForce.Load(database, clock, ct: ct);
        await using var bookkeeper = new Bookkeeper(database, clock, provider => ZoneOf(rules, provider), log);
        var prices = new CallPrices((no, at) => rules.Decks.Find(no, at), () => rules.Numbering, () => rules.Factors);
        var import = new ImportCall(bookkeeper, rules.Providers, rules.Accounts, rules.Switches, prices, clock);
        foreach (var house in houses) await SetLimits(bookkeeper, house);
        for (var day = 0; day < DemoPlan.Days; day++)
        {
            if (day % DepositEveryDays == 0)
                foreach (var house in houses) await Deposit(bookkeeper, house, day);
            var evening = Instant.Min(clock.GetCurrentInstant() + Duration.FromDays(1), until);
            await PlayCalls(import, houses.SelectMany(house => DemoCalls.Of(house, day, evening)), evening, ct);
            clock.MoveTo(evening);
        }
        clock.MoveTo(until);
        foreach (var house in houses)
        {
            await FillFirst(rules, prices, bookkeeper, house, ct);
            await PlayCases(import, bookkeeper, house, ct);
        }
    }

    /// <summary>Each case gets its money and makes one call; those of the last two cost little.</summary>
    async Task PlayCases(ImportCall import, Bookkeeper bookkeeper, DemoHouse house, CancellationToken ct)
    {
        var ended = clock.GetCurrentInstant();
        var alert = new SetAlertThreshold(bookkeeper);
        Accepted(await alert.Set(
            house.Accounts[1].Made.No, DemoPlan.OwnAlertMicros, PolicyPresets.All[house.Provider.Name].Alert));
        foreach (var account in house.Cases)
        {
            if (account.Plan.Type == AccountType.Prepaid)
            {
                var wallet = (await WalletStore.Of(database, account.Made.No, ct))[0];
                Accepted(await Post(
                    bookkeeper, house, account, wallet.Name, DemoPlan.CaseUnits * Money.MicrosPerUnit,
                    $"demo-deposit-{account.SipUser}"));
            }
            var seconds = account.Plan.Name is DemoPlan.Suspended or DemoPlan.Reseller ? 6 : DemoPlan.CaseSeconds;
            var question = DemoCalls.Outbound(house, account, account.SipUser, DemoPlan.SatelliteNumber);
            var over = new CallOver(
                house.Provider.No, DemoPlan.Switch, account.SipUser, ended - Duration.FromSeconds(seconds), ended,
                seconds, Disposition.Answered, 200);
            var outcome = await import.Import(new FinishedCall(question, over), ct);
            Demand.That(outcome.Accepted, $"the demonstration's calls are taken, not {outcome.Refused}");
        }
    }

    /// <summary>Each hour's calls are charged at its end, in the order in which they ended.</summary>
    async Task PlayCalls(
        ImportCall import, IEnumerable<FinishedCall> calls, Instant evening, CancellationToken ct)
    {
        foreach (var hour in calls.OrderBy(call => call.Over.EndedAt).ToLookup(
            call => (int)(evening - call.Over.EndedAt).TotalHours))
        {
            clock.MoveTo(Instant.Max(clock.GetCurrentInstant(), evening - Duration.FromHours(hour.Key)));
            foreach (var outcome in await Task.WhenAll(hour.Select(call => import.Import(call, ct))))
                Demand.That(outcome.Accepted, $"the demonstration's calls are taken, not {outcome.Refused}");
        }
    }

    async Task SetLimits(Bookkeeper bookkeeper, DemoHouse house)
    {
        var postpaid = house.Accounts.Concat(house.Cases).Where(account => account.Plan.CreditLimitUnits > 0);
        foreach (var account in postpaid)
        {
            var limit = new Money(account.Plan.CreditLimitUnits * Money.MicrosPerUnit, house.Provider.Currency);
            foreach (var wallet in await WalletStore.Of(database, account.Made.No, CancellationToken.None))
            {
                Accepted(await new SetCreditLimit(bookkeeper).Set(new CreditLimitChange(
                    house.Provider.No, account.Made.No, wallet.Name, limit, null, null,
                    $"demo-limit-{account.SipUser}-{wallet.Name}", "demonstration")));
            }
        }
    }

    async Task Deposit(Bookkeeper bookkeeper, DemoHouse house, int day)
    {
        foreach (var account in house.Accounts.Where(account => account.Plan.Type == AccountType.Prepaid))
        {
            foreach (var wallet in await WalletStore.Of(database, account.Made.No, CancellationToken.None))
            {
                var key = $"demo-deposit-{account.SipUser}-{wallet.Name}-{day}";
                Accepted(await Post(bookkeeper, house, account, wallet.Name, DepositMicros, key));
            }
        }
    }

    /// <summary>
    /// Fills the first prepaid account up to what its first quotas to a satellite hold, tax included.
    /// </summary>
    async Task FillFirst(
        RulesInForce rules, CallPrices prices, Bookkeeper bookkeeper, DemoHouse house, CancellationToken ct)
    {
        var first = house.Accounts[0];
        var now = clock.GetCurrentInstant();
        var policy = rules.Providers.PolicyOf(house.Provider.No, now).Value;
        var dialled = DialledNumber.Read(DemoPlan.SatelliteNumber, policy.Policy.Dialling).Value;
        await using var connection = await database.Connect(ct);
        var facts = (await AccountStore.LoadFacts(connection, null, [first.Made.No], ct))[first.Made.No];
        var question = DemoCalls.Outbound(house, first, "demo-quota", DemoPlan.SatelliteNumber);
        var terms = Accepted(prices.TermsOf(facts, question, dialled, policy, now));
        var wanted = DemoPlan.SatelliteQuotas * Charge.Of(terms, policy.Policy.Calls.QuotaSeconds).TotalMicros;
        var wallet = (await WalletStore.Of(database, first.Made.No, ct))[0];
        var missing = wanted - wallet.BalanceMicros;
        if (missing > 0) Accepted(await Post(bookkeeper, house, first, wallet.Name, missing, "demo-deposit-satellite"));
    }

    static Task<Result<MoneyMoved>> Post(
        Bookkeeper bookkeeper, DemoHouse house, DemoHouse.Account account, string wallet, long micros, string key) =>
        new PostMoney(bookkeeper).Post(
            new MoneyMove(
                house.Provider.No, account.Made.No, wallet, EntryKind.Deposit,
                new Money(micros, house.Provider.Currency),
                LedgerCode.Bank, key, "Bank transfer"),
            PolicyPresets.All[house.Provider.Name].Alert.LowBalanceMicros);

    DateTimeZone ZoneOf(RulesInForce rules, int providerNo)
    {
        var policy = rules.Providers.PolicyOf(providerNo, clock.GetCurrentInstant());
        return BillingZone.Of(Accepted(policy).Policy.Calendar).Value;
    }

    static T Accepted<T>(Result<T> result)
    {
        Demand.That(result.Accepted, $"the demonstration's money is taken, not {result.Refused}");
        return result.Value;
    }
}
