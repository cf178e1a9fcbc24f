using System.Text.Encodings.Web;
using Tollkeeper.Tests.Browser.Pages;
using Xunit;

namespace Tollkeeper.Tests.Browser;

/// <summary>What others write is text and nothing else: names, caller ids, destinations.</summary>
[Trait("Category", "needs-chromium")]
public sealed class ScriptInTextTests
{
    const string Script = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";

    [Fact]
    public async Task Script_in_names_caller_ids_and_destinations_is_shown_as_text()
    {
        await using var premises = await Premises.Open(Script, Script);
        await premises.Call("c1", from: Script);
        Assert.Equal(200, (await premises.Shop.Authorize(
            "c2", premises.AccountId, direction: "inbound", from: Script)).Status);
        var ana = await premises.SignedIn(Premises.Ana);
        foreach (var path in new[] { BalancePage.Path, CallsPage.Path })
        {
            await ana.Page.GotoAsync(path);
            await Shows(ana, Script);
        }
        await new CallsPage(ana.Page).OpenFirstReceipt();
        await Shows(ana, Script);
        var csv = await ana.Page.EvaluateAsync<string>(
            "async () => { const file = await fetch('/calls.csv'); "
            + "return file.headers.get('content-type') + '\\n' + await file.text(); }");
        Assert.StartsWith("text/csv", csv, StringComparison.Ordinal);
        Assert.Contains(Script.Replace("\"", "\"\"", StringComparison.Ordinal), csv, StringComparison.Ordinal);

        var sam = await premises.SignedIn(Premises.Sam);
        var customer = "/office/customers/" + premises.AccountId;
        foreach (var path in new[] { "/office/customers", customer, customer + "/calls" })
        {
            await sam.Page.GotoAsync(path);
            await Shows(sam, Script);
        }
        foreach (var path in new[] { "/calls?destination=", "/office/customers?search=", "/nowhere?" })
        {
            var tab = path.StartsWith("/office", StringComparison.Ordinal) ? sam : ana;
            await tab.Page.GotoAsync(path + UrlEncoder.Default.Encode(Script));
            Assert.Empty(tab.Complaints(404));
        }
    }

    static async Task Shows(Tab tab, string text)
    {
        Assert.Contains(text, await tab.Text("body"), StringComparison.Ordinal);
        Assert.Equal(0, await tab.Page.Locator("img[src='x']").CountAsync());
        tab.HasNoComplaints();
    }
}
