using Microsoft.Playwright;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Taxes;
using Tollkeeper.Host.Sandbox;
using Tollkeeper.Taxes;
using Tollkeeper.Tests.Scenarios;
using Xunit;

namespace Tollkeeper.Tests.Browser;

/// <summary>Money that comes, by clicking, in a real browser, with a gateway that posts what happens.</summary>
[Trait("Category", "needs-chromium")]
public sealed class MoneyStoriesTests
{
    [Fact]
    public async Task R8_R43_R97_Funds_are_added_by_a_card_whose_bank_asks_the_customer_to_confirm()
    {
        await using var premises = await Premises.Open();
        await using var sandbox = await Open(premises);
        var tab = await premises.SignedIn(Premises.Ana);
        var page = tab.Page;
        await page.ClickAsync("nav.side a[href='/finances/add-funds']");
        await page.FillAsync("#Amount", "100");
        await page.ClickAsync("text=See the total");
        await Assertions.Expect(page.Locator("#quote")).ToContainTextAsync("113.00");
        await page.ClickAsync("text=Continue to payment");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Outstanding");
        await page.ClickAsync("button:has-text('by card')");
        await Pay(page, "confirm");
        await page.ClickAsync("button[value=confirm]");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Thank you");
        await page.GotoAsync("/finances/account-balance");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("110.00");
        tab.HasNoComplaints();
    }

    [Fact]
    public async Task R77_R81_R89_R101_What_was_cancelled_at_PayPal_is_paid_later_by_the_mailed_link()
    {
        await using var premises = await Premises.Open();
        await using var sandbox = await Open(premises);
        var tab = await premises.SignedIn(Premises.Ana);
        var page = tab.Page;
        await page.GotoAsync("/finances/add-funds");
        await page.FillAsync("#Amount", "20");
        await page.ClickAsync("text=Continue to payment");
        await page.ClickAsync("button:has-text('by PayPal')");
        await page.ClickAsync("button[value=leave]");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("stays outstanding");
        await page.ClickAsync("text=Create invoice and mail it");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("on its way");
        var link = (await premises.Served.Mail(Premises.Ana)).Link;

        var stranger = await premises.Reader();
        var theirs = stranger.Page;
        await theirs.GotoAsync(link);
        await Assertions.Expect(theirs.Locator("main")).ToContainTextAsync("22.60");
        await theirs.ClickAsync("button:has-text('by PayPal')");
        await theirs.CheckAsync("input[value=paypal-echeck]");
        await theirs.ClickAsync("button[value=pay]");
        // An eCheck takes days: nothing is credited before it is there.
        await Assertions.Expect(theirs.Locator("main")).ToContainTextAsync("may take some days");
        await page.GotoAsync("/finances/account-balance");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("10.00");
        await theirs.GotoAsync(sandbox.Origin.AbsoluteUri);
        await theirs.ClickAsync("button[value=settle]");
        // The open page shows it by itself.
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("30.00", new() { Timeout = 15_000 });
        tab.HasNoComplaints();
    }

    [Fact]
    public async Task R11_R12_R19_R20_A_card_is_stored_charged_by_calls_turned_off_and_on_again()
    {
        await using var premises = await Premises.Open();
        await using var sandbox = await Open(premises);
        var tab = await premises.SignedIn(Premises.Ana);
        var page = tab.Page;
        await page.ClickAsync("nav.side a[href='/finances/automatic-billing']");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("as soon as a card is stored");
        await page.ClickAsync("text=Store a card");
        await Pay(page, "good");
        await Assertions.Expect(page.Locator("#Threshold")).ToBeVisibleAsync(new() { Timeout = 15_000 });
        await page.FillAsync("#Threshold", "9.99");
        await page.FillAsync("#Amount", "25");
        await page.ClickAsync("text=Update Settings");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Automatic billing is on");
        // While the call goes on, what it holds is not there any more.
        await premises.Begin("topping-up", "+14165550100", "+12125550100");
        await page.GotoAsync("/finances/account-balance");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("35.00", new() { Timeout = 15_000 });
        await page.GotoAsync("/finances/automatic-billing");
        await page.ClickAsync("[role=switch]");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Automatic billing is off");
        await Assertions.Expect(page.Locator("#Threshold")).ToHaveValueAsync("9.99");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("4242");
        await page.ClickAsync("[role=switch]");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Automatic billing is on");
        tab.HasNoComplaints();
    }

    [Fact]
    public async Task TAX_CA_07_Staff_refund_a_part_and_a_chargeback_that_is_won_comes_back()
    {
        await using var premises = await Premises.Open();
        await using var sandbox = await Open(premises);
        var ana = (await premises.SignedIn(Premises.Ana)).Page;
        await ana.GotoAsync("/finances/add-funds");
        await ana.FillAsync("#Amount", "100");
        await ana.ClickAsync("text=Continue to payment");
        await ana.ClickAsync("button:has-text('by card')");
        await Pay(ana, "good");
        await Assertions.Expect(ana.Locator("main")).ToContainTextAsync("Thank you");

        var tab = await premises.SignedIn(Premises.Sam);
        var page = tab.Page;
        await page.GotoAsync($"/office/customers/{premises.AccountId}/deposits");
        await page.ClickAsync("main table a");
        await page.FillAsync("#Amount", "40");
        await page.FillAsync("#Reason", "unused");
        await page.ClickAsync("text=Refund it");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("45.20");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Given back");
        await ana.GotoAsync("/finances/account-balance");
        await Assertions.Expect(ana.Locator("main")).ToContainTextAsync("70.00");

        await page.GotoAsync(sandbox.Origin.AbsoluteUri);
        await page.ClickAsync("button[value=dispute]");
        await Assertions.Expect(ana.Locator("main")).ToContainTextAsync("10.00", new() { Timeout = 15_000 });
        await page.ReloadAsync();
        await page.ClickAsync("button[value=win]");
        await Assertions.Expect(ana.Locator("main")).ToContainTextAsync("70.00", new() { Timeout = 15_000 });
    }

    /// <summary>On the gateway's own page.</summary>
    static async Task Pay(IPage page, string card)
    {
        await page.CheckAsync($"input[value={card}]");
        await page.SelectOptionAsync("#country", "CA");
        await page.FillAsync("#postal", "M5V 2T6");
        await page.ClickAsync("button[value=pay]");
    }

    /// <summary>Ana lives in Ontario, and the provider is registered there.</summary>
    static async Task<SandboxServer> Open(Premises premises)
    {
        var (database, clock) = (premises.Served.Installation.Database, premises.Served.Clock);
        await new SaveTaxRegistration(database, clock).Run(
            premises.Shop.Provider.No,
            new TaxRegistration(TaxRegister.GstHst, "123026635RT0001", new(2010, 1, 1), null), Actor.Named("test"));
        var accountNo = await premises.Served.AccountNo(premises.AccountId);
        var profile = Profile.Empty with
        {
            Service = new("1 Front St", "", "Toronto", "ON", "M5V 2T6", "CA"),
            BillingEmail = Premises.Ana,
        };
        await database.InTransaction((connection, transaction) =>
            ProfileStore.Save(connection, transaction, accountNo, profile));
        return await premises.Served.Sandbox();
    }
}
