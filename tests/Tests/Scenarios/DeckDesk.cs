using System.Net.Http.Headers;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using NodaTime;
using NodaTime.Text;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Rating;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>One of the staff who brings a new version of a deck, step by step, as a browser without scripts would.
/// </summary>
sealed class DeckDesk(Served served, Visitor visitor, Deck deck)
{
    public string Deck => $"/office/rates/{deck.Id.Text}";

    /// <summary>What is sent again is the same press of the button.</summary>
    public async Task<Page> Upload(
        string file, string name = "deck.csv", string dates = "iso", bool zero = false, Page? form = null)
    {
        form ??= await visitor.Open(Deck + "/new");
        using var content = new MultipartFormDataContent();
        foreach (var hidden in form.Document.QuerySelectorAll<IHtmlInputElement>("main form input[type=hidden]"))
            content.Add(new StringContent(hidden.Value), hidden.Name!);
        content.Add(new StringContent(dates), "Dates");
        content.Add(new StringContent("30"), "First");
        content.Add(new StringContent("6"), "Next");
        if (zero) content.Add(new StringContent("yes"), "ZeroRates");
        var bytes = new ByteArrayContent(Encoding.UTF8.GetBytes(file));
        bytes.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        content.Add(bytes, "File", name);
        return await visitor.Send(HttpMethod.Post, Deck + "/drafts", content);
    }

    /// <summary>From the file to the page where it was checked; in so many days, or as soon as may be.</summary>
    public async Task<Page> Check(Page draft, int? days, params (string, string)[] said)
    {
        var date = days is { } ahead
            ? LocalDatePattern.Iso.Format((served.Clock.Now + Duration.FromDays(ahead)).InUtc().Date)
            : "";
        return await visitor.FollowAll(
            await visitor.Submit(draft, "columns", [("From", date), .. said]));
    }

    public async Task<Page> Brought(string file, int? days, params (string, string)[] said) =>
        await Check(await visitor.FollowAll(await Upload(file)), days, said);

    public async Task<Page> Do(Page draft, string form, params (string, string)[] filled) =>
        await visitor.FollowAll(await visitor.Submit(draft, form, filled));

    public static string Figure(Page page, string name)
    {
        var term = page.Document.QuerySelectorAll("dl dt").FirstOrDefault(dt => dt.TextContent.Trim() == name);
        Assert.True(term is not null, $"no {name}: {page.Text}");
        return term.NextElementSibling!.TextContent.Trim().Replace('\u00a0', ' ');
    }

    /// <summary>The rows of the page's tables, cells with a blank between them.</summary>
    public static IEnumerable<string> Rows(Page page) => page.Document.QuerySelectorAll("tbody tr").Select(
        row => string.Join(' ', row.QuerySelectorAll("td").Select(cell => cell.TextContent.Trim()))
            .Replace('\u00a0', ' '));

    public async Task<IReadOnlyList<DeckDraft>> Drafts()
    {
        await using var connection = await served.Installation.Database.Connect();
        return await DeckDraftStore.OfDeck(connection, deck.No, 10);
    }
}
