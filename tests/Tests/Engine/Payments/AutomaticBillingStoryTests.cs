using Dapper;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Payments;
using Tollkeeper.Ledger;
using Tollkeeper.Payments;
using Tollkeeper.Tests.Engine.Charging;
using Tollkeeper.Tests.Engine.Ledger;
using Xunit;

namespace Tollkeeper.Tests.Engine.Payments;

/// <summary>Automatic billing over the books, days and breaking gateways.</summary>
public sealed class AutomaticBillingStoryTests
{
    static readonly Actor Ana = Actor.Named("ana@example.com");
    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task R12_R13_Reaching_the_threshold_charges_the_card_once_and_what_is_left_counts(DatabaseKind kind)
    {
        await using var stage = await Stage.Open(kind, clock, "ON");
        await stage.TurnOn(thresholdMicros: 10_000_000, amountMicros: 25_000_000);
        await stage.Spend(1);
        await stage.Nodes();
        Assert.Equal(0, stage.Gateway.Charges);
        Assert.Equal(10_010_000, await stage.Balance());
        // Inclusive: it is reached, not passed (C6).
        await stage.Spend(10_000);
        await Task.WhenAll(stage.Nodes(), stage.Nodes());
        await stage.Nodes();
        Assert.Equal(1, stage.Gateway.Charges);
        Assert.Equal(35_000_000, await stage.Balance());
        var sums = await stage.Sums();
        Assert.Contains("1110-stripe 28250000,", sums, StringComparison.Ordinal);
        Assert.Contains("2310 -3250000,", sums, StringComparison.Ordinal);
    }

    [BothDatabases]
    public async Task R14_R15_R16_A_second_crossing_of_a_day_waits_until_a_minute_past_midnight(DatabaseKind kind)
    {
        await using var stage = await Stage.Open(kind, clock, "AB");
        await stage.TurnOn(10_000_000, 25_000_000);
        await stage.Spend(1_000_000);
        await stage.Nodes();
        await stage.Spend(30_000_000);
        for (var again = 0; again < 3; again++) await stage.Nodes();
        Assert.Equal((1, 1), (stage.Gateway.Charges, await stage.Notices(NoticeKind.AutomaticWaits)));
        // retail-usd: the zone is UTC−5 all year.
        clock.MoveTo(Instant.FromUtc(2026, 3, 3, 5, 0, 59));
        await stage.Nodes();
        Assert.Equal(1, stage.Gateway.Charges);
        clock.MoveTo(Instant.FromUtc(2026, 3, 3, 5, 1, 0));
        await stage.Nodes();
        Assert.Equal(2, stage.Gateway.Charges);
    }

    [BothDatabases]
    public async Task R17_R20_A_declined_card_is_tried_on_the_next_day_and_four_in_a_row_turn_it_off(DatabaseKind kind)
    {
        await using var stage = await Stage.Open(kind, clock, "AB");
        await stage.TurnOn(10_000_000, 25_000_000);
        stage.Gateway.Declines = DeclineClass.RetryLater;
        await stage.Spend(1_000_000);
        for (var day = 0; day < 6; day++)
        {
            await stage.Nodes();
            clock.MoveTo(Instant.FromUtc(2026, 3, 3 + day, 5, 1, 0));
        }
        Assert.Equal((0, 3, 1), (stage.Gateway.Charges, await stage.Notices(NoticeKind.AutomaticDeclined),
            await stage.Notices(NoticeKind.AutomaticOff)));
        var settings = await stage.Automatic();
        Assert.Equal((false, AutomaticHalt.TurnedOff), (settings!.IsOn, settings.Halted));
        // The card and the settings stayed; the customer turns it on again, and it charges at once.
        stage.Gateway.Declines = null;
        await stage.Save(isOn: true, 10_000_000, 25_000_000, settings.Version);
        await stage.Nodes();
        Assert.Equal(1, stage.Gateway.Charges);
        Assert.Null((await stage.Automatic())!.Halted);
    }

