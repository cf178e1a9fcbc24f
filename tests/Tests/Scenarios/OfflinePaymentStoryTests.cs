using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Taxes;
using Tollkeeper.Taxes;
using Tollkeeper.Tests.Engine;
using Tollkeeper.Tests.Engine.Ledger;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>A wire that one of the staff records and another approves, and an ACH that comes back.</summary>
public sealed class OfflinePaymentStoryTests
{
    [BothDatabases]
    public async Task R80_A_wire_is_recorded_by_one_approved_by_another_and_posted_once_with_its_taxes(
        DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, customer, sam, fin) = await Stage(served);
        using var _ = fin;
        var page = await sam.FollowLink(
            await sam.Open($"/office/customers/{customer.Id}"), "main a[href^='/office/payments/record?customer=']");
        (string, string)[] wire =
        [
            ("Method", "Wire"), ("Amount", "113.00"), ("Received", "2026-03-02"), ("Reference", "FED <b>1</b> 電匯"),
        ];
        var look = await sam.Submit(page, "record", [.. wire, ("Do", "look")]);
        Assert.Equal(200, look.Status);
        var split = look.Document.QuerySelectorAll("dl.facts dd").Select(one => one.TextContent.Trim()).ToList();
        Assert.Equal(["$100.00", "$13.00"], split.TakeLast(2).Select(amount => amount.Split('\u00a0')[0]));
        var twice = await Task.WhenAll(sam.Submit(page, "record", wire), sam.Submit(page, "record", wire));
        Assert.All(twice, answer => Assert.Equal(303, answer.Status));
        var recorded = await sam.FollowAll(twice[0]);
        Assert.Contains("waits for a second person", recorded.Text, StringComparison.Ordinal);
        Assert.Equal("payment_known", (await sam.Submit(recorded, "record", wire)).Refusal);
        var own = await sam.FollowLink(await sam.Open("/office/work"), "main a[href^='/office/work/']");
        Assert.Equal("second_person", (await sam.Submit(own, "decide", ("Outcome", "approve"))).Refusal);

        var item = await fin.FollowLink(await fin.Open("/office/work"), "main a[href^='/office/work/']");
        Assert.Contains("FED <b>1</b> 電匯", item.Text, StringComparison.Ordinal);
        Assert.Contains("$13.00", item.Text, StringComparison.Ordinal);
        Assert.Equal(303, (await fin.Submit(item, "decide", ("Outcome", "approve"))).Status);
        Assert.Equal("100.000000", (await customer.Balance())["balance.amount"]);
        var entry = (await served.Get("/v1/entries", customer.OwnKey)).Json!["entries"]!.AsArray().Single();
        Assert.Equal("deposit taxed", $"{entry!["kind"]} {entry["taxStatus"]}");

