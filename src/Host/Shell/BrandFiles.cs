using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Providers;

namespace Tollkeeper.Host.Shell;

/// <summary>The provider's colours as a style sheet, and its logo. Their addresses change when they change.</summary>
sealed class BrandFiles(Installation installation)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/brand.css", Style).AllowAnonymous().WithMetadata(new NotAPageAttribute())
            .ExcludeFromDescription();
        routes.MapGet("/brand/logo", Logo).AllowAnonymous().WithMetadata(new NotAPageAttribute())
            .ExcludeFromDescription();
    }

    /// <summary>A path with a mark of the content, so that a browser may keep it for good.</summary>
    public static string StylePath(BrandKept kept) => "/brand.css?" + Mark(Encoding.ASCII.GetBytes(kept.Brand.Css));

    public static string LogoPath(BrandKept kept) => "/brand/logo?" + Mark(kept.Logo);

    Task Style(HttpContext http)
    {
        if (Of(http) is not { } kept) return ErrorPages.Answer(http, Refusal.PageNotFound);
        return Send(http, "text/css; charset=utf-8", Encoding.ASCII.GetBytes(kept.Brand.Css));
    }

    Task Logo(HttpContext http)
    {
        if (Of(http) is not { Brand.LogoType: { } type } kept) return ErrorPages.Answer(http, Refusal.PageNotFound);
        // An SVG may hold scripts: opened by itself, it may do nothing.
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
        return Send(http, type, kept.Logo);
    }

    BrandKept? Of(HttpContext http) =>
        http.RequestServices.GetRequiredService<Visit>().Provider is { } provider
            ? installation.Rules.Providers.BrandOf(provider)
            : null;

    static Task Send(HttpContext http, string type, byte[] content)
    {
        http.Response.ContentType = type;
        http.Response.ContentLength = content.Length;
        var marked = http.Request.QueryString.Value == "?" + Mark(content);
        http.Response.Headers.CacheControl = marked ? "public, max-age=31536000, immutable" : "no-cache";
        return http.Response.Body.WriteAsync(content, http.RequestAborted).AsTask();
    }

    static string Mark(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content))[..12];
}
