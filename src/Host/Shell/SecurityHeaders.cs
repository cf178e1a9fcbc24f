using Microsoft.AspNetCore.Http;

namespace Tollkeeper.Host.Shell;

/// <summary>What every answer tells the browser not to do.</summary>
static class SecurityHeaders
{
    /// <summary>Scripts, styles and fonts of our own only, none of them inline; nobody may frame a page.</summary>
    const string Pages =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Of a page that shows a mail in a frame.</summary>
    public const string WithFrame = Pages + "; frame-src 'self'";

    /// <summary>Of a page whose button leads to a gateway: browsers ask where a form's answer may send them.</summary>
    /// <param name="gateways">Origins.</param>
    public static string LeadingTo(IEnumerable<string> gateways) =>
        Pages.Replace(
            "form-action 'self'", $"form-action 'self' {string.Join(' ', gateways)}", StringComparison.Ordinal);

    /// <summary>Of a mail: it runs nothing, loads nothing, sends nothing, and stands in a page of ours only.</summary>
    public const string Mail =
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
        + "frame-ancestors 'self'; sandbox";

    /// <summary>Written when the answer begins, so that a failed request's page has them too.</summary>
    public static Task Add(HttpContext http, RequestDelegate next)
    {
        http.Response.OnStarting(static state => Write((HttpContext)state), http);
        return next(http);
    }

    static Task Write(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.TryAdd("Referrer-Policy", "same-origin");
        if (!VisitStart.IsPage(http.Request.Path)) return Task.CompletedTask;
        headers.TryAdd("Content-Security-Policy", Pages);
        headers.TryAdd("X-Frame-Options", "DENY");
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=()";
        // What a person sees is theirs: no cache between may keep it. Files with a mark of their content may be kept.
        headers.TryAdd("Cache-Control", "no-store");
        headers.Remove("blazor-enhanced-nav");
        return Task.CompletedTask;
    }
}
