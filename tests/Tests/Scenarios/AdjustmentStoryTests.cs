using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Host.Office;
using Tollkeeper.Ledger;
using Tollkeeper.Tests.Engine;
using Tollkeeper.Tests.Engine.Ledger;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>Money that staff put on a balance or take off it, and that customers move between their own.</summary>
public sealed class AdjustmentStoryTests
{
    [BothDatabases]
    public async Task ACC_01_A_small_credit_is_posted_at_once_and_a_larger_one_by_two_people(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, customer, sam) = await Stage(served);
        using var fin = await Finance(served, shop);
        var path = $"/office/customers/{customer.Id}/adjust";
        (string, string)[] small = [("Kind", "Goodwill"), ("Amount", "12.50"), ("Reason", "Outage of 3 March")];
        var form = await sam.Open(path);
        var twice = await Task.WhenAll(sam.Submit(form, "adjust", small), sam.Submit(form, "adjust", small));
        Assert.All(twice, answer => Assert.Equal(303, answer.Status));
        Assert.Contains("The balance is adjusted", (await sam.FollowAll(twice[0])).Text, StringComparison.Ordinal);
        Assert.Equal("22.500000", (await customer.Balance())["balance.amount"]);
        var mail = await served.Mail("ana@example.com");
        Assert.Contains("$12.50", mail.Subject, StringComparison.Ordinal);

        (string, string)[] large = [("Kind", "Promotion"), ("Amount", "25.01"), ("Reason", "Spring <b>offer</b>")];
        var proposed = await sam.FollowAll(await sam.Submit(await sam.Open(path), "adjust", large));
        Assert.Contains("waits for somebody else", proposed.Text, StringComparison.Ordinal);
        var own = await sam.FollowLink(await sam.Open("/office/work"), "main a[href^='/office/work/']");
        Assert.Equal("second_person", (await sam.Submit(own, "decide", ("Outcome", "approve"))).Refusal);
        var item = await fin.FollowLink(await fin.Open("/office/work"), "main a[href^='/office/work/']");
        Assert.Contains("Credit: promotion", item.Text, StringComparison.Ordinal);
        Assert.Contains("Spring <b>offer</b>", item.Text, StringComparison.Ordinal);
        var decided = await Task.WhenAll(
            fin.Submit(item, "decide", ("Outcome", "approve")), fin.Submit(item, "decide", ("Outcome", "approve")));
        Assert.Contains(decided, answer => answer.Status == 303);
        Assert.Equal("47.510000", (await customer.Balance())["balance.amount"]);

