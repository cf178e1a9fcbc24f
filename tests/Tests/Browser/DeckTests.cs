using Microsoft.Playwright;
using NodaTime;
using NodaTime.Text;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Tests.Scenarios;
using Xunit;

namespace Tollkeeper.Tests.Browser;

/// <summary>R65, R66: a new deck from upload to notice to effect, in a real browser.</summary>
[Trait("Category", "needs-chromium")]
public sealed class DeckTests
{
    const string File = "code,name,price\n+1,North America,0.06\n44,United Kingdom,0.50\n";

    [Fact]
    public async Task A_new_deck_is_uploaded_understood_looked_at_activated_and_in_force_on_its_day()
    {
        await using var premises = await Premises.Open();
        await premises.Call("c1");
        var tab = await premises.SignedIn(Premises.Sam);
        var page = tab.Page;
        await page.GotoAsync("/office/rates");
        await page.ClickAsync("text=evening");
        await page.ClickAsync("text=New version");
        await page.SetInputFilesAsync("#File", new FilePayload
        {
            Name = "winter.csv",
            MimeType = "text/csv",
            Buffer = System.Text.Encoding.UTF8.GetBytes(File),
        });
        await page.ClickAsync("text=Upload the file");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("winter.csv");
        Assert.Equal("Rate", await page.InputValueAsync("#Column2"));
        var day = (premises.Served.Clock.Now + Duration.FromDays(9)).InUtc().Date;
        await page.FillAsync("#From", LocalDatePattern.Iso.Format(day));
        await page.ClickAsync("text=Check every line");
        await Assertions.Expect(page.Locator("#difference-title + a, #difference-title")).Not.ToHaveCountAsync(0);
        await page.ClickAsync("dl.figures a >> nth=0");
        await Assertions.Expect(page.Locator("table")).ToContainTextAsync("44");
        await page.GoBackAsync();
        await page.ClickAsync("form[method=post] button.btn-primary:has-text('Activate from')");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("1 customer told");
        Assert.Empty(tab.Complaints(200));

        await using var connection = await premises.Served.Installation.Database.Connect();
        var deck = (await DeckStore.FindByName(connection, null, premises.Shop.Provider.No, "evening")).Value;
        await premises.Served.Move(Duration.FromDays(10));
        var found = (await premises.Served.Installation.Rules.Decks.Find(deck.No, premises.Served.Clock.Now)).Value;
        Assert.Equal(6_000_000, found.Find("14165550100", premises.Served.Clock.Now).Value.Rate.PerMinute.E8);
    }
}
