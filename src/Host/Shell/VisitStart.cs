using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tollkeeper.Accounts;
using Tollkeeper.Providers;

namespace Tollkeeper.Host.Shell;

/// <summary>Finds out, before a page is made, at whose host it is asked for and in which language.</summary>
sealed class VisitStart(Installation installation)
{
    public const string LanguageCookie = "language";
    public const string ThemeCookie = "theme";

    public Task Run(HttpContext http, RequestDelegate next)
    {
        if (!IsPage(http.Request.Path) || IsAsset(http.Request.Path)) return next(http);
        var visit = http.RequestServices.GetRequiredService<Visit>();
        visit.At = installation.Clock.GetCurrentInstant();
        var address = http.Request.PathBase + http.Request.GetEncodedPathAndQuery();
        visit.Address = LocalAddress.IsLocal(address) ? address : "/";
        visit.IsThereToSee = HttpMethods.IsGet(http.Request.Method)
            || http.GetEndpoint()?.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("GET") == true;
        var provider = installation.Rules.Providers.ByHost(http.Request.Host.Host);
        if (provider.Accepted)
        {
            visit.Provider = provider.Value;
            visit.BrandName = installation.Rules.Providers.BrandOf(provider.Value).Brand.Name;
            var policy = installation.Rules.Providers.PolicyOf(provider.Value.No, visit.At);
            if (policy.Accepted)
            {
                visit.Policy = policy.Value.Policy;
                visit.Zone = BillingZone.Of(visit.Policy.Calendar).Value;
            }
        }
        Choose(visit, http.Request);
        if (visit.Provider is null && http.Request.Path != "/")
            return ErrorPages.Page(http, Refusal.UnknownProvider);
        // Known to be away: said at once, and not after each page has waited for it. Colours are in memory.
        var away = installation.Rules.IsStale && !Below(http.Request.Path, "/brand.css")
            && !Below(http.Request.Path, "/brand");
        return away ? ErrorPages.Page(http, Refusal.DatabaseAway) : next(http);
    }

    public static bool IsAsset(PathString path) => Below(path, "/assets");

    static bool Below(PathString path, string start) =>
        path.StartsWithSegments(start, StringComparison.OrdinalIgnoreCase);

    /// <summary>What is neither the API nor health is for people.</summary>
    public static bool IsPage(PathString path) =>
        !Below(path, "/v1") && !Below(path, "/health") && !Below(path, "/openapi");

    static void Choose(Visit visit, HttpRequest request)
    {
        var spoken = Languages.TryParse(request.Cookies[LanguageCookie], out var language);
        var lit = Enum.TryParse<Theme>(request.Cookies[ThemeCookie], ignoreCase: true, out var theme)
            && Enum.IsDefined(theme);
        visit.Choose(
            spoken ? language : null, Languages.Accepted(request.Headers.AcceptLanguage.ToString()),
            lit ? theme : null);
    }
}