        var entries = (await served.Get("/v1/entries", customer.OwnKey)).Json!["entries"]!.AsArray();
        Assert.Equal(
            ["deposit exempt", "credit none", "credit none"],
            entries.Select(entry => $"{entry!["kind"]} {entry["taxStatus"]}"));
        Assert.Equal(2, (await served.Records(shop.Provider)).Count(record => record.Act == "balance_adjusted"));
        await Audited.Clean(served.Installation.Database, "after adjustments");
    }

    [BothDatabases]
    public async Task Whatever_is_typed_gets_its_sentence_and_nothing_is_posted(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, customer, sam) = await Stage(served);
        var form = await sam.Open($"/office/customers/{customer.Id}/adjust");
        foreach (var (kindOf, amount, reason, refusals) in new[]
        {
            ("", "", "", "field_empty, bad_amount"),
            ("Gift", "1", "r", "field_empty"),
            ("Goodwill", "1e3", "r", "bad_amount"),
            ("Goodwill", "15,00", "r", "bad_amount"),
            ("Goodwill", "-5", "r", "amount_not_positive"),
            ("Goodwill", "15.001", "r", "amount_too_fine"),
            ("Goodwill", "0", "r", "amount_not_positive"),
            ("Goodwill", "99999999999999999999", "r", "bad_amount"),
            ("Goodwill", "๑๒", "r", "bad_amount"),
            ("Goodwill", "<script>", "r", "bad_amount"),
            ("Goodwill", "1", new string('x', 201), "bad_text"),
            ("Debit", "10.01", "more than there is", "insufficient_funds"),
        })
        {
            var answer = await sam.Submit(form, "adjust", ("Kind", kindOf), ("Amount", amount), ("Reason", reason));
            Assert.Equal((kindOf, amount, refusals), (kindOf, amount, answer.Refusal));
        }
        Assert.Equal("10.000000", (await customer.Balance())["balance.amount"]);
        // The debit that was refused waits for nobody.
        Assert.DoesNotContain("/office/work/apv_", (await sam.Open("/office/work")).Html, StringComparison.Ordinal);
        Assert.Equal(303, (await sam.Submit(
            form, "adjust", ("Kind", "Debit"), ("Amount", "10"), ("Reason", "شكرا 🎁 <i>ok</i>"))).Status);
        Assert.Equal("0.000000", (await customer.Balance())["balance.amount"]);
        var stale = await sam.Submit(
            form, "adjust", ("Kind", "Goodwill"), ("Amount", "1"), ("Reason", "again"), ("FormKey", "nonsense"));
        Assert.Equal("form_sent", stale.Refusal);
    }

    [BothDatabases]
    public async Task A_credit_whose_posting_was_broken_off_is_posted_by_itself_and_once(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, customer, _) = await Stage(served);
        var (installation, accountNo) = (served.Installation, await served.AccountNo(customer.Id));
        var rules = new Tollkeeper.Providers.AdjustmentRules(25_000_000, 1);
        var adjustment = new Adjustment(AdjustmentKind.Goodwill, WalletName.Main, 5_000_000, "Outage");
        var proposed = await new ProposeAdjustment(installation.Database, served.Clock).Run(
            shop.Provider.No, accountNo, "five", adjustment, rules, Actor.Named("sam@example.com"));
        Assert.Equal(ApprovalOutcome.Approved, proposed.Value.Outcome);
        // Posted, and then broken off before anybody was told.
        var posted = await installation.Money.Post(
            new MoneyMove(
                shop.Provider.No, accountNo, WalletName.Main, EntryKind.Credit, new Money(5_000_000, Currency.Usd),
                LedgerCode.Promotions, proposed.Value.Id, "Outage"),
            0);
        Assert.True(posted.Accepted);
        await served.Move(Duration.FromMinutes(2));
        var decisions = new Decisions(installation, NullLogger.Instance);
        for (var again = 0; again < 3; again++) await decisions.ApplyLeftOver(CancellationToken.None);
        Assert.Equal("15.000000", (await customer.Balance())["balance.amount"]);
        Assert.Single(await served.Records(shop.Provider), record => record.Act == "balance_adjusted");
        var mail = await served.Mail("ana@example.com");
        Assert.Contains("$5.00", mail.Subject, StringComparison.Ordinal);
    }

    [BothDatabases]
    public async Task A_debit_that_is_approved_when_the_money_is_gone_waits_again_and_says_why(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, customer, sam) = await Stage(served);
        using var fin = await Finance(served, shop);
        Assert.Equal(303, (await sam.Submit(
            await sam.Open($"/office/customers/{customer.Id}/adjust"), "adjust", ("Kind", "Debit"), ("Amount", "30"),
            ("Reason", "Equipment"))).Status);
        var item = await fin.FollowLink(await fin.Open("/office/work"), "main a[href^='/office/work/']");
        Assert.Equal("insufficient_funds", (await fin.Submit(item, "decide", ("Outcome", "approve"))).Refusal);
        Assert.Contains("Could not take effect", (await fin.Open(item.Path)).Text, StringComparison.Ordinal);
        await customer.Deposit("20");
        Assert.Equal(303, (await fin.Submit(item, "decide", ("Outcome", "approve"))).Status);
        Assert.Equal("0.000000", (await customer.Balance())["balance.amount"]);
    }

    [BothDatabases]
    public async Task R51_A_customer_moves_money_between_two_balances_once(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop("wholesale-usd");
        var customer = await shop.Customer("10");
        var no = await served.AccountNo(customer.Id);
        await served.User(shop.Provider, "ana@example.com", Served.Password, no);
        await served.User(shop.Provider, "tec@example.com", Served.Password, no, role: Role.Technical);
        using var ana = await served.SignedIn(shop.Provider, "ana@example.com");
        using var tec = await served.SignedIn(shop.Provider, "tec@example.com");
        var form = await ana.FollowLink(await ana.Open("/finances/account-balance"), "main a[href='/finances/move']");
        foreach (var (from, amount, refusal) in new[]
        {
            ("outbound", "10.000001", "insufficient_funds"), ("inbound", "1", "insufficient_funds"),
            ("pocket", "1", "field_empty"), ("outbound", "15,00", "bad_amount"),
            ("outbound", "-5", "amount_not_positive"), ("outbound", "0.0000001", "bad_amount"),
            ("outbound", "", "bad_amount"), ("outbound", "1e3", "bad_amount"),
        })
            Assert.Equal(refusal, (await ana.Submit(form, "move", ("From", from), ("Amount", amount))).Refusal);
        (string, string)[] move = [("From", "outbound"), ("Amount", "2.5")];
        var twice = await Task.WhenAll(ana.Submit(form, "move", move), ana.Submit(form, "move", move));
        Assert.All(twice, answer => Assert.Equal(303, answer.Status));
        Assert.Contains("The money is moved", (await ana.FollowAll(twice[0])).Text, StringComparison.Ordinal);
        var wallets = (await customer.Balance()).Json!["wallets"]!.AsArray();
        Assert.Equal(
            ["outbound 7.500000", "inbound 2.500000"],
            wallets.Select(wallet => $"{wallet!["name"]} {wallet["balance"]!["amount"]}"));
        Assert.Single(await served.Records(shop.Provider), record => record.Act == "moved_between_wallets");
        Assert.Equal(404, (await tec.Open("/finances/move")).Status);
        Assert.DoesNotContain(
            "/finances/move", (await tec.Open("/finances/account-balance")).Html, StringComparison.Ordinal);
        await Audited.Clean(served.Installation.Database, "after a move");
    }

    static async Task<(Shop Shop, Customer Customer, Visitor Staff)> Stage(Served served)
    {
        var shop = await served.Shop();
        var customer = await shop.Customer("10");
        await served.User(shop.Provider, "ana@example.com", Served.Password, await served.AccountNo(customer.Id));
        await served.User(shop.Provider, "sam@example.com", Served.Password);
        return (shop, customer, await served.SignedIn(shop.Provider, "sam@example.com"));
    }

    static async Task<Visitor> Finance(Served served, Shop shop)
    {
        await served.User(shop.Provider, "fin@example.com", Served.Password, role: Role.Finance);
        return await served.SignedIn(shop.Provider, "fin@example.com");
    }
}
