using Dapper;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Payments;
using Tollkeeper.Engine.Payments.Gateways;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Engine.Taxes;
using Tollkeeper.Payments;
using Tollkeeper.Providers;
using Tollkeeper.Taxes;
using Tollkeeper.Tests.Engine.Charging;
using Tollkeeper.Tests.Engine.Ledger;
using Xunit;

namespace Tollkeeper.Tests.Engine.Payments;

/// <summary>A provider with registrations and a gateway, and a customer in a province.</summary>
sealed class Stage(TestDatabase test, Desk desk, RulesInForce rules, string account, long accountNo, IClock clock)
    : IAsyncDisposable
{
    public TestDatabase Test => test;
    public Desk Desk => desk;
    public RulesInForce Rules => rules;
    public string Account => account;
    public long AccountNo => accountNo;
    public int ProviderNo => desk.Provider.No;
    public StartDeposit Deposits { get; } = new(test.Database, rules, clock);
    public CreditPayments Credit { get; } = new(test.Database, rules, desk.Money, clock);
    public FakeGateway Gateway { get; } = new(clock);
    public GatewaysInForce Gateways => field ??= new(test.Database, KeyFile, (_, _) => Gateway);
    public AdvancePayments Advance => new(test.Database, rules, Gateways, clock);
    public OpenPaymentPage Pages => new(test.Database, rules, Gateways, clock);

    KeyFile KeyFile { get; } = KeyFile.Open(null, Directory.CreateTempSubdirectory("tollkeeper").FullName).Value;

    public static async Task<Stage> Open(DatabaseKind kind, MovableClock clock, string province)
    {
        var test = await TestDatabase.New(kind);
        var desk = await Desk.Open(test.Database, clock);
        await new SeedSalesTaxes(test.Database, clock).Run();
        var save = new SaveTaxRegistration(test.Database, clock);
        foreach (var (register, number) in new[]
        {
            (TaxRegister.GstHst, "123026635RT0001"), (TaxRegister.Qst, "1234567890TQ0001"),
        })
            await save.Run(
                desk.Provider.No, new TaxRegistration(register, number, new(2010, 1, 1), null),
                Actor.Named("olga@example.com"));
        var account = await desk.Account();
        var accountNo = await desk.AccountNo(account);
        var profile = Profile.Empty with { Service = new("1 Rue", "", "Ville", province, "H2Y 1C6", "CA") };
        await test.Database.InTransaction((connection, transaction) =>
            ProfileStore.Save(connection, transaction, accountNo, profile));
        var stage = new Stage(
            test, desk, await RulesInForce.Load(test.Database, clock), account, accountNo, clock);
        var set = await new SaveGateway(test.Database, stage.KeyFile, clock).Run(
            stage.ProviderNo, GatewayKind.Stripe, true, new GatewaySecrets("", "sk", "wh", ""), 0,
            Actor.Named("olga@example.com"));
        Assert.True(set.Accepted);
        return stage;
    }

    /// <summary>Leads the customer to the page of an outstanding deposit.</summary>
    public Task<Result<Uri>> TryOpen(string depositId, long shownMicros) => Pages.Run(
        ProviderNo, AccountNo, depositId,
        new PageWish(
            PaymentMethod.Card, shownMicros, "Deposit", null, Language.English, new Uri("http://a.test/done"),
            new Uri("http://a.test/back")),
        Actor.Named("ana@example.com"));

    /// <summary>The same, and the payment that begins by it.</summary>
    public async Task<Payment> Open(Deposit deposit)
    {
        var opened = await TryOpen(deposit.Id, deposit.Total.Micros);
        Assert.True(opened.Accepted, opened.Refused?.ToString());
        return await Newest(deposit);
    }

    public async Task<Payment> Newest(Deposit deposit)
    {
        await using var connection = await test.Database.Connect();
        return (await PaymentStore.OfDeposit(connection, null, deposit.No))[^1];
    }

    /// <summary>All that nodes do by themselves, until nothing is due.</summary>
    public async Task Nodes()
    {
        while (await Advance.Run(100) > 0)
        {
        }
        await Credit.Run();
    }

    public async Task<Deposit> Start(long micros)
    {
        var started = await Deposits.Run(
            ProviderNo, accountNo, null, new Money(micros, desk.Provider.Currency), Actor.Named("ana@example.com"));
        Assert.True(started.Accepted, started.Refused?.ToString());
        return started.Value;
    }

    /// <summary>A try to pay at a gateway that says nothing of its own accord.</summary>
    public Task<Payment> Begin(Deposit deposit) => test.Database.InTransaction((connection, transaction) =>
        PaymentStore.Insert(
            connection, transaction, deposit, GatewayKind.Stripe.Word(), PaymentMethod.Card,
            clock.GetCurrentInstant(), null, "ana@example.com"));

    public async Task<Payment> Hear(Payment payment, string eventId, PaymentEvent said)
    {
        await new ReceivePaymentEvent(test.Database, clock).Run(
            ProviderNo, payment.Gateway, new GatewayNews(eventId, payment.Id, null, said, "{}"));
        await using var connection = await test.Database.Connect();
        return await PaymentStore.Read(connection, null, payment.No);
    }

    public async Task<(DepositState, long?)> Stored(Deposit deposit)
    {
        await using var connection = await test.Database.Connect();
        var stored = (await DepositStore.Find(connection, null, accountNo, deposit.Id)).Value;
        return (stored.State, stored.PaidByNo);
    }

    public async Task<IReadOnlyList<PaymentState>> States()
    {
        await using var connection = await test.Database.Connect();
        return [.. (await connection.QueryAsync<int>("select state from payment order by no"))
            .Select(state => (PaymentState)state)];
    }

    /// <summary>What the house accounts hold, debits positive.</summary>
    public async Task<string> Sums()
    {
        await using var connection = await test.Database.Connect();
        var rows = await connection.QueryAsync<(string Code, long Micros)>(
            """
            select code, cast(sum(micros) as bigint) from (
              select debit as code, amount_micros as micros from posting
              union all select credit, -amount_micros from posting) p
            where code not like '2100%' group by code order by code
            """);
        return string.Join(", ", rows.Select(row => $"{row.Code} {row.Micros}"));
    }

    public async ValueTask DisposeAsync()
    {
        await rules.DisposeAsync();
        await desk.DisposeAsync();
        await test.DisposeAsync();
    }
}
