using Deque.AxeCore.Playwright;
using Tollkeeper.Engine.Payments.Gateways;
using Tollkeeper.Payments;
using Tollkeeper.Tests.Engine.Payments.Gateways;
using Xunit;

namespace Tollkeeper.Tests.Browser;

/// <summary>The sandbox's pages in a real browser without scripts, on their own origin and back.</summary>
[Trait("Category", "needs-chromium")]
public sealed class SandboxPagesTests
{
    static readonly Money Amount = new(113_000_000, Currency.Cad);

    [Fact]
    public async Task R2_Each_page_is_accessible_fits_and_leads_back_to_the_shop()
    {
        await using var stage = await SandboxStage.Open();
        var findings = new List<string>();
        foreach (var look in new[]
        {
            new Look { Language = Language.English },
            new Look { Width = Look.Phone, Language = Language.French, Dark = true },
            new Look { Width = Look.Narrow, Language = Language.Spanish },
        })
        {
            await using var reader = await Chromium.Reader(
                stage.Server.Origin.AbsoluteUri, look with { Scripts = false });
            var tab = await Tab.Open(reader);
            var page = await Open(stage, look.Language);
            await tab.Page.GotoAsync(page.Url.AbsoluteUri);
            Assert.Equal(look.Language.Tag(), await tab.Page.GetAttributeAsync("html", "lang"));
            await Judge(stage, look, page.Url.AbsoluteUri, findings);
            // A bank that declines, one that asks, and the way back to the shop.
            await tab.Page.CheckAsync("input[value=lost]");
            await tab.Page.ClickAsync("button[value=pay]");
            await tab.Page.WaitForSelectorAsync("[role=alert]");
            await tab.Page.CheckAsync("input[value=confirm]");
            await tab.Page.ClickAsync("button[value=pay]");
            await tab.Page.WaitForURLAsync("**/confirm*");
            await Judge(stage, look, tab.Page.Url, findings);
            await tab.Page.ClickAsync("button[value=confirm]");
            await tab.Page.WaitForURLAsync("**/finances/done");
            Assert.Equal("done at the merchant", await tab.Page.InnerTextAsync("body"));
            var paid = (await stage.Gateway.Capture(page.Reference, page.Reference, default)).Value;
            Assert.Contains(paid.Said, said => said.Event is PaymentSettled);
            await Judge(stage, look, stage.Server.Origin.AbsoluteUri, findings);

            var other = await Open(stage, look.Language);
            await tab.Page.GotoAsync(other.Url.AbsoluteUri);
            await tab.Page.ClickAsync("button[value=leave]");
            await tab.Page.WaitForURLAsync("**/finances/back");
            findings.AddRange(tab.Complaints());
        }
        Assert.Empty(findings);
    }

    static async Task Judge(SandboxStage stage, Look look, string url, List<string> findings)
    {
        // axe is a script of its own.
        await using var reader = await Chromium.Reader(stage.Server.Origin.AbsoluteUri, look);
        var tab = await Tab.Open(reader);
        await tab.Page.GotoAsync($"{url}{(url.Contains('?') ? "&" : "?")}lang={look.Language.Tag()}");
        if (Environment.GetEnvironmentVariable("TOLLKEEPER_SHOTS") is { Length: > 0 } folder)
            await tab.Page.ScreenshotAsync(new()
            {
                Path = Path.Combine(folder, $"{look.Width}-{new Uri(url).Segments[^1].Trim('/')}.png"),
                FullPage = true,
            });
        if (await tab.TooWide() is { } wide) findings.Add($"{url} ({look}): {wide}");
        findings.AddRange((await tab.Page.RunAxe()).Violations.Select(
            each => $"{url} ({look}): {each.Id} {string.Join(" … ", each.Nodes.Take(3).Select(node => node.Html))}"));
        findings.AddRange(tab.Complaints());
    }

    static async Task<HostedPage> Open(SandboxStage stage, Language language) => (await stage.Gateway.Open(
        new PageOrder(
            PagePurpose.Pay, $"pay_{Guid.NewGuid():n}", Amount, "Deposit 100.00 CAD", "ana@example.com", null, false,
            language.Tag(), new Uri(stage.Shop, "/finances/done"), new Uri(stage.Shop, "/finances/back")),
        default)).Value;
}
