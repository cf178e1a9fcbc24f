using Microsoft.Playwright;

namespace Tollkeeper.Tests.Browser.Pages;

/// <summary>What stands above every page.</summary>
public sealed class TopBar(IPage page)
{
    public const string PersonMenu = "header .menu:has(form[action='/sign-out']) > summary";
    public const string SignOutButton = "form[action='/sign-out'] button";

    public async Task SignOut()
    {
        await page.ClickAsync(PersonMenu);
        await page.ClickAsync(SignOutButton);
        await page.WaitForURLAsync("**" + SignInPage.Path);
    }

    public async Task Choose(Language language)
    {
        await page.ClickAsync("header .menu:has(form[action='/language']) > summary");
        await page.ClickAsync($"form[action='/language'] button[value='{language.Tag()}']");
        await page.Locator($"html[lang^='{language.Tag()}']").WaitForAsync();
    }
}
