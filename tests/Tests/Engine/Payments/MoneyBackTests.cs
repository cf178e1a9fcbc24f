using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Payments.Gateways;
using Tollkeeper.Payments;
using Tollkeeper.Tests.Engine.Ledger;
using Xunit;

namespace Tollkeeper.Tests.Engine.Payments;

/// <summary>Money that goes back: refunds that staff make, and what banks take.</summary>
public sealed class MoneyBackTests
{
    static readonly Actor Olga = Actor.Named("olga@example.com");
    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task TAX_CA_07_A_refund_in_three_parts_closes_exactly_and_the_same_is_not_given_twice(
        DatabaseKind kind)
    {
        await using var stage = await Stage.Open(kind, clock, "QC");
        var deposit = await stage.Pay(33_330_000);
        foreach (var part in new[] { 11_110_000, 11_110_000, 11_110_000 })
        {
            var refund = await stage.Refunds.Run(stage.ProviderNo, deposit.Id, stage.Money(part), "unused", Olga);
            Assert.Equal(RefundState.Done, refund.Value.State);
        }
        var more = await stage.Refunds.Run(stage.ProviderNo, deposit.Id, stage.Money(10_000), "unused", Olga);
        Assert.Equal(Refusal.NothingToRefund, more.Refused?.Refusal);
        await stage.Nodes();
        Assert.Equal("1110-stripe 0, 2310 0, 2320 0", await stage.Sums());
        Assert.Equal((0, PaymentState.Refunded), (await stage.Balance(), (await stage.Newest(deposit)).State));
        Assert.Equal(3, await stage.Notices(NoticeKind.Refunded));
        await Audited.Clean(stage.Test.Database, "after the refunds");
    }

    [BothDatabases]
    public async Task A_refund_that_breaks_anywhere_is_given_once_and_what_was_used_is_not_given(DatabaseKind kind)
    {
        foreach (var dies in new[] { false, true })
            foreach (var at in new[] { Moment.Before, Moment.After })
            {
                await using var stage = await Stage.Open(kind, clock, "ON");
                var deposit = await stage.Pay(100_000_000);
                await stage.Spend(60_000_000);
                var tooMuch = await stage.Refunds.Run(
                    stage.ProviderNo, deposit.Id, stage.Money(50_000_000), "unused", Olga);
                Assert.Equal(Refusal.InsufficientFunds, tooMuch.Refused?.Refusal);
                stage.Gateway.Trouble = ("refund", at, dies);
                await PaymentPageTests.Survive(async () => await stage.Refunds.Run(
                    stage.ProviderNo, deposit.Id, stage.Money(40_000_000), "unused", Olga));
                for (var minutes = 0; minutes < 3; minutes++)
                {
                    clock.Move(Duration.FromMinutes(2));
                    await PaymentPageTests.Survive(stage.Nodes);
                }
                // 45.20 of 113.00, once.
                Assert.Equal((0, 45_200_000), (await stage.Balance(), stage.Gateway.RefundedMicros));
                Assert.Contains("1110-stripe 67800000,", await stage.Sums(), StringComparison.Ordinal);
            }
    }

    [BothDatabases]
    public async Task A_refund_that_the_gateway_does_not_give_is_in_the_balance_again(DatabaseKind kind)
    {
        await using var stage = await Stage.Open(kind, clock, "ON");
        var deposit = await stage.Pay(100_000_000);
        var refund = (await stage.Refunds.Run(
            stage.ProviderNo, deposit.Id, stage.Money(40_000_000), "unused", Olga)).Value;
        Assert.Equal(60_000_000, await stage.Balance());
        clock.Move(Duration.FromDays(3));
        await stage.Hear(
            await stage.Newest(deposit), "bounced",
            new PaymentRefunded(clock.Now, refund.GatewayId!, refund.Back.Total, Failed: true));
        await stage.Nodes();
        Assert.Equal(100_000_000, await stage.Balance());
        Assert.Equal("1110-stripe 113000000, 2310 -13000000", await stage.Sums());
    }

    [BothDatabases]
    public async Task ACC_02_A_lost_dispute_takes_what_is_there_and_the_tax_on_what_was_used_stays_due(
        DatabaseKind kind)
    {
        await using var stage = await Stage.Open(kind, clock, "ON");
        var deposit = await stage.Pay(100_000_000);
        await stage.Spend(70_000_000);
        var payment = await stage.Newest(deposit);
        await stage.Hear(payment, "d1", new PaymentDisputed(clock.Now, "dp_1", deposit.Total, DisputeStage.Open));
        await stage.Nodes();
        Assert.Equal(-70_000_000, await stage.Balance());
        const string taken = "1110-stripe 0, 1230 9100000, 2310 -9100000, 4100 -70000000";
        Assert.Equal(taken, await stage.Sums());
        clock.Move(Duration.FromDays(20));
        var lost = new PaymentDisputed(clock.Now, "dp_1", deposit.Total, DisputeStage.Lost);
        for (var twice = 0; twice < 2; twice++)
        {
            await stage.Hear(payment, $"d2-{twice}", lost);
            await stage.Nodes();
        }
        Assert.Equal(taken, await stage.Sums());
        Assert.Equal((1, 1), (await stage.Notices(NoticeKind.DisputeOpened),
            await stage.Notices(NoticeKind.DisputeClosed)));
        await Audited.Clean(stage.Test.Database, "after the chargeback");
    }

    [BothDatabases]
    public async Task A_dispute_that_is_won_brings_all_of_it_back_also_when_its_end_is_heard_first(DatabaseKind kind)
    {
        foreach (var endFirst in new[] { false, true })
        {
            await using var stage = await Stage.Open(kind, clock, "ON");
            var deposit = await stage.Pay(100_000_000);
            await stage.Spend(70_000_000);
            var payment = await stage.Newest(deposit);
            var opened = new PaymentDisputed(clock.Now, "dp_1", deposit.Total, DisputeStage.Open);
            var won = new PaymentDisputed(
                clock.Now + Duration.FromHours(1), "dp_1", deposit.Total, DisputeStage.Won);
            await stage.Hear(payment, "first", endFirst ? won : opened);
            await stage.Nodes();
            Assert.Equal(endFirst ? 30_000_000 : -70_000_000, await stage.Balance());
            await stage.Hear(payment, "second", endFirst ? opened : won);
            await stage.Nodes();
            Assert.Equal(30_000_000, await stage.Balance());
            Assert.Contains("1110-stripe 113000000,", await stage.Sums(), StringComparison.Ordinal);
            Assert.Equal(PaymentState.Settled, (await stage.Newest(deposit)).State);
        }
    }

    /// <summary>What came later is what is left; what came first was used first.</summary>
    [Theory]
    [InlineData(100, 0, 0, 100)]
    [InlineData(30, 0, 0, 30)]
    [InlineData(130, 100, 0, 30)]
    [InlineData(90, 100, 0, 0)]
    [InlineData(-70, 0, 0, 0)]
    [InlineData(100, 0, 40, 60)]
    public void What_of_a_deposit_is_left(int balance, int later, int back, int left)
    {
        var deposit = new Deposit(
            1, "dep", 1, 1, "main", DepositState.Paid, new Money(100_000_000, Currency.Cad), default,
            new LocalDate(2026, 3, 2), [], Instant.MinValue, 1);
        Assert.Equal(left * 1_000_000L, MoneyBack.Unused(
            deposit, balance * 1_000_000L, later * 1_000_000L, back * 1_000_000L));
    }
}
