using Dapper;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Payments;
using Tollkeeper.Engine.Taxes;
using Tollkeeper.Payments;
using Tollkeeper.Providers;
using Tollkeeper.Taxes;
using Tollkeeper.Tests.Engine.Charging;
using Tollkeeper.Tests.Engine.Ledger;
using Xunit;

namespace Tollkeeper.Tests.Engine.Payments;

/// <summary>A deposit from its document to the balance.</summary>
public sealed class DepositTests
{
    static readonly Actor Ana = Actor.Named("ana@example.com");
    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task R43_R101_A_deposit_is_outstanding_until_it_is_paid_and_raises_the_balance_by_its_base_once(
        DatabaseKind kind)
    {
        await using var stage = await Stage.Open(kind, clock, "ON");
        var deposit = await stage.Start(100_000_000);
        Assert.Equal((DepositState.Outstanding, 113_000_000), (deposit.State, deposit.Total.Micros));
        // Came back without paying, and pays later.
        var given = await stage.Begin(deposit);
        await stage.Hear(given, "e1", new PaymentCancelled(clock.Now));
        var payment = await stage.Begin(deposit);
        await stage.Hear(payment, "e2", new PaymentPending(clock.Now));
        Assert.Equal(0, await stage.Credit.Run());
        for (var again = 0; again < 2; again++)
        {
            var settled = await stage.Hear(payment, "e3", new PaymentSettled(clock.Now, deposit.Total));
            Assert.Equal(PaymentState.Settled, settled.State);
        }
        Assert.Equal(1, await stage.Credit.Run());
        Assert.Equal(0, await stage.Credit.Run());
        Assert.Equal(100_000_000, (await stage.Desk.Wallet(stage.Account)).BalanceMicros);
        Assert.Equal((DepositState.Paid, payment.No), await stage.Stored(deposit));
        Assert.Equal("1110-stripe 113000000, 2310 -13000000", await stage.Sums());
        await Audited.Clean(stage.Test.Database, "after a deposit");
    }

