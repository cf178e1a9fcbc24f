using System.Net;
using System.Text.RegularExpressions;
using Tollkeeper.Host.Shell;
using Tollkeeper.Tests.Engine;
using Tollkeeper.Tests.Tidy;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>What the pages load is in the program itself, small, and asked for once.</summary>
public sealed class WebFilesTests
{
    [Theory]
    [InlineData("app.css", "text/css")]
    [InlineData("page.js", "text/javascript")]
    [InlineData("icons.svg", "image/svg+xml")]
    [InlineData("inter-latin-wght-normal.woff2", "font/woff2")]
    public async Task An_asset_is_kept_for_ever_by_a_URL_of_its_content(string name, string type)
    {
        await using var served = await Served.Start(DatabaseKind.Sqlite);
        using var response = await served.Http.GetAsync(WebFiles.Url(name));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("public, max-age=31536000, immutable", response.Headers.CacheControl?.ToString());
        Assert.Matches(@"^/assets/[a-z-]+\.[0-9a-f]{10}\.[a-z0-9]+$", WebFiles.Url(name));
    }

    [Fact]
    public async Task Styles_come_compressed_to_whoever_reads_it_and_not_again_to_whoever_has_them()
    {
        await using var served = await Served.Start(DatabaseKind.Sqlite);
        var plain = await Get(served, "app.css", "identity");
        var gzip = await Get(served, "app.css", "gzip");
        var brotli = await Get(served, "app.css", "gzip, deflate, br");
        var refused = await Get(served, "app.css", "br;q=0, gzip;q=0");
        Assert.Equal(["", "gzip", "br", ""], new[] { plain, gzip, brotli, refused }.Select(one => one.Encoding));
        Assert.True(brotli.Length < gzip.Length && gzip.Length < plain.Length);

        using var again = new HttpRequestMessage(HttpMethod.Get, WebFiles.Url("app.css"));
        again.Headers.AcceptEncoding.ParseAdd("br");
        again.Headers.IfNoneMatch.ParseAdd(brotli.Tag);
        using var response = await served.Http.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, response.StatusCode);
    }

    [Fact]
    public async Task A_page_of_another_release_gets_the_nearest_asset_but_must_not_keep_it()
    {
        await using var served = await Served.Start(DatabaseKind.Sqlite);
        using var other = await served.Http.GetAsync("/assets/app.0000000000.css");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal("no-store", other.Headers.CacheControl?.ToString());
        foreach (var path in new[] { "/assets/none.0000000000.css", "/assets/app.css.br", "/assets/..%2fx" })
        {
            using var none = await served.Http.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        }
    }

    /// <summary>All that a first page with a chart loads; what is left is for the page itself.</summary>
    [Fact]
    public async Task Styles_scripts_and_font_leave_room_in_the_150_KB_of_a_first_page()
    {
        await using var served = await Served.Start(DatabaseKind.Sqlite);
        var sizes = new Dictionary<string, long>();
        foreach (var name in new[]
        {
            "app.css", "page.js", "live.js", "chart.js", "icons.svg", "favicon.svg", "inter-latin-wght-normal.woff2",
        })
            sizes[name] = (await Get(served, name, "br")).Length;
        Assert.InRange(sizes["app.css"], 5_000, 20_000);
        Assert.InRange(sizes["page.js"] + sizes["live.js"], 500, 4_000);
        Assert.InRange(sizes.Values.Sum(), 50_000, 110_000);
    }

    [Fact]
    public void Every_icon_that_a_page_names_is_there()
    {
        var named = new Regex("<Icon Name=\"([a-z0-9-]+)\"");
        var pages = SourceTree.Files("*.razor", "src/Host")
            .Select(path => File.ReadAllText(Path.Combine(SourceTree.Root, path)));
        Assert.All(
            pages.SelectMany(page => named.Matches(page)).Select(match => match.Groups[1].Value).Distinct(),
            name => Assert.EndsWith("#" + name, WebFiles.Icon(name), StringComparison.Ordinal));
    }

    static async Task<(string Encoding, long Length, string Tag)> Get(Served served, string name, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, WebFiles.Url(name));
        request.Headers.AcceptEncoding.ParseAdd(accept);
        using var response = await served.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var content = await response.Content.ReadAsByteArrayAsync();
        var encoding = response.Content.Headers.ContentEncoding.SingleOrDefault() ?? "";
        return (encoding, content.Length, response.Headers.ETag!.ToString());
    }
}
