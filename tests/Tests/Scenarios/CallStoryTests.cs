using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>One call and what surrounds it, over HTTP, on both databases.</summary>
public sealed class CallStoryTests
{
    [BothDatabases]
    public async Task A_call_goes_the_whole_way_and_its_answers_are_written_as_promised(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var customer = await shop.Customer("10.00", sipUsers: "alice01");

        var grant = await shop.Authorize("c1", "alice01", "011442079460000");
        Assert.Equal(
            """
            {"call":"c1","billable":true,"maxSeconds":300,"renewInSeconds":240,"final":false,
            "held":{"amount":"3.000000","currency":"USD"},
            "rate":{"prefix":"44","destination":"United Kingdom","perMinute":"0.60000000",
            "firstSeconds":1,"nextSeconds":1,"connectFee":"0.000000"},
            "sip":200}
            """.OneLine(), grant.Text);
        Assert.Equal(grant.Text, (await shop.Authorize("c1", "alice01", "011442079460000")).Text);

        var more = await shop.Renew("c1", 240);
        Assert.Equal(("600", "540", "6.000000"), (more["maxSeconds"], more["renewInSeconds"], more["held.amount"]));
        var held = await customer.Balance();
        Assert.Equal(("10.000000", "6.000000", "4.000000", "on"),
            (held["balance.amount"], held["held.amount"], held["available.amount"], held["status"]));

        var end = await shop.End("c1", 330);
        Assert.Equal(
            """
            {"call":"c1","billedSeconds":330,"overrunSeconds":0,
            "charge":{"amount":"3.300000","currency":"USD"},
            "tax":{"amount":"0.000000","currency":"USD"},
            "total":{"amount":"3.300000","currency":"USD"},
            "balance":{"amount":"6.700000","currency":"USD"}}
            """.OneLine(), end.Text);
        await customer.Deposit("1.00");
        Assert.Equal(end.Text, (await shop.End("c1", 330)).Text);
        var differently = await shop.End("c1", 331);
        Assert.Equal((409, "repeated_differently", "3.300000"),
            (differently.Status, differently.Refusal, differently["first.total.amount"]));
    }

    [BothDatabases]
    public async Task A_top_up_during_a_call_counts_at_the_next_renewal_and_a_402_takes_nothing_back(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var customer = await shop.Customer("0.30");

        var grant = await shop.Authorize("c1", customer.Id);
        Assert.Equal(("300", "false"), (grant["maxSeconds"], grant["final"]));
        var last = await shop.Renew("c1", 240);
        Assert.Equal(("360", "true"), (last["maxSeconds"], last["final"]));
        var nothing = await shop.Renew("c1", 350);
        Assert.Equal((402, "insufficient_funds", "402"), (nothing.Status, nothing.Refusal, nothing["sip"]));
        await customer.Deposit("1.00");
        Assert.Equal("660", (await shop.Renew("c1", 355))["maxSeconds"]);

        var end = await shop.End("c1", 700);
        Assert.Equal(("660", "40", "0.550000", "0.750000"),
            (end["billedSeconds"], end["overrunSeconds"], end["total.amount"], end["balance.amount"]));
    }

    [BothDatabases]
    public async Task R48_R49_R58_Prepaid_and_postpaid_are_one_floor(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var prepaid = await shop.Customer();
        var off = await shop.Authorize("p1", prepaid.Id);
        Assert.Equal((402, "account_off_funds", "402"), (off.Status, off.Refusal, off["sip"]));
        await prepaid.Deposit("0.05");
        Assert.Equal("60", (await shop.Authorize("p2", prepaid.Id))["maxSeconds"]);
        Assert.Equal("0.000000", (await shop.End("p2", 60))["balance.amount"]);
        Assert.Equal("account_off_funds", (await shop.Authorize("p3", prepaid.Id)).Refusal);

        var postpaid = await shop.Customer(type: AccountType.Postpaid, limit: "0.10");
        Assert.Equal(("120", "true"), (
            (await shop.Authorize("q1", postpaid.Id))["maxSeconds"],
            (await shop.Authorize("q1", postpaid.Id))["final"]));
        Assert.Equal("-0.100000", (await shop.End("q1", 120))["balance.amount"]);
        Assert.Equal("account_off_funds", (await shop.Authorize("q2", postpaid.Id)).Refusal);
        var balance = await postpaid.Balance();
        Assert.Equal(("off", "[\"funds\"]", "-0.100000"),
            (balance["status"], balance["reasons"], balance["floor.amount"]));
        await postpaid.Limit("0.20");
        Assert.Equal(200, (await shop.Authorize("q3", postpaid.Id)).Status);
    }

