using Microsoft.Playwright;

namespace Tollkeeper.Tests.Browser.Pages;

/// <summary>Network settings, as a customer sees them.</summary>
public sealed class NetworkPage(IPage page)
{
    public const string Path = "/account/network";

    public async Task Open()
    {
        await page.GotoAsync(Path);
        await page.Locator("[data-live-state=live]").WaitForAsync();
        await page.EvaluateAsync("() => { window.isTheSame = true; }");
    }

    /// <summary>Whether it is still the page that was opened.</summary>
    public Task<bool> IsTheSame() => page.EvaluateAsync<bool>("() => window.isTheSame === true");

    public Task<string> Figure(string name) => page.Locator($"main [data-live={name}]").InnerTextAsync();

    public Task Moves(string figure, string to) =>
        page.Locator($"main [data-live={figure}]", new() { HasText = to }).WaitForAsync();
}
