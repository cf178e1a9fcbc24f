using System.Diagnostics;
using Microsoft.Playwright;
using NodaTime;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Tests.Engine;
using Tollkeeper.Tests.Scenarios;
using Xunit;
using Xunit.Abstractions;

namespace Tollkeeper.Tests.Browser;

/// <summary>R52: what a reader sees of it.</summary>
public sealed class LivePageTests(ITestOutputHelper output)
{
    [Fact]
    public async Task R52_The_balance_and_the_last_calls_move_on_an_open_page()
    {
        await using var served = await Served.Start(DatabaseKind.Sqlite);
        var shop = await served.Shop();
        var customer = await shop.Customer("10.00");
        var accountNo = await new AccountDirectory(served.Installation.Database).Find(shop.Provider.No, customer.Id);
        await served.User(shop.Provider, "ana@example.com", "correct horse battery", accountNo.Value);
        await using var reader = await Chromium.Reader(served, shop.Provider.Host);
        var page = await reader.NewPageAsync();
        var errors = new List<string>();
        page.Console += (_, line) => errors.AddRange(line.Type == "error" ? [line.Text] : []);
        await page.GotoAsync("/sign-in");
        await page.FillAsync("#email", "ana@example.com");
        await page.FillAsync("#password", "correct horse battery");
        await page.PressAsync("#password", "Enter");
        await page.WaitForURLAsync("**/finances/account-balance");
        await page.Locator("[data-live-state=live]").WaitForAsync();
        Assert.Equal("$10.0000 USD", await Text("[data-live=available]"));

        Assert.Equal(200, (await shop.Authorize("c1", customer.Id)).Status);
        await page.Locator("#held-calls .card").WaitForAsync();
        await served.Move(Duration.FromSeconds(61));
        Assert.Equal(200, (await shop.End("c1", 61)).Status);
        var begun = Stopwatch.GetTimestamp();
        await page.Locator("[data-live=available]", new() { HasText = "$9.9000" }).WaitForAsync();
        output.WriteLine($"The balance moved after {Stopwatch.GetElapsedTime(begun).TotalMilliseconds:0} ms.");
        Assert.Equal("$0.1000 USD", await Text("[data-live=today]"));
        await page.Locator("#last-calls tbody tr").WaitForAsync();
        await page.Locator("#held-calls .card").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        Assert.Empty(errors);

        async Task<string> Text(string place) => (await page.Locator(place).InnerTextAsync()).Replace('\u00a0', ' ');
    }
}
