using Microsoft.Playwright;
using Tollkeeper.Tests.Browser.Pages;
using Tollkeeper.Tests.Scenarios;
using Xunit;

namespace Tollkeeper.Tests.Browser;

/// <summary>Everything with Tab, Enter and typing, and one always sees where one is.</summary>
[Trait("Category", "needs-chromium")]
public sealed class KeyboardTests
{
    const string Visible =
        """
        () => {
          const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
          if (at === document.body) return '';
          const lined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
          const shown = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
          return (lined || style.boxShadow !== 'none') && shown
            ? '' : `${at.outerHTML.slice(0, 120)} ${style.outline} ${box.top}`;
        }
        """;

    [Fact]
    public async Task With_the_keyboard_alone_a_customer_signs_in_finds_a_call_and_its_receipt_and_leaves()
    {
        await using var premises = await Premises.Open();
        await premises.Call("c1");
        await premises.Call("c2", to: "+15145550144");
        var tab = await premises.Reader();
        await new SignInPage(tab.Page).Open();
        await TabTo(tab, SignInPage.Email);
        await tab.Page.Keyboard.TypeAsync(Premises.Ana);
        await TabTo(tab, SignInPage.Password);
        await tab.Page.Keyboard.TypeAsync(Served.Password);
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.IsAt(BalancePage.Path);

        await TabTo(tab, ".skip", most: 1);
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.Page.Keyboard.PressAsync("Tab");
        Assert.True(await tab.Page.EvaluateAsync<bool>("() => !!document.activeElement.closest('main')"));

        await tab.Page.ReloadAsync();
        await TabTo(tab, "nav.side a[href='/calls']");
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.IsAt(CallsPage.Path);
        await TabTo(tab, "#number");
        await tab.Page.Keyboard.TypeAsync("5145550144");
        await TabTo(tab, CallsPage.Show);
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.Page.WaitForURLAsync("**/calls?*");
        Assert.Equal(1, await new CallsPage(tab.Page).Found.CountAsync());
        await TabTo(tab, CallsPage.Receipt);
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.Page.WaitForURLAsync("**/calls/call_*");

        await TabTo(tab, TopBar.PersonMenu);
        await tab.Page.Keyboard.PressAsync("Enter");
        await TabTo(tab, TopBar.SignOutButton);
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.IsAt(SignInPage.Path);
        tab.HasNoComplaints();
    }

    /// <summary>On with Tab until a place is reached; every place on the way shows that one is there.</summary>
    static async Task TabTo(Tab tab, string place, int most = 60)
    {
        for (var i = 0; i < most; i++)
        {
            await tab.Page.Keyboard.PressAsync("Tab");
            var unseen = await tab.Page.EvaluateAsync<string>(Visible);
            Assert.True(unseen.Length == 0, "The focus is not seen at " + unseen);
            if (await tab.Page.EvaluateAsync<bool>("place => document.activeElement.matches(place)", place)) return;
        }
        Assert.Fail($"{most} times Tab did not lead to {place}");
    }
}