    [BothDatabases]
    public async Task PAY_01_Events_that_many_nodes_hear_at_once_credit_once(DatabaseKind kind)
    {
        await using var stage = await Stage.Open(kind, clock, "QC");
        var deposit = await stage.Start(33_330_000);
        var payment = await stage.Begin(deposit);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async n =>
        {
            await stage.Hear(payment, $"e{n % 2}", new PaymentSettled(clock.Now, deposit.Total));
            await stage.Credit.Run();
        }));
        await stage.Credit.Run();
        Assert.Equal(33_330_000, (await stage.Desk.Wallet(stage.Account)).BalanceMicros);
        Assert.Equal("1110-stripe 38320000, 2310 -1670000, 2320 -3320000", await stage.Sums());
    }

    [BothDatabases]
    public async Task Of_two_payments_of_one_deposit_one_is_credited_and_the_other_waits_for_staff(DatabaseKind kind)
    {
        await using var stage = await Stage.Open(kind, clock, "AB");
        var deposit = await stage.Start(20_000_000);
        var (first, second) = (await stage.Begin(deposit), await stage.Begin(deposit));
        await stage.Hear(first, "e1", new PaymentSettled(clock.Now, deposit.Total));
        await stage.Hear(second, "e2", new PaymentSettled(clock.Now, deposit.Total));
        Assert.Equal(1, await stage.Credit.Run());
        Assert.Equal(0, await stage.Credit.Run());
        Assert.Equal(20_000_000, (await stage.Desk.Wallet(stage.Account)).BalanceMicros);
        Assert.Equal([PaymentState.Settled, PaymentState.Mismatched], await stage.States());
    }

    [BothDatabases]
    public async Task Another_amount_credits_nothing_and_money_for_a_cancelled_deposit_is_not_lost(DatabaseKind kind)
    {
        await using var stage = await Stage.Open(kind, clock, "AB");
        var deposit = await stage.Start(20_000_000);
        var (wrong, late) = (await stage.Begin(deposit), await stage.Begin(deposit));
        await stage.Hear(wrong, "e1", new PaymentSettled(clock.Now, deposit.Base));
        Assert.Equal(0, await stage.Credit.Run());
        var cancel = new VoidDeposit(stage.Test.Database, clock);
        Assert.True((await cancel.Run(stage.ProviderNo, stage.AccountNo, deposit.Id, Ana)).Accepted);
        Assert.Equal(
            Refusal.DepositEnded,
            (await cancel.Run(stage.ProviderNo, stage.AccountNo, deposit.Id, Ana)).Refused?.Refusal);
        Assert.Equal(Refusal.DepositEnded, (await stage.TryOpen(deposit.Id, deposit.Total.Micros)).Refused?.Refusal);
        await stage.Hear(late, "e2", new PaymentSettled(clock.Now, deposit.Total));
        Assert.Equal(1, await stage.Credit.Run());
        Assert.Equal(20_000_000, (await stage.Desk.Wallet(stage.Account)).BalanceMicros);
    }

    [BothDatabases]
    public async Task What_breaks_off_between_document_and_books_goes_on_and_credits_once(DatabaseKind kind)
    {
        await using var stage = await Stage.Open(kind, clock, "ON");
        var deposit = await stage.Start(100_000_000);
        var payment = await stage.Begin(deposit);
        await stage.Hear(payment, "e1", new PaymentSettled(clock.Now, deposit.Total));
        var broken = await stage.Desk.Another(stage.Test.Database);
        await broken.DisposeAsync();
        var half = new CreditPayments(stage.Test.Database, stage.Rules, broken.Money, clock);
        Assert.Equal(0, await half.Run());
        Assert.Equal((DepositState.Paid, payment.No), await stage.Stored(deposit));
        Assert.Equal(0, (await stage.Desk.Wallet(stage.Account)).BalanceMicros);
        // One that could not be credited is left alone for a minute.
        clock.Move(Duration.FromMinutes(2));
        Assert.Equal(1, await stage.Credit.Run());
        Assert.Equal(100_000_000, (await stage.Desk.Wallet(stage.Account)).BalanceMicros);
    }

    [BothDatabases]
    public async Task TAX_CA_03_The_day_of_capture_decides_and_the_money_that_came_is_all_there_is(DatabaseKind kind)
    {
        clock.MoveTo(Instant.FromUtc(2025, 3, 31, 16, 0));
        await using var stage = await Stage.Open(kind, clock, "NS");
        var deposit = await stage.Start(100_000_000);
        Assert.Equal(115_000_000, deposit.Total.Micros);
        var payment = await stage.Begin(deposit);
        clock.MoveTo(Instant.FromUtc(2025, 4, 1, 16, 0));
        await stage.Hear(payment, "e1", new PaymentSettled(clock.Now, deposit.Total));
        await stage.Rules.Poll();
        Assert.Equal(1, await stage.Credit.Run());
        Assert.Equal(100_880_000, (await stage.Desk.Wallet(stage.Account)).BalanceMicros);
        Assert.Equal("1110-stripe 115000000, 2310 -14120000", await stage.Sums());
    }

    [BothDatabases]
    public async Task What_cannot_be_a_deposit_is_refused_and_nothing_is_written(DatabaseKind kind)
    {
        await using var stage = await Stage.Open(kind, clock, "ON");
        foreach (var (amount, wallet, refusal) in new[]
        {
            (new Money(14_990_000, Currency.Usd), null, Refusal.DepositTooSmall),
            (new Money(15_001_000, Currency.Usd), null, Refusal.BadAmount),
            (new Money(20_000_000, Currency.Cad), null, Refusal.CurrencyMismatch),
            (new Money(20_000_000, Currency.Usd), "pocket", Refusal.UnknownAccount),
        })
        {
            var refused = await stage.Deposits.Run(stage.ProviderNo, stage.AccountNo, wallet, amount, Ana);
            Assert.Equal(refusal, refused.Refused?.Refusal);
        }
        Assert.Equal(Refusal.UnknownDeposit, (await stage.TryOpen("dep_none", 0)).Refused?.Refusal);
        var nowhere = await stage.Desk.AccountNo(await stage.Desk.Account());
        Assert.Equal(
            Refusal.BadPlace,
            (await stage.Deposits.Run(stage.ProviderNo, nowhere, null, new(20_000_000, Currency.Usd), Ana))
                .Refused?.Refusal);
    }
}
