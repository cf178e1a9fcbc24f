using Tollkeeper.Accounts;
using Tollkeeper.Notifications;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>What a customer's users choose about mails, and what they may read.</summary>
public sealed class NotificationPageTests
{
    const string Path = "/account/notifications";

    [BothDatabases]
    public async Task R82_The_customer_chooses_the_amount_of_the_alert_within_the_policys_bounds(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var no = await served.AccountNo(await shop.Customer("30"));
        await served.Reader(shop, no, "ana@example.com", Role.PrimaryAdmin);
        using var ana = await served.SignedIn(shop.Provider, "ana@example.com");
        var page = await ana.Open(Path);
        Assert.Contains("$5.00 USD Your provider’s usual amount", page.Text, StringComparison.Ordinal);
        foreach (var bad in new[]
        {
            "0.99", "250.01", "-5", "twelve", "12.34567", "12 000", "1e3", "١٢", "📞", "\u202e12", "<b>12</b>",
            "<script>alert(1)</script>", new string('9', 20), "99999999999999999999999999999999",
        })
        {
            var refused = await ana.Submit(page, "alert", ("Amount", bad));
            Assert.Equal((422, "bad_amount"), (refused.Status, refused.Refusal));
            Assert.Equal(bad, refused.Field("Amount"));
            Assert.DoesNotContain("<script>alert", refused.Html, StringComparison.Ordinal);
        }
        for (var press = 0; press < 2; press++)
        {
            var done = await ana.FollowAll(await ana.Submit(page, "alert", ("Amount", " 12,50 ")));
            Assert.Contains("$12.50 USD Your own amount", done.Text, StringComparison.Ordinal);
            Assert.Equal("12.50", done.Field("Amount"));
        }
        var usual = await ana.FollowAll(await ana.Submit(page, "alert", ("Amount", "")));
        Assert.Contains("$5.00 USD Your provider’s usual amount", usual.Text, StringComparison.Ordinal);
        Assert.Equal(2, (await served.Acts(shop.Provider)).Count(act => act == "alert_set"));
        Assert.Empty(await served.MailsOf(no));
    }

    [BothDatabases]
    public async Task R72_Check_boxes_choose_mails_and_only_who_looks_after_billing_sets_the_amount(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var customer = await shop.Customer("30");
        var no = await served.AccountNo(customer);
        await served.Reader(shop, no, "ana@example.com", Role.PrimaryAdmin);
        await served.Reader(shop, no, "see@example.com", Role.ReadOnly);
        using var see = await served.SignedIn(shop.Provider, "see@example.com");
        var page = await see.Open(Path);
        Assert.DoesNotContain("name=\"Amount\"", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("checked", page.Html, StringComparison.Ordinal);
        var chosen = await see.FollowAll(await see.Submit(page, "topics", ("Topics", "Status")));
        Assert.Equal("Status", chosen.Document.QuerySelector("input[name=Topics][checked]")!.GetAttribute("value"));
        await customer.Suspend("violation", "outbound");
        Assert.Equal(2, (await served.MailsOf(no, 2, MailState.Sent)).Count);
        Assert.Equal(303, (await see.Submit(page, "topics", ("Topics", "Nonsense<script>"))).Status);
        await customer.Unsuspend("violation");
        Assert.Equal(3, (await served.MailsOf(no, 3, MailState.Sent)).Count);
    }

    [BothDatabases]
    public async Task Mails_about_somebodys_own_sign_in_are_that_users_alone(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var customer = await shop.Customer("30");
        var no = await served.AccountNo(customer);
        await served.Reader(shop, no, "ana@example.com", Role.PrimaryAdmin);
        await served.Reader(shop, no, "bo@example.com", Role.Technical);
        using var stranger = served.At(shop.Provider);
        await stranger.Submit(await stranger.Open("/forgot-password"), "mail", ("Email", "ana@example.com"));
        await served.MailsOf(no, 1, MailState.Sent);
        await customer.Suspend("violation", "outbound");
        var mails = await served.MailsOf(no, 3, MailState.Sent);
        using var ana = await served.SignedIn(shop.Provider, "ana@example.com");
        using var bo = await served.SignedIn(shop.Provider, "bo@example.com");
        Assert.Equal(3, Links(await ana.Open(Path)));
        Assert.Equal(2, Links(await bo.Open(Path)));
        Assert.Equal(200, (await ana.Open($"{Path}/{mails[0].Id}")).Status);
        foreach (var part in new[] { "", "/html", "/file" })
            Assert.Equal(404, (await bo.Open($"{Path}/{mails[0].Id}{part}")).Status);
        Assert.Contains("foreign_id_asked", await served.Acts(shop.Provider));
        var read = await bo.Open($"{Path}/{mails[1].Id}");
        Assert.Contains("frame-src 'self'", read.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        var html = await bo.Open($"{Path}/{mails[1].Id}/html");
        Assert.Equal("SAMEORIGIN", html.Headers["X-Frame-Options"]);
        Assert.Contains("default-src 'none'", html.Headers["Content-Security-Policy"], StringComparison.Ordinal);

        static int Links(Page page) => page.Document.QuerySelectorAll("a[href*='/mai_']").Length;
    }

    [BothDatabases]
    public async Task What_customers_are_called_is_text_in_mails_whatever_it_holds(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        const string name = "<script>alert(1)</script> & \u202emoc 📞 {0} {1}";
        var opened = await new Tollkeeper.Engine.Ledger.OpenAccount(served.Installation.Database, served.Clock).Run(
            new Tollkeeper.Engine.Accounts.NewAccount(
                shop.Provider.No, name, AccountType.Prepaid, shop.Provider.Currency, TaxStatus.NonExempt, shop.DeckNo,
                shop.DeckNo, 10, 10, null, []));
        var no = opened.Value.No;
        await served.Reader(shop, no, "ana@example.com", Role.PrimaryAdmin);
        await new Tollkeeper.Engine.Accounts.SuspendAccount(served.Installation.Database, served.Clock).Run(
            no, "violation", Directions.Both, Actor.Named("test"));
        await served.MailsOf(no, 1, MailState.Sent);
        var mail = served.Mails().Single();
        Assert.Contains(name, mail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", mail.Html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", mail.Html, StringComparison.Ordinal);
    }
}
