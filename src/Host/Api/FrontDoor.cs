using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Tollkeeper.Host.Api;

/// <summary>
/// What a visitor finds at the root. A demonstration lists its providers on any host that is none of theirs;
/// elsewhere an unknown host is told nothing.
/// </summary>
sealed class FrontDoor(Installation installation)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/", Show).ExcludeFromDescription();

    async Task Show(HttpContext http)
    {
        var host = http.Request.Host.Host;
        var known = installation.Rules.Providers.ByHost(host);
        if (known.Refused is { } unknown && !IsDemonstration)
        {
            await Door.Refuse(http, unknown);
            return;
        }
        var providers = installation.Rules.Providers.All
            .Where(provider => !known.Accepted || provider.No == known.Value.No)
            .Select(provider => (provider.Name, provider.Host));
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'none'; frame-ancestors 'none'";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        await http.Response.WriteAsync(Page(providers, http.Request.Host.Port));
    }

    bool IsDemonstration => File.Exists(Path.Combine(installation.Settings.DataFolder, "demo.json"));

    static string Page(IEnumerable<(string Name, string Host)> providers, int? port)
    {
        var page = new StringBuilder(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Tollkeeper</title></head>"
            + "<body><main><h1>Tollkeeper</h1><ul>");
        foreach (var (name, host) in providers)
        {
            var address = port is null ? host : $"{host}:{port}";
            page.Append("<li><a href=\"http://").Append(WebUtility.HtmlEncode(address)).Append("/\">")
                .Append(WebUtility.HtmlEncode(name)).Append("</a></li>");
        }
        return page.Append("</ul><p><a href=\"/openapi/v1.json\">The API</a></p></main></body></html>").ToString();
    }
}
