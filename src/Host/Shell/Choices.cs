using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;

namespace Tollkeeper.Host.Shell;

/// <summary>What a reader chooses in the top bar, signed in or not: language, light or dark; kept for a year.</summary>
sealed class Choices(Installation installation)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/language", Language).AllowAnonymous()
            .WithMetadata(new WhileActingAttribute()).ExcludeFromDescription();
        routes.MapPost("/theme", SetTheme).AllowAnonymous()
            .WithMetadata(new WhileActingAttribute()).ExcludeFromDescription();
    }

    async Task Language(HttpContext http)
    {
        var form = await Form(http);
        if (Languages.TryParse(form["language"].ToString(), out var language))
        {
            Keep(http, VisitStart.LanguageCookie, language.Tag());
            await KeepForUser(http, user => user with { Language = language });
        }
        Back(http, form);
    }

    async Task SetTheme(HttpContext http)
    {
        var form = await Form(http);
        if (Enum.TryParse<Theme>(form["theme"].ToString(), out var theme) && Enum.IsDefined(theme))
        {
            Keep(http, VisitStart.ThemeCookie, theme.ToString().ToLowerInvariant());
            await KeepForUser(http, user => user with { Theme = theme });
        }
        Back(http, form);
    }

    static async Task<IFormCollection> Form(HttpContext http)
    {
        await http.RequestServices.GetRequiredService<IAntiforgery>().ValidateRequestAsync(http);
        return await http.Request.ReadFormAsync(http.RequestAborted);
    }

    /// <summary>For other browsers, and for mails; whoever changed the user at this moment goes first.</summary>
    async Task KeepForUser(HttpContext http, Func<User, User> change)
    {
        if (http.RequestServices.GetRequiredService<Visit>().Person is not { } person) return;
        var found = await Find(person.UserNo, http.RequestAborted);
        if (found.Accepted)
            await new SaveUser(installation.Database, installation.Clock).Run(
                change(found.Value), person.SessionId, http.RequestAborted);
    }

    /// <summary>The connection is given back before the user is saved by another: never two for one request.</summary>
    async Task<Result<User>> Find(long userNo, CancellationToken ct)
    {
        await using var connection = await installation.Database.ConnectForPage(ct);
        return await UserStore.Find(connection, null, userNo);
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
        && (address.Length == 1 || address[1] is not ('/' or '\\'))
        && !address.Any(c => !char.IsAscii(c) || char.IsControl(c));
}
