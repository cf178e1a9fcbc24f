using Microsoft.Playwright;
using Tollkeeper.Tests.Scenarios;

namespace Tollkeeper.Tests.Browser.Pages;

/// <summary>The door.</summary>
public sealed class SignInPage(IPage page)
{
    public const string Path = "/sign-in";
    public const string Email = "#email";
    public const string Password = "#password";

    public Task Open() => page.GotoAsync(Path);

    public async Task SignIn(string email)
    {
        await Open();
        await page.FillAsync(Email, email);
        await page.FillAsync(Password, Served.Password);
        await page.ClickAsync("form:has(#password) button");
        await page.WaitForURLAsync(url => !url.Contains(Path, StringComparison.Ordinal));
    }

    public async Task SignInWithPasskey()
    {
        await Open();
        await page.ClickAsync("[data-passkey-get]");
        await page.WaitForURLAsync(url => !url.Contains(Path, StringComparison.Ordinal));
    }
}
