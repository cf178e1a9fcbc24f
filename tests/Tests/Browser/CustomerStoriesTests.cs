using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Tests.Scenarios;
using Xunit;

namespace Tollkeeper.Tests.Browser;

/// <summary>What happens between a customer and a provider, by clicking, in a real browser.</summary>
[Trait("Category", "needs-chromium")]
public sealed class CustomerStoriesTests
{
    const string Next = "next@example.com";
    const string Finance = "finance@example.com";

    [Fact]
    public async Task From_sign_up_to_the_first_call()
    {
        await using var premises = await Premises.Open();
        var tab = await premises.Reader();
        var page = tab.Page;
        await page.GotoAsync("/sign-up");
        await Fill(page, ("Name", "Northwind Voice"), ("Email", Next), ("ContactName", "Zoë"));
        await page.SelectOptionAsync("#Type", "prepaid");
        await Fill(
            page, ("Phone", "+1 212 555 0100"), ("ServiceLine1", "1 Broadway"), ("ServiceCity", "New York"),
            ("ServicePostalCode", "10004"));
        await page.SelectOptionAsync("#ServiceCountry", "US");
        // The fields of the country come by themselves.
        await Assertions.Expect(page.Locator("select#ServiceRegion option[value=NY]")).ToHaveCountAsync(1);
        await page.SelectOptionAsync("#ServiceRegion", "NY");
        await page.ClickAsync("main form button.btn-primary");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("A mail is on its way");

        await page.GotoAsync((await premises.Served.Mail(Next)).Link);
        await Fill(page, ("New", Served.Password), ("Again", Served.Password));
        await page.ClickAsync("main form button.btn-primary");
        await SignIn(page, Next);
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Available");
        var user = await premises.Served.UserNamed(premises.Shop.Provider, Next);
        var id = await AccountId(premises, user.AccountNo!.Value);
        Assert.Equal("account_off_funds", (await premises.Shop.Authorize("first", id)).Refusal);
        await premises.Served.Deposit(id, "5");
        Assert.Equal(200, (await premises.Shop.Authorize("second", id)).Status);
        tab.HasNoComplaints();
    }

