using Microsoft.Playwright;

namespace Tollkeeper.Tests.Browser.Pages;

/// <summary>The customer's calls, with a filter.</summary>
public sealed class CallsPage(IPage page)
{
    public const string Path = "/calls";
    public const string Receipt = "a[href^='/calls/call_']";
    public const string Show = ".filters-do button";

    public ILocator Found => page.Locator("section:has(#found-title) tbody tr");

    public Task Open() => page.GotoAsync(Path);

    public async Task FindNumber(string number)
    {
        await page.FillAsync("#number", number);
        await page.ClickAsync(Show);
        await page.WaitForURLAsync("**/calls?*number=*");
    }

    public async Task OpenFirstReceipt()
    {
        await page.Locator(Receipt).First.ClickAsync();
        await page.WaitForURLAsync("**/calls/call_*");
    }
}
