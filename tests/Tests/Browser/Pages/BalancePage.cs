using Microsoft.Playwright;

namespace Tollkeeper.Tests.Browser.Pages;

/// <summary>Account Balance, where customers begin.</summary>
public sealed class BalancePage(IPage page)
{
    public const string Path = "/finances/account-balance";

    public ILocator Live => page.Locator("[data-live-state=live]");
    public ILocator Still => page.Locator("[data-live-state=still]");
    public ILocator LastCalls => page.Locator("#last-calls tbody tr");
    public ILocator CallsInProgress => page.Locator("#held-calls tbody tr");

    public Task Open() => page.GotoAsync(Path);

    public Task<string> Available() => Figure("available");

    public async Task<string> Figure(string name) =>
        (await page.Locator($"main [data-live={name}]").InnerTextAsync()).Replace('\u00a0', ' ');

    public Task Moves(string figure, string to) =>
        page.Locator($"main [data-live={figure}]", new() { HasText = to }).WaitForAsync();

    public async Task<int> DaysOfSpending()
    {
        await page.ClickAsync(".chart details summary");
        await page.Locator("[data-chart] tbody tr").First.WaitForAsync();
        return await page.Locator("[data-chart] tbody tr").CountAsync();
    }
}