        var back = await sam.FollowLink(
            await sam.Open(recorded.Path), "main a[href^='/office/payments/return?payment=']");
        Assert.Equal(
            "bad_date, field_empty",
            (await sam.Submit(back, "return", ("Returned", "2027-01-01"), ("Reason", ""))).Refusal);
        Assert.Equal(303, (await sam.Submit(
            back, "return", ("Returned", "2026-03-02"), ("Reason", "R10 unauthorised"))).Status);
        Assert.Equal("payment_gone", (await sam.Submit(
            back, "return", ("FormKey", SendOnce.NewKey()), ("Reason", "again"))).Refusal);
        item = await fin.FollowLink(await fin.Open("/office/work"), "main a[href^='/office/work/']");
        Assert.Contains("R10 unauthorised", item.Text, StringComparison.Ordinal);
        Assert.Equal(303, (await fin.Submit(item, "decide", ("Outcome", "approve"))).Status);
        Assert.Contains("came back", (await sam.Open(recorded.Path)).Text, StringComparison.Ordinal);
        Assert.Single(await served.Records(shop.Provider), record => record.Act == "offline_payment_posted");
        await Audited.Clean(served.Installation.Database, "after a wire");
    }

    [BothDatabases]
    public async Task What_is_typed_wrongly_gets_its_sentence_and_what_is_declined_may_be_recorded_anew(
        DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (_, customer, sam, fin) = await Stage(served);
        using var __ = fin;
        var page = await sam.Open($"/office/payments/record?customer={customer.Id}");
        foreach (var (method, amount, received, reference, refusals) in new[]
        {
            ("", "", "", "", "field_empty, bad_amount, bad_date"),
            ("Wire", "1e3", "2026-03-02", "r", "bad_amount"),
            ("Wire", "15,00", "2026-03-02", "r", "bad_amount"),
            ("Wire", "-5", "2026-03-02", "r", "amount_not_positive"),
            ("Wire", "15.001", "2026-03-02", "r", "amount_too_fine"),
            ("Wire", "99999999999999999999", "2026-03-02", "r", "bad_amount"),
            ("Wire", "15", "2026-03-03", "r", "bad_date"),
            ("Wire", "15", "2026-03-02", new string('x', 101), "bad_text"),
            ("Card", "15", "2026-03-02", "r", "field_empty"),
        })
        {
            var answer = await sam.Submit(
                page, "record", ("Method", method), ("Amount", amount), ("Received", received),
                ("Reference", reference));
            Assert.Equal((method, amount, refusals), (method, amount, answer.Refusal));
        }
        (string, string)[] cash =
            [("Method", "Cash"), ("Amount", "20"), ("Received", "2026-03-01"), ("Reference", "receipt 7")];
        Assert.Equal(303, (await sam.Submit(page, "record", cash)).Status);
        var item = await fin.FollowLink(await fin.Open("/office/work"), "main a[href^='/office/work/']");
        Assert.Equal(303, (await fin.Submit(item, "decide", ("Outcome", "decline"), ("Remark", "no such receipt")))
            .Status);
        Assert.Equal("0.000000", (await customer.Balance())["balance.amount"]);
        page = await sam.Open($"/office/payments/record?customer={customer.Id}");
        Assert.Contains("declined", page.Text, StringComparison.Ordinal);
        Assert.Equal(303, (await sam.Submit(page, "record", cash)).Status);
        Assert.Equal("unknown_deposit", (await sam.Submit(
            page, "record",
            [.. cash, ("Reference", "receipt 8"), ("Deposit", "dep_x"), ("FormKey", SendOnce.NewKey())])).Refusal);
    }

    [BothDatabases]
    public async Task R10_Instructions_are_saved_by_one_of_two_who_write_at_once(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (_, _, sam, fin) = await Stage(served);
        using var __ = fin;
        var (mine, theirs) = (await sam.Open("/office/payments/instructions?method=Ach"),
            await fin.Open("/office/payments/instructions?method=Ach"));
        var saved = await sam.FollowAll(await sam.Submit(
            mine, "instructions", ("TextEnglish", "Routing 123 <script>alert(1)</script>"), ("TextFrench", "Banque 🏦"),
            ("TextSpanish", ""), ("From", "")));
        Assert.Contains("The instructions are saved", saved.Text, StringComparison.Ordinal);
        Assert.Contains("Routing 123 <script>alert(1)</script>", saved.Text, StringComparison.Ordinal);
        Assert.Equal("changed_meanwhile", (await fin.Submit(
            theirs, "instructions", ("TextEnglish", "mine"), ("From", ""))).Refusal);
        Assert.Equal("bad_date", (await sam.Submit(
            saved, "instructions", ("TextEnglish", "x"), ("From", "soon"))).Refusal);
        Assert.Equal("bad_text", (await sam.Submit(
            saved, "instructions", ("TextEnglish", new string('x', 2_001)), ("From", ""))).Refusal);
    }

    static async Task<(Shop Shop, Customer Customer, Visitor Sam, Visitor Fin)> Stage(Served served)
    {
        var (shop, database) = (await served.Shop(), served.Installation.Database);
        var registered = await new SaveTaxRegistration(database, served.Clock).Run(
            shop.Provider.No, new TaxRegistration(TaxRegister.GstHst, "123026635RT0001", new(2010, 1, 1), null),
            Actor.Named("olga@example.com"));
        Assert.True(registered.Accepted, registered.Refused?.ToString());
        var customer = await shop.Customer();
        var no = await served.AccountNo(customer.Id);
        var profile = Profile.Empty with { Service = new("1 King St", "", "Toronto", "ON", "M5H 1A1", "CA") };
        await database.InTransaction((connection, transaction) =>
            ProfileStore.Save(connection, transaction, no, profile));
        await served.User(shop.Provider, "sam@example.com", Served.Password);
        await served.User(shop.Provider, "fin@example.com", Served.Password, role: Role.Finance);
        return (shop, customer, await served.SignedIn(shop.Provider, "sam@example.com"),
            await served.SignedIn(shop.Provider, "fin@example.com"));
    }
}
