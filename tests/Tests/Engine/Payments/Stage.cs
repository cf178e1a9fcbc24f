using Dapper;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Payments;
using Tollkeeper.Engine.Payments.Gateways;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Engine.Taxes;
using Tollkeeper.Ledger;
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

    readonly ReverseEntry reverse = new(desk.Bookkeeper);

    public Money Money(long micros) => new(micros, desk.Provider.Currency);

    /// <summary>A deposit that the customer paid on the gateway's page, and that is in the balance.</summary>
    public async Task<Deposit> Pay(long micros)
    {
        var deposit = await Start(micros);
        var payment = await Open(deposit);
        Gateway.Agree(payment.Reference!, FakeGateway.Card);
        await new ReceivePaymentEvent(test.Database, clock).Run(
            ProviderNo, payment.Gateway, new GatewayNews($"look {payment.Id}", payment.Id, null, null, "{}"));
        await Nodes();
        return deposit;
    }

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

    public RefundDeposit Refunds => new(test.Database, rules, Gateways, desk.Money, reverse, clock);
    public BookDisputes Disputes => new(test.Database, rules, desk.Money, reverse, clock);
    public RunAutomaticBilling Automatics => new(test.Database, rules, desk.Bookkeeper, clock);

    public string CardId { get; private set; } = "";

    /// <summary>All that nodes do by themselves, until nothing is due.</summary>
    public async Task Nodes()
    {
        while (await Automatics.Run(100) + await Advance.Run(100) + await Credit.Run() + await Refunds.RunDue(100)
            + await Disputes.Run(100) > 0)
        {
        }
    }

    /// <summary>A card is stored, the balance is just above the threshold, and automatic billing is on.</summary>
    public async Task<AutomaticSettings> TurnOn(long thresholdMicros, long amountMicros)
    {
        var now = clock.GetCurrentInstant();
        var card = await test.Database.InTransaction(async (connection, transaction) =>
        {
            var setup = await CardSetupStore.Insert(
                connection, transaction, ProviderNo, AccountNo, GatewayKind.Stripe.Word(), now, "ana@example.com");
            return await CardStore.Insert(connection, transaction, setup, FakeGateway.Instrument, now);
        });
        CardId = card.Id;
        await desk.Deposit(account, thresholdMicros + 10_001);
        return await Save(isOn: true, thresholdMicros, amountMicros, 0);
    }

    public async Task<AutomaticSettings> Save(bool isOn, long thresholdMicros, long amountMicros, int version)
    {
        var saved = await new SaveAutomaticBilling(test.Database, rules, clock).Run(
            ProviderNo, AccountNo, isOn, CardId, WalletName.Main, Money(thresholdMicros), Money(amountMicros), version,
            Actor.Named("ana@example.com"));
        Assert.True(saved.Accepted, saved.Refused?.ToString());
        return saved.Value;
    }

    public async Task<AutomaticSettings?> Automatic()
    {
        await using var connection = await test.Database.Connect();
        return await AutomaticBillingStore.Find(connection, null, AccountNo);
    }

    public async Task<long> Balance() => (await desk.Wallet(account)).BalanceMicros;

    /// <summary>Something that costs, and is no call.</summary>
    public async Task Spend(long micros)
    {
        var spent = await desk.Money.Post(
            new MoneyMove(
                ProviderNo, AccountNo, null, EntryKind.Debit, Money(micros), "4100",
                $"spend {Guid.NewGuid()}", "spent"),
            0);
        Assert.True(spent.Accepted, spent.Refused?.ToString());
    }

    public async Task<int> Notices(NoticeKind kind)
    {
        await using var connection = await test.Database.Connect();
        return await connection.ExecuteScalarAsync<int>(
            "select count(*) from notice where kind = @kind", new { kind = (short)kind });
    }

    public async Task<int> Outstanding()
    {
        await using var connection = await test.Database.Connect();
        return await connection.ExecuteScalarAsync<int>("select count(*) from deposit where state = 1");
    }

    public async Task<Deposit> Start(long micros)
    {
        var started = await Deposits.Run(
            ProviderNo, accountNo, null, Money(micros), Actor.Named("ana@example.com"));
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
