using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Engine.Taxes;
using Tollkeeper.Providers;
using Tollkeeper.Taxes;

namespace Tollkeeper.Engine.Demo;

/// <summary>
/// What a provider that taxes deposits needs for it: its registrations (R39), a reseller who is exempt (R42), and what
/// a US dollar was worth on the last days. All numbers are made up and have the right form.
/// </summary>
sealed class DemoTaxes(Database database, IClock clock)
{
    const int RateDays = 5;

    /// <summary>About what it was in 2026, a little more each day.</summary>
    const long RateE8 = 139_150_000;

    const long MoreE8 = 120_000;

    static readonly (TaxRegister Register, string Number, LocalDate From)[] Registrations =
    [
        (TaxRegister.GstHst, "123026635RT0001", new(2010, 1, 1)),
        (TaxRegister.Qst, "1234567890TQ0001", new(2010, 1, 1)),
        (TaxRegister.BcPst, "PST-1234-5678", new(2022, 4, 1)),
        (TaxRegister.MbRst, "123456-7", new(2022, 4, 1)),
        (TaxRegister.SkPst, "1234567", new(2022, 4, 1)),
    ];

    public async Task Make(DemoHouse house, string staffEmail)
    {
        var policy = PolicyPresets.All[house.Provider.Name];
        if (policy.Tax.Point != TaxPoint.Deposit) return;
        var by = Actor.Named(staffEmail);
        foreach (var (register, number, from) in Registrations)
        {
            var saved = await new SaveTaxRegistration(database, clock).Run(
                house.Provider.No, new TaxRegistration(register, number, from, null), by);
            Demand.That(saved.Accepted, $"the demonstration's registrations are good, not {saved.Refused}");
        }
        await Exempt(house);
        await EnterRates(house, clock.GetCurrentInstant().InZone(BillingZone.Of(policy.Calendar).Value).Date, by);
    }

    async Task Exempt(DemoHouse house)
    {
        var reseller = house.Cases.First(one => one.Plan.Name == DemoPlan.Reseller);
        var providers = new ProvidersInForce();
        await providers.Refresh(database, CancellationToken.None);
        var claim = new ResaleClaim(
            "PST-8765-4321", null, Declared: true, "This account buys the service to resell it.");
        var declared = await new DeclareResale(database, providers, clock).Run(
            house.Provider.No, reseller.Made.No, claim,
            Actor.Named($"{reseller.SipUser}@{house.Provider.Name}.example"));
        Demand.That(declared.Accepted, $"the demonstration's reseller is exempt, not {declared.Refused}");
    }

    async Task EnterRates(DemoHouse house, LocalDate today, Actor by)
    {
        for (var back = RateDays - 1; back >= 0; back--)
        {
            var rate = new ExchangeRate(
                Currency.Usd, Currency.Cad, today.PlusDays(-back), RateE8 - (back * MoreE8),
                "Demonstration only: not of a bank", "");
            var saved = await new SaveExchangeRate(database, clock).Run(house.Provider.No, rate, today, by);
            Demand.That(saved.Accepted, $"the demonstration's exchange rates are good, not {saved.Refused}");
        }
    }
}