    [BothDatabases]
    public async Task PAY_03_PAY_04_What_the_customer_must_mend_is_not_tried_again_in_silence(DatabaseKind kind)
    {
        foreach (var (why, halt) in new[]
        {
            (DeclineClass.NeedsCustomer, AutomaticHalt.Confirm), (DeclineClass.FixFirst, AutomaticHalt.FixCard),
            (DeclineClass.Never, AutomaticHalt.TurnedOff),
        })
        {
            await using var stage = await Stage.Open(kind, clock, "AB");
            await stage.TurnOn(10_000_000, 25_000_000);
            stage.Gateway.Declines = why;
            await stage.Spend(1_000_000);
            await stage.Nodes();
            clock.Move(Duration.FromDays(2));
            stage.Gateway.Declines = null;
            await stage.Spend(1);
            await stage.Nodes();
            Assert.Equal((0, halt), (stage.Gateway.Charges, (await stage.Automatic())!.Halted));
            // What is to be confirmed stays to be paid by the link.
            Assert.Equal(why == DeclineClass.NeedsCustomer ? 1 : 0, await stage.Outstanding());
        }
    }

    [BothDatabases]
    public async Task Wherever_a_process_dies_or_a_gateway_is_away_the_card_is_charged_once(DatabaseKind kind)
    {
        foreach (var dies in new[] { false, true })
            foreach (var at in new[] { Moment.Before, Moment.After })
                foreach (var step in new[] { "prepare", "charge" })
                {
                    await using var stage = await Stage.Open(kind, clock, "AB");
                    await stage.TurnOn(10_000_000, 25_000_000);
                    stage.Gateway.Trouble = (step, at, dies);
                    await stage.Spend(1_000_000);
                    for (var minutes = 0; minutes < 6; minutes++)
                    {
                        await PaymentPageTests.Survive(stage.Nodes);
                        clock.Move(Duration.FromMinutes(2));
                    }
                    Assert.Null(stage.Gateway.Trouble);
                    Assert.Equal((1, 34_010_001), (stage.Gateway.Charges, await stage.Balance()));
                    await Audited.Clean(stage.Test.Database, $"{step} {at}");
                }
    }

    [BothDatabases]
    public async Task A_call_that_goes_on_counts_by_what_it_holds(DatabaseKind kind)
    {
        await using var stage = await Stage.Open(kind, clock, "AB");
        await stage.TurnOn(10_000_000, 25_000_000);
        Assert.True((await stage.Desk.Start(stage.Account)).Accepted);
        await stage.Nodes();
        Assert.Equal(1, stage.Gateway.Charges);
    }

    [BothDatabases]
    public async Task R20_Off_charges_nothing_and_a_card_that_is_gone_is_not_charged(DatabaseKind kind)
    {
        await using var stage = await Stage.Open(kind, clock, "AB");
        var settings = await stage.TurnOn(10_000_000, 25_000_000);
        var remove = new RemoveCard(stage.Test.Database, clock);
        Assert.Equal(
            Refusal.CardInUse,
            (await remove.Run(stage.ProviderNo, stage.AccountNo, stage.CardId, Ana)).Refused?.Refusal);
        await stage.Save(isOn: false, 10_000_000, 25_000_000, settings.Version);
        await stage.Nodes();
        await stage.Spend(1_000_000);
        await stage.Nodes();
        Assert.Equal(0, stage.Gateway.Charges);
        // Decided, and the card taken away before it was charged.
        settings = (await stage.Automatic())!;
        await stage.Save(isOn: true, 10_000_000, 25_000_000, settings.Version);
        await stage.Automatics.Run(10);
        settings = (await stage.Automatic())!;
        await stage.Save(isOn: false, 10_000_000, 25_000_000, settings.Version);
        Assert.True((await remove.Run(stage.ProviderNo, stage.AccountNo, stage.CardId, Ana)).Accepted);
        await stage.Nodes();
        Assert.Equal(0, stage.Gateway.Charges);
    }
}
