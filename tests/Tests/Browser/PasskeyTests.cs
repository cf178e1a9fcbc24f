using Microsoft.Playwright;
using Tollkeeper.Tests.Browser.Pages;
using Xunit;

namespace Tollkeeper.Tests.Browser;

/// <summary>Passkeys as a device makes and uses them, with one that Chromium plays.</summary>
[Trait("Category", "needs-chromium")]
public sealed class PasskeyTests
{
    [Fact]
    public async Task A_passkey_is_added_signed_in_with_and_removed()
    {
        await using var premises = await Premises.Open();
        var tab = await premises.Reader();
        await AddDevice(tab.Page);
        await new SignInPage(tab.Page).SignIn(Premises.Ana);
        var security = new SecurityPage(tab.Page);
        await security.Open();
        await security.AddPasskey("Ana's phone");
        await security.Passkey("Ana's phone").WaitForAsync();

        await new TopBar(tab.Page).SignOut();
        await new SignInPage(tab.Page).SignInWithPasskey();
        await tab.IsAt(BalancePage.Path);
        Assert.Equal("$10.0000 USD", await new BalancePage(tab.Page).Available());

        await security.Open();
        Assert.Contains("used", await tab.Text(".setting:has(bdi)"), StringComparison.OrdinalIgnoreCase);
        await security.RemovePasskey("Ana's phone");
        Assert.Equal(0, await security.Passkey("Ana's phone").CountAsync());
        tab.HasNoComplaints();

        await new TopBar(tab.Page).SignOut();
        await tab.Page.ClickAsync("[data-passkey-get]");
        await tab.Page.Locator("[data-passkey-message], [role=alert]").Filter(new() { HasTextRegex = new(@"\w") })
            .First.WaitForAsync();
        Assert.Contains(SignInPage.Path, tab.Page.Url, StringComparison.Ordinal);
    }

    /// <summary>A device that keeps passkeys, knows its owner and agrees at once.</summary>
    static async Task AddDevice(IPage page)
    {
        var devices = await page.Context.NewCDPSessionAsync(page);
        await devices.SendAsync("WebAuthn.enable");
        await devices.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
    }
}
