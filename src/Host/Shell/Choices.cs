using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Tollkeeper.Host.Shell;

/// <summary>What a reader chooses in the top bar, signed in or not: language, light or dark; kept for a year.</summary>
static class Choices
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/language", Language).AllowAnonymous().ExcludeFromDescription();
        routes.MapPost("/theme", SetTheme).AllowAnonymous().ExcludeFromDescription();
    }

    static async Task Language(HttpContext http)
    {
        var form = await Form(http);
        if (Languages.TryParse(form["language"].ToString(), out var language))
            Keep(http, VisitStart.LanguageCookie, language.Tag());
        Back(http, form);
    }

    static async Task SetTheme(HttpContext http)
    {
        var form = await Form(http);
        if (Enum.TryParse<Theme>(form["theme"].ToString(), out var theme) && Enum.IsDefined(theme))
            Keep(http, VisitStart.ThemeCookie, theme.ToString().ToLowerInvariant());
        Back(http, form);
    }

    static async Task<IFormCollection> Form(HttpContext http)
    {
        await http.RequestServices.GetRequiredService<IAntiforgery>().ValidateRequestAsync(http);
        return await http.Request.ReadFormAsync(http.RequestAborted);
    }

    static void Keep(HttpContext http, string cookie, string value) => http.Response.Cookies.Append(
        cookie, value,
        new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = http.Request.IsHttps,
            MaxAge = TimeSpan.FromDays(365),
            Path = "/",
        });

    static void Back(HttpContext http, IFormCollection form)
    {
        var back = form["back"].ToString();
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = LocalAddress.IsLocal(back) ? back : "/";
    }
}

/// <summary>Addresses that a form or a link sends along to come back to: only ones of our own host.</summary>
static class LocalAddress
{
    public static bool IsLocal(string? address) =>
        address is ['/', ..] && address.Length <= 2_000
        && (address.Length == 1 || (address[1] is not ('/' or '\\') && !address.Any(char.IsControl)));
}
