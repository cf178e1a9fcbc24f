using Tollkeeper.Tests.Browser.Pages;
using Xunit;

namespace Tollkeeper.Tests.Browser;

/// <summary>Everything by clicking, in a browser that runs no scripts.</summary>
[Trait("Category", "needs-chromium")]
public sealed class WithoutScriptsTests
{
    [Fact]
    public async Task Without_scripts_a_customer_reads_balance_calls_and_receipt_in_another_language_and_leaves()
    {
        await using var premises = await Premises.Open();
        await premises.Call("c1");
        await premises.Call("c2", to: "+15145550144");
        var tab = await premises.SignedIn(Premises.Ana, new Look { Scripts = false });
        await tab.IsAt(BalancePage.Path);
        var balance = new BalancePage(tab.Page);
        Assert.Equal("$9.8000 USD", await balance.Available());
        Assert.Equal(2, await balance.LastCalls.CountAsync());
        Assert.Equal(30, await balance.DaysOfSpending());

        await tab.Page.ClickAsync("nav.side a[href='/calls']");
        await tab.IsAt(CallsPage.Path);
        var calls = new CallsPage(tab.Page);
        Assert.Equal(2, await calls.Found.CountAsync());
        await calls.FindNumber("514 555 0144");
        Assert.Equal(1, await calls.Found.CountAsync());
        await calls.OpenFirstReceipt();
        Assert.Contains("0144", await tab.Text("main"), StringComparison.Ordinal);

        var receipt = tab.Page.Url;
        await new TopBar(tab.Page).Choose(Language.French);
        Assert.Equal(receipt, tab.Page.Url);
        Assert.Contains("Reçu", await tab.Text("main h1"), StringComparison.Ordinal);
        await new TopBar(tab.Page).SignOut();
        Assert.Equal("Ouvrir une session", await tab.Text("main h1"));
        await tab.Page.GotoAsync(receipt);
        Assert.Contains(SignInPage.Path, tab.Page.Url, StringComparison.Ordinal);
        tab.HasNoComplaints();
    }
}
