using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>
/// Someone at a browser without scripts: keeps cookies, follows no redirect by itself, and sends forms with all that
/// the page put into them.
/// </summary>
public sealed class Visitor : IDisposable
{
    readonly HttpClient http;
    readonly string host;
    readonly string language;

    public Visitor(Served served, string host, string language = "en")
    {
        (this.host, this.language) = (host, language);
        http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = served.Http.BaseAddress,
        };
    }

    /// <summary>What the browser would send back, by name.</summary>
    public Dictionary<string, string> Cookies { get; } = new(StringComparer.Ordinal);

    /// <summary>Sent with each request beside the usual ones.</summary>
    public Dictionary<string, string> Headers { get; } = new(StringComparer.Ordinal);

    /// <summary>Sends the form of the door, and stays where that answers.</summary>
    public async Task<Page> Knock(string email, string password, string path = "/sign-in") =>
        await Submit(await Open(path), null, ("Email", email), ("Password", password));

    public Task<Page> Open(string path) => Send(HttpMethod.Get, path, null);

    /// <summary>
    /// Sends the page's form that posts to a path, or has a name, or its only one, with some fields filled in.
    /// </summary>
    public async Task<Page> Submit(Page page, string? action, params (string Name, string Value)[] filled)
    {
        var form = page.Document.QuerySelectorAll<IHtmlFormElement>("main form[method=post]")
            .Concat(page.Document.QuerySelectorAll<IHtmlFormElement>("header form[method=post]"))
            .FirstOrDefault(each => action is null || PathOf(each, page) == action || NameOf(each) == action);
        Assert.True(
            form is not null, $"{page.Status} {page.Refusal} at {page.Path}: no form '{action}' in {page.Text}");
        var fields = form.QuerySelectorAll<IHtmlInputElement>("input")
            .Where(input => input.Name is not null && (input.Type is not ("checkbox" or "radio") || input.IsChecked))
            .Select(input => (Name: input.Name!, input.Value)).ToList();
        foreach (var select in form.QuerySelectorAll<IHtmlSelectElement>("select"))
            if (select.Name is { } name && select.Value is { } chosen) fields.Add((name, chosen));
        fields.RemoveAll(field => filled.Any(one => one.Name == field.Name));
        // The last one said of a name counts; a box that is not to be checked is filled in as empty.
        fields.AddRange(filled.GroupBy(one => one.Name).Select(group => group.Last()));
        return await Send(HttpMethod.Post, PathOf(form, page), new FormUrlEncodedContent(
            fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));
    }

    public async Task<Page> Send(HttpMethod method, string path, HttpContent? content)
    {
        using var request = Request(method, path, content);
        using var response = await http.SendAsync(request);
        Keep(response);
        return new Page(path, (int)response.StatusCode, response.Headers.Location?.OriginalString,
            await response.Content.ReadAsStringAsync())
        {
            Headers = response.Headers.ToDictionary(
                header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase),
        };
    }

    /// <summary>An answer that goes on and on: its head; the caller reads and disposes of it.</summary>
    public async Task<HttpResponseMessage> Listen(string path)
    {
        using var request = Request(HttpMethod.Get, path, null);
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Opens where the answer leads to.</summary>
    public Task<Page> Follow(Page page)
    {
        Assert.NotNull(page.Location);
        return Open(page.Location);
    }

    /// <summary>Goes on until there is a page to read.</summary>
    public async Task<Page> FollowAll(Page page)
    {
        for (var steps = 0; steps < 5 && page.Location is not null; steps++) page = await Follow(page);
        return page;
    }

    public void Dispose() => http.Dispose();

    HttpRequestMessage Request(HttpMethod method, string path, HttpContent? content)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Host = $"{host}:{http.BaseAddress!.Port}";
        request.Headers.AcceptLanguage.ParseAdd(language);
        foreach (var (name, value) in Headers) request.Headers.TryAddWithoutValidation(name, value);
        if (Cookies.Count > 0)
            request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        return request;
    }

    void Keep(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Set-Cookie", out var cookies)) return;
        foreach (var cookie in cookies)
        {
            var pair = cookie.Split(';')[0].Split('=', 2);
            // Taken away: an empty value with a date in the past.
            if (pair[1].Length == 0) Cookies.Remove(pair[0]);
            else Cookies[pair[0]] = pair[1];
        }
    }

    static string? NameOf(IElement form) => form.QuerySelector("input[name=_handler]")?.GetAttribute("value");

    static string PathOf(IElement form, Page page) =>
        form.GetAttribute("action") is { Length: > 0 } action ? action : page.Path;
}

/// <summary>What came back for a page.</summary>
public sealed record Page(string Path, int Status, string? Location, string Html)
{
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The refusal that the page names in small type for support.</summary>
    public string? Refusal => Document.QuerySelector(".refusal-name, .error-name code")?.TextContent;

    /// <summary>What a field of a form holds when the page is shown.</summary>
    public string? Field(string name) => Document.QuerySelector<IHtmlInputElement>($"input[name={name}]")?.Value;

    public IHtmlDocument Document => field ??= new HtmlParser().ParseDocument(Html);

    /// <summary>What a reader sees in the page's own part, blanks and line ends as single spaces.</summary>
    public string Text => string.Join(' ', (Document.QuerySelector("main")?.TextContent ?? Document.Body!.TextContent)
        .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Replace('\u00a0', ' ');
}
