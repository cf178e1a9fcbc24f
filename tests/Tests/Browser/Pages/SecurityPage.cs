using Microsoft.Playwright;

namespace Tollkeeper.Tests.Browser.Pages;

/// <summary>What somebody signs in with.</summary>
public sealed class SecurityPage(IPage page)
{
    public const string Path = "/account/security";

    public ILocator Passkey(string name) => page.Locator(".setting bdi", new() { HasText = name });

    public Task Open() => page.GotoAsync(Path);

    public async Task AddPasskey(string name)
    {
        await page.FillAsync("#passkey-name", name);
        await page.FillAsync("#passkey-proof", Scenarios.Served.Password);
        await page.ClickAsync("[data-passkey-create]");
        await page.WaitForURLAsync(url => url.EndsWith("?done=passkey-added", StringComparison.Ordinal));
    }

    public async Task RemovePasskey(string name)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = $"Remove {name}" }).ClickAsync();
        await page.WaitForURLAsync(url => url.EndsWith("?done=passkey-removed", StringComparison.Ordinal));
    }
}