    [BothDatabases]
    public async Task R50_R67_C20_A_violation_is_not_cleared_by_a_payment_and_names_what_it_blocks(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var customer = await shop.Customer("5.00");
        Assert.Equal(200, (await customer.Suspend("violation", "outbound")).Status);
        await customer.Deposit("5.00");
        var refused = await shop.Authorize("c1", customer.Id);
        Assert.Equal((403, "account_suspended", "403"), (refused.Status, refused.Refusal, refused["sip"]));
        Assert.Equal(200, (await shop.Authorize("c2", customer.Id, direction: "inbound")).Status);
        Assert.Equal(("off", "[\"violation\"]", "[\"outbound\"]"),
            ((await customer.Balance())["status"], (await customer.Balance())["reasons"],
            (await customer.Balance())["blocks"]));
        await customer.Unsuspend("violation");
        Assert.Equal(200, (await shop.Authorize("c3", customer.Id)).Status);
    }

    [BothDatabases]
    public async Task R68_R69_Calls_per_second_come_before_channels_and_both_are_exact(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var customer = await shop.Customer("100.00", channels: 3, cps: 5);
        var first = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => shop.Authorize($"a{n}", customer.Id)));
        Assert.Equal(3, first.Count(answer => answer.Status == 200));
        Assert.Equal(2, first.Count(answer => answer.Refusal == "channels_exceeded"));
        Assert.Equal(3, first.Count(answer => answer is { Refusal: "cps_exceeded", Status: 429, RetryAfter: true }));
        served.Clock.Move(Duration.FromMilliseconds(200));
        Assert.Equal("channels_exceeded", (await shop.Authorize("b1", customer.Id)).Refusal);
        Assert.Equal("cps_exceeded", (await shop.Authorize("b2", customer.Id)).Refusal);
        var ended = Enumerable.Range(0, 8).First(n => first[n].Status == 200);
        await shop.End($"a{ended}", 10);
        served.Clock.Move(Duration.FromSeconds(1));
        Assert.Equal(200, (await shop.Authorize("b3", customer.Id)).Status);
    }

    [BothDatabases]
    public async Task R68_C21_The_wholesale_limit_is_per_switch(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop("wholesale-usd");
        var customer = await shop.Customer("100.00", channels: 1, tax: TaxStatus.ExemptReseller);
        Assert.Equal(200, (await shop.Authorize("a", customer.Id, sw: "east")).Status);
        Assert.Equal("channels_exceeded", (await shop.Authorize("b", customer.Id, sw: "east")).Refusal);
        Assert.Equal(200, (await shop.Authorize("b", customer.Id, sw: "west")).Status);
    }

    [BothDatabases]
    public async Task R55_R56_TAX_US_01_The_hold_and_the_charge_carry_the_federal_fee_unless_exempt(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop("wholesale-usd");
        var taxed = await shop.Customer("10.00");
        var exempt = await shop.Customer("10.00", tax: TaxStatus.ExemptNonUs);
        // 2026 Q1: 37.6 % of 0.50 is 0.188.
        Assert.Equal("0.344000", (await shop.Authorize("a", taxed.Id))["held.amount"]);
        Assert.Equal("0.250000", (await shop.Authorize("b", exempt.Id))["held.amount"]);
        var end = await shop.End("a", 61);
        Assert.Equal(("0.100000", "0.037600", "0.137600", "9.862400"),
            (end["charge.amount"], end["tax.amount"], end["total.amount"], end["balance.amount"]));
        Assert.Equal("0.000000", (await shop.End("b", 61))["tax.amount"]);
    }

    [BothDatabases]
    public async Task R51_C8_The_wholesale_account_has_a_wallet_for_each_direction(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop("wholesale-usd");
        var customer = await shop.Customer(inbound: "1.00", tax: TaxStatus.ExemptReseller);
        Assert.Equal("account_off_funds", (await shop.Authorize("out", customer.Id)).Refusal);
        Assert.Equal(200, (await shop.Authorize("in", customer.Id, direction: "inbound")).Status);
        Assert.Equal("0.950000", (await shop.End("in", 30))["balance.amount"]);
        var balance = await customer.Balance();
        Assert.Equal(("0.000000", "outbound", "0.950000"),
            (balance["balance.amount"], balance.Json!["wallets"]![0]!["name"]!.ToString(),
                balance.Json["wallets"]![1]!["balance"]!["amount"]!.ToString()));
    }

    [BothDatabases]
    public async Task R93_C5_At_zero_the_cad_retailer_takes_no_calls_and_the_usd_one_still_does(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var cad = await served.Shop("retail-cad");
        var usd = await served.Shop("retail-usd");
        var inCad = await cad.Customer();
        var inUsd = await usd.Customer();
        Assert.Equal("account_off_funds", (await cad.Authorize("a", inCad.Id, direction: "inbound")).Refusal);
        // Not off, but a call that costs money needs some.
        Assert.Equal("insufficient_funds", (await usd.Authorize("a", inUsd.Id, direction: "inbound")).Refusal);
    }

    [BothDatabases]
    public async Task R103_Star_codes_and_emergency_calls_cost_nothing_and_are_never_refused_for_money(
        DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var customer = await shop.Customer(channels: 0, cps: 0);
        await customer.Suspend("fraud", "outbound", "inbound");
        foreach (var (number, call) in new[] { ("911", "e1"), ("933", "e2"), ("988", "e3"), ("*97", "s1") })
        {
            var answer = await shop.Authorize(call, customer.Id, number);
            Assert.Equal((200, "false"), (answer.Status, answer["billable"]));
        }
        Assert.Equal(200, (await shop.Authorize("e4", "nobody", "911")).Status);
        Assert.Equal("bad_number", (await shop.Authorize("x", (await shop.Customer("1.00")).Id, "12")).Refusal);
        Assert.Equal("0.000000", (await shop.End("s1", 20))["total.amount"]);
    }

    [BothDatabases]
    public async Task A_call_without_an_end_frees_its_money_and_its_late_end_still_charges_once(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var customer = await shop.Customer("0.25", channels: 1);
        Assert.Equal(200, (await shop.Authorize("c1", customer.Id)).Status);
        await served.Move(Duration.FromMinutes(11));
        Assert.Equal(1, await served.Installation.Expire.Expire());
        Assert.Equal(("0.000000", "0.250000"),
            ((await customer.Balance())["held.amount"], (await customer.Balance())["balance.amount"]));
        Assert.Equal(200, (await shop.Authorize("c2", customer.Id)).Status);
        await shop.End("c2", 300);
        var late = await shop.End("c1", 100);
        Assert.Equal(("0.100000", "-0.100000"), (late["total.amount"], late["balance.amount"]));
        Assert.Equal(late.Text, (await shop.End("c1", 100)).Text);
        Assert.Equal("-0.100000", (await customer.Balance())["balance.amount"]);
    }

    [BothDatabases]
    public async Task A_new_deck_takes_effect_at_its_date_without_a_restart_and_calls_keep_the_rate_of_their_start(
        DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var customer = await shop.Customer("10.00");
        await shop.Authorize("before", customer.Id);
        var import = new Tollkeeper.Engine.Rating.ImportDeck(served.Installation.Database, served.Clock);
        var version = await import.Run(new Tollkeeper.Engine.Rating.DeckImport(
            shop.DeckNo, Rounding.Micros, false, served.Clock.Now + Duration.FromHours(1),
            [SomeRates.Row("1", "North America", 6_000_000, 60, 60)], "", "test"));
        Assert.True(version.Accepted, version.Refused?.ToString());
        await served.Refresh();
        Assert.Equal("0.05000000", (await shop.Authorize("still", customer.Id))["rate.perMinute"]);
        await served.Move(Duration.FromHours(1));
        Assert.Equal("0.06000000", (await shop.Authorize("after", customer.Id))["rate.perMinute"]);
        Assert.Equal("0.050000", (await shop.End("before", 60))["total.amount"]);
        Assert.Equal("0.060000", (await shop.End("after", 60))["total.amount"]);
    }
}
