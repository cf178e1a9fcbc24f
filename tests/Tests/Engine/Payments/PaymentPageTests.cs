using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Payments;
using Tollkeeper.Tests.Engine.Charging;
using Tollkeeper.Tests.Engine.Ledger;
using Xunit;

namespace Tollkeeper.Tests.Engine.Payments;

/// <summary>A deposit that is paid on a gateway's page.</summary>
public sealed class PaymentPageTests
{
    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task R8_What_the_customer_agreed_to_is_captured_and_credited_once(DatabaseKind kind)
    {
        await using var stage = await Stage.Open(kind, clock, "ON");
        var deposit = await stage.Start(100_000_000);
        var payment = await stage.Open(deposit);
        Assert.Equal(payment.No, (await stage.Open(deposit)).No);
        stage.Gateway.Agree(payment.Reference!, FakeGateway.Card);
        // The gateway says nothing of its own accord: it is asked.
        clock.Move(Duration.FromMinutes(2));
        await Task.WhenAll(stage.Advance.Run(10), stage.Advance.Run(10));
        await stage.Nodes();
        Assert.Equal(PaymentState.Settled, (await stage.Newest(deposit)).State);
        Assert.Equal(1, stage.Gateway.Charges);
        Assert.Equal(100_000_000, (await stage.Desk.Wallet(stage.Account)).BalanceMicros);
        Assert.Equal(Refusal.DepositEnded, (await stage.TryOpen(deposit.Id, deposit.Total.Micros)).Refused?.Refusal);
    }

    [BothDatabases]
    public async Task Wherever_it_breaks_the_customer_pays_once_and_nothing_is_lost(DatabaseKind kind)
    {
        foreach (var dies in new[] { false, true })
            foreach (var at in new[] { Moment.Before, Moment.After })
                foreach (var step in new[] { "look", "capture" })
                {
                    await using var stage = await Stage.Open(kind, clock, "AB");
                    var deposit = await stage.Start(20_000_000);
                    var payment = await stage.Open(deposit);
                    stage.Gateway.Agree(payment.Reference!, FakeGateway.Card);
                    stage.Gateway.Trouble = (step, at, dies);
                    for (var minutes = 0; minutes < 6; minutes++)
                    {
                        clock.Move(Duration.FromMinutes(2));
                        await Survive(stage.Nodes);
                    }
                    Assert.Null(stage.Gateway.Trouble);
                    Assert.Equal(1, stage.Gateway.ChargesOf(payment.Id));
                    Assert.Equal(20_000_000, (await stage.Desk.Wallet(stage.Account)).BalanceMicros);
                }
    }

    [BothDatabases]
    public async Task R101_C18_A_page_that_nobody_finished_is_given_up_and_the_deposit_can_be_paid_later(
        DatabaseKind kind)
    {
        await using var stage = await Stage.Open(kind, clock, "AB");
        var deposit = await stage.Start(20_000_000);
        stage.Gateway.Trouble = ("open", Moment.Before, false);
        Assert.Equal(Refusal.GatewayAway, (await stage.TryOpen(deposit.Id, deposit.Total.Micros)).Refused?.Refusal);
        clock.Move(Duration.FromMinutes(2));
        await stage.Nodes();
        Assert.Equal(PaymentState.Cancelled, (await stage.Newest(deposit)).State);
        await stage.Open(deposit);
        clock.Move(Duration.FromHours(25));
        await stage.Nodes();
        Assert.Equal(PaymentState.Cancelled, (await stage.Newest(deposit)).State);
        var paid = await stage.Open(deposit);
        stage.Gateway.Agree(paid.Reference!, FakeGateway.Card);
        clock.Move(Duration.FromMinutes(2));
        await stage.Nodes();
        Assert.Equal(20_000_000, (await stage.Desk.Wallet(stage.Account)).BalanceMicros);
    }

    [BothDatabases]
    public async Task A_province_that_changed_since_the_quote_asks_the_customer_again(DatabaseKind kind)
    {
        await using var stage = await Stage.Open(kind, clock, "AB");
        var deposit = await stage.Start(100_000_000);
        await stage.Test.Database.InTransaction(async (connection, transaction) =>
        {
            var profile = await ProfileStore.Find(connection, transaction, stage.AccountNo);
            await ProfileStore.Save(
                connection, transaction, stage.AccountNo,
                profile with { Service = profile.Service with { Region = "ON" } });
            return true;
        });
        Assert.Equal(Refusal.QuoteChanged, (await stage.TryOpen(deposit.Id, 105_000_000)).Refused?.Refusal);
        Assert.True((await stage.TryOpen(deposit.Id, 113_000_000)).Accepted);
    }

    [BothDatabases]
    public async Task A_card_whose_address_its_bank_does_not_know_is_not_charged(DatabaseKind kind)
    {
        await using var stage = await Stage.Open(kind, clock, "AB");
        var deposit = await stage.Start(20_000_000);
        var payment = await stage.Open(deposit);
        stage.Gateway.Agree(payment.Reference!, FakeGateway.Card with { AddressChecked = false });
        clock.Move(Duration.FromMinutes(2));
        await stage.Nodes();
        Assert.Equal((PaymentState.Failed, 0), ((await stage.Newest(deposit)).State, stage.Gateway.Charges));
    }

    internal static async Task Survive(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Died)
        {
            // The next node goes on.
        }
    }
}
