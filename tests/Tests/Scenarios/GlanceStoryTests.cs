using Dapper;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Notifications;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>What goes on at a customer, on one page.</summary>
public sealed class GlanceStoryTests
{
    [BothDatabases]
    public async Task R53_R61_A_customer_s_page_says_what_waits_failed_was_paid_and_was_done(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var customer = await shop.Customer("10", type: AccountType.Postpaid);
        var no = await served.AccountNo(customer.Id);
        await served.User(shop.Provider, "ana@example.com", Served.Password, no);
        await served.User(shop.Provider, "owner@example.com", Served.Password, role: Role.Owner);
        await served.User(shop.Provider, "support@example.com", Served.Password, role: Role.Support);
        var (database, clock, sam) = (served.Installation.Database, served.Clock, Actor.Named("sam"));
        await new WriteNote(database, clock).Run(shop.Provider.No, no, "Wants <b>a limit</b> שלום", sam);
        await new SuspendAccount(database, clock).Run(no, "fraud", Directions.Outbound, sam);
        await new Propose(database, clock).Run(
            new NewApproval(
                shop.Provider.No, no, ApprovalKind.CreditLimit, "Northwind: 500.00",
                new CreditProposal(500_000_000, 30, null, null).ToJson()),
            sam);
        var mail = (await served.MailsOf(no, 1, MailState.Sent))[0];
        await using (var connection = await database.Connect())
        {
            await connection.ExecuteAsync(
                "update mail set state = @failed where id = @Id", new { failed = (short)MailState.Failed, mail.Id });
        }
        using var owner = await served.SignedIn(shop.Provider, "owner@example.com");
        var page = await owner.Open("/office/customers/" + customer.Id);
        foreach (var words in new[]
        {
            "Northwind: 500.00", "Wants <b>a limit</b> שלום", "ana@example.com · Primary admin", "has never signed in",
            "Not delivered", "Account suspended", "Last payment$10.0000 USD", "Postpaid",
            "Non-exempt: taxes are added to each deposit",
        })
            Assert.Contains(words, page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Null(page.Document.QuerySelector("main b"));
        foreach (var link in page.Document.QuerySelectorAll("main a[href^='/office/']"))
            Assert.Equal((link.GetAttribute("href"), 200), (link.GetAttribute("href"),
                (await owner.Open(link.GetAttribute("href")!)).Status));

        using var support = await served.SignedIn(shop.Provider, "support@example.com");
        var theirs = await support.Open("/office/customers/" + customer.Id);
        Assert.DoesNotContain("Account suspended", theirs.Text, StringComparison.Ordinal);
        Assert.Empty(theirs.Document.QuerySelectorAll("main a[href$='/audit']"));

        using var ana = await served.SignedIn(shop.Provider, "ana@example.com");
        var own = await ana.Open("/account");
        Assert.Contains("Last payment$10.0000 USD", own.Text, StringComparison.Ordinal);
        Assert.Contains("Credit limit", own.Text, StringComparison.Ordinal);
    }
}