    [Fact]
    public async Task R73_The_primary_admin_hands_over_by_the_link_beside_a_user()
    {
        await using var premises = await Premises.Open();
        var ana = await premises.Served.UserNamed(premises.Shop.Provider, Premises.Ana);
        await premises.Served.User(
            premises.Shop.Provider, Next, Served.Password, ana.AccountNo, role: Role.Billing);
        var tab = await premises.SignedIn(Premises.Ana);
        var page = tab.Page;
        await page.ClickAsync("nav.side a[href='/account/users']");
        await page.ClickAsync($"main a:has-text('{Next}')");
        await page.ClickAsync("text=Make primary admin");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync($"{Next} becomes the primary admin");
        await page.SelectOptionAsync("#Role", "read-only");
        await page.FillAsync("#Proof", Served.Password);
        await page.ClickAsync("main form button.btn-danger");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("has its new primary admin");
        tab.HasNoComplaints();

        var theirs = await premises.SignedIn(Next);
        await theirs.Page.ClickAsync("nav.side a[href='/account/users']");
        await Assertions.Expect(theirs.Page.Locator($"tr:has-text('{Next}')")).ToContainTextAsync("Primary admin");
        await Assertions.Expect(theirs.Page.Locator($"tr:has-text('{Premises.Ana}')")).ToContainTextAsync("Read only");
        Assert.Contains(
            "another primary admin", (await premises.Served.Mail(Premises.Ana)).Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R50_A_suspension_for_a_violation_is_seen_outlasts_a_payment_and_ends_by_hand()
    {
        await using var premises = await Premises.Open();
        var sam = await premises.SignedIn(Premises.Sam);
        var page = sam.Page;
        await page.GotoAsync($"/office/customers/{premises.AccountId}/status");
        await page.SelectOptionAsync("#Reason", "violation-dialer");
        await page.FillAsync("#Remark", "900 calls of 3 s");
        await page.ClickAsync("form:has(#Reason) button.btn-danger");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("suspended for that reason");

        var ana = await premises.SignedIn(Premises.Ana);
        await Assertions.Expect(ana.Page.Locator("header")).ToContainTextAsync("Off");
        await Assertions.Expect(ana.Page.Locator("main")).Not.ToContainTextAsync("900 calls");
        await premises.Served.Deposit(premises.AccountId, "50");
        Assert.Equal("account_suspended", (await premises.Shop.Authorize("c1", premises.AccountId)).Refusal);
        Assert.Equal(200, (await premises.Shop.Authorize("c2", premises.AccountId, to: "911")).Status);

        await page.ClickAsync("button:has-text('Clear')");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Nobody has suspended this account");
        await Wait.Until(
            async () => (await premises.Shop.Authorize($"{Guid.NewGuid()}", premises.AccountId)).Status == 200,
            TimeSpan.FromSeconds(10), () => "the account is On again");
        Assert.Contains("suspended", (await premises.Served.Mail(Premises.Ana)).Subject, StringComparison.Ordinal);
        sam.HasNoComplaints();
    }

    [Fact]
    public async Task R54_R60_From_a_credit_application_to_an_approved_limit_to_Off_at_the_limit()
    {
        await using var premises = await Premises.Open();
        var customer = await premises.Shop.Customer(type: AccountType.Postpaid);
        var provider = premises.Shop.Provider;
        await premises.Served.User(provider, Next, Served.Password, await premises.Served.AccountNo(customer.Id));
        await premises.Served.User(provider, Finance, Served.Password, role: Role.Finance);
        var theirs = await premises.SignedIn(Next);
        await theirs.Page.ClickAsync("nav.side a[href='/account/credit']");
        await Fill(
            theirs.Page, ("Limit", "0.05"), ("Term", "14"), ("LegalName", "Northwind Voice Inc."),
            ("MonthlySpend", "about 100"));
        await theirs.Page.ClickAsync("main form button.btn-primary");
        await Assertions.Expect(theirs.Page.Locator("main")).ToContainTextAsync("is being looked at");

        var sam = await premises.SignedIn(Premises.Sam);
        await sam.Page.GotoAsync("/office/work");
        await sam.Page.ClickAsync("main a[href^='/office/work/']");
        await sam.Page.ClickAsync("main a[href*='/credit?application=']");
        await sam.Page.ClickAsync("form:has(#Limit) button.btn-primary");
        await Assertions.Expect(sam.Page.Locator("main")).ToContainTextAsync("waits for somebody else");
        var finance = await premises.SignedIn(Finance);
        await finance.Page.GotoAsync("/office/work");
        await finance.Page.ClickAsync("main a[href^='/office/work/']");
        await finance.Page.ClickAsync("button[name=Outcome][value=approve]");
        await finance.Page.WaitForURLAsync(url => !url.Contains("/apr_", StringComparison.Ordinal));

        var mail = await premises.Served.Mail(Next);
        Assert.Contains("credit limit is $0.0500", mail.Subject, StringComparison.Ordinal);
        await theirs.Page.ReloadAsync();
        await Assertions.Expect(theirs.Page.Locator("main")).ToContainTextAsync("14 days");
        var calls = 0;
        while ((await premises.Shop.Authorize($"call-{calls}", customer.Id)).Status == 200)
        {
            Assert.InRange(calls, 0, 100);
            await premises.Shop.End($"call-{calls++}", 300);
        }
        await theirs.Page.GotoAsync("/finances/account-balance");
        await Assertions.Expect(theirs.Page.Locator("header")).ToContainTextAsync("Off");
        theirs.HasNoComplaints();
    }

    [Fact]
    public async Task R82_A_low_balance_alert_comes_once_in_the_right_language_to_the_right_people()
    {
        await using var premises = await Premises.Open();
        var provider = premises.Shop.Provider;
        var no = (await premises.Served.UserNamed(provider, Premises.Ana)).AccountNo!.Value;
        await premises.Served.Reader(premises.Shop, no, "marie@example.com", Role.Billing, Language.French);
        await premises.Served.Reader(premises.Shop, no, "tech@example.com", Role.Technical, Language.Spanish);
        var ana = await premises.SignedIn(Premises.Ana);
        await ana.Page.GotoAsync("/account/notifications");
        await ana.Page.FillAsync("#Amount", "9.95");
        await ana.Page.ClickAsync("form:has(#Amount) button.btn-primary");
        await premises.Call("c1");
        await premises.Call("c2");

        var told = await premises.Served.Mail(Premises.Ana);
        Assert.Contains("$9.9500", told.Text, StringComparison.Ordinal);
        var marie = await premises.Served.Mail("marie@example.com");
        Assert.Contains("solde", marie.Subject, StringComparison.Ordinal);
        await ana.Page.ReloadAsync();
        await ana.Page.ClickAsync("main a[href*='/mai_']");
        await Assertions.Expect(ana.Page.Locator("main")).ToContainTextAsync(new Regex("9[.,]95"));
        Assert.Single(premises.Served.Mails(), mail => mail.To == Premises.Ana);
        Assert.Single(premises.Served.Mails(), mail => mail.To == "marie@example.com");
        Assert.DoesNotContain(premises.Served.Mails(), mail => mail.To == "tech@example.com");
        ana.HasNoComplaints();
    }

    static async Task Fill(IPage page, params (string Field, string Text)[] typed)
    {
        foreach (var (field, text) in typed) await page.FillAsync("#" + field, text);
    }

    static async Task SignIn(IPage page, string email)
    {
        await page.WaitForURLAsync("**/sign-in?done=reset");
        await new Pages.SignInPage(page).SignIn(email);
    }

    static async Task<string> AccountId(Premises premises, long no)
    {
        foreach (var id in await premises.Served.AccountsOf(premises.Shop.Provider))
            if (await premises.Served.AccountNo(id) == no) return id;
        throw new InvalidOperationException("The account is one of the provider's.");
    }
}
