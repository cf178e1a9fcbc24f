using System.Text.Json;
using Microsoft.Playwright;
using Tollkeeper.Tests.Browser.Pages;
using Xunit;
using Xunit.Abstractions;

namespace Tollkeeper.Tests.Browser;

/// <summary>What a page costs a reader who has never been here, over a slow line.</summary>
[Trait("Category", "needs-chromium")]
public sealed class WeightTests(ITestOutputHelper output)
{
    const int MostBytes = 150 * 1_024;

    /// <summary>Fast 3G, as browsers' own tools simulate it: 1.6 Mbit/s down, 750 kbit/s up, 150 ms there and back.
    /// </summary>
    static readonly Dictionary<string, object> Fast3G = new()
    {
        ["offline"] = false,
        ["latency"] = 150,
        ["downloadThroughput"] = 1_600_000 / 8,
        ["uploadThroughput"] = 750_000 / 8,
    };

    const string LargestPaint =
        """
        () => new Promise(done => new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))
          .observe({ type: 'largest-contentful-paint', buffered: true }))
        """;

    [Fact]
    public async Task A_first_page_weighs_at_most_150_KB_and_asks_nobody_else_for_anything()
    {
        await using var premises = await Premises.Open();
        for (var i = 0; i < 12; i++) await premises.Call($"c{i}");
        foreach (var (email, path) in new (string?, string)[]
        {
            (null, SignInPage.Path), (Premises.Ana, BalancePage.Path), (Premises.Ana, CallsPage.Path),
            (Premises.Ana, SecurityPage.Path), (Premises.Sam, "/office/customers"),
        })
        {
            var tab = email is null ? await premises.Reader() : await premises.SignedIn(email);
            var line = await tab.Page.Context.NewCDPSessionAsync(tab.Page);
            var bytes = 0L;
            var hosts = new HashSet<string>();
            line.Event("Network.loadingFinished").OnEvent += (_, message) =>
                bytes += (long)message!.Value.GetProperty("encodedDataLength").GetDouble();
            tab.Page.Request += (_, request) => hosts.Add(new Uri(request.Url).Host);
            await line.SendAsync("Network.enable");
            await line.SendAsync("Network.setCacheDisabled", new() { ["cacheDisabled"] = true });
            await line.SendAsync("Network.emulateNetworkConditions", Fast3G);
            await tab.Page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Load });
            var paint = await tab.Page.EvaluateAsync<double>(LargestPaint);
            output.WriteLine($"{path}: {bytes:#,##0} bytes, largest paint after {paint:0} ms");
            Assert.InRange(bytes, 1_000, MostBytes);
            Assert.Equal([new Uri(tab.Page.Url).Host], hosts);
            await tab.Page.Context.CloseAsync();
        }
    }
}
