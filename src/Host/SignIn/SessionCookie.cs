using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Tollkeeper.Accounts;
using Tollkeeper.Host.Shell;

namespace Tollkeeper.Host.SignIn;

/// <summary>
/// The cookie that says which session a browser has, and what is asked of it at every request: the session stands, and
/// is of the provider whose host is asked. The cookie by itself is worth nothing.
/// </summary>
sealed class SessionCookie(Installation installation)
{
    public const string Name = "tollkeeper";

    /// <summary>Of the step between the password and the code, and of the dialogue with a passkey.</summary>
    public const string StepName = "tollkeeper-step";

    const string SessionClaim = "sid";

    static readonly TimeSpan StepLife = TimeSpan.FromMinutes(5);

    /// <summary>Until the browser is closed; the session's own life is kept by the database.</summary>
    public void Set(CookieAuthenticationOptions options)
    {
        SetCookie(options.Cookie, Name);
        options.ExpireTimeSpan = SessionLife.Longest.ToTimeSpan();
        options.SlidingExpiration = false;
        options.Events.OnValidatePrincipal = Validate;
    }

    public void SetStep(CookieAuthenticationOptions options)
    {
        SetCookie(options.Cookie, StepName);
        options.ExpireTimeSpan = StepLife;
        options.SlidingExpiration = false;
    }

    public static ClaimsPrincipal Principal(User user, string sessionId) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.NameIdentifier, user.Id), new Claim(SessionClaim, sessionId)],
        IdentityConstants.ApplicationScheme));

    void SetCookie(CookieBuilder cookie, string name)
    {
        cookie.Name = name;
        cookie.HttpOnly = true;
        cookie.SameSite = SameSiteMode.Lax;
        cookie.Path = "/";
        var https = installation.Settings.PublicUrl?.StartsWith("https://", StringComparison.OrdinalIgnoreCase) == true;
        cookie.SecurePolicy = https ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
    }

    /// <summary>What an open page asks for by itself keeps no session alive.</summary>
    async ValueTask<Result<Person>> Find(string id, HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<NotAPageAttribute>() is { Lasts: true }
            || Unseen.Is(http.Request)
            ? await installation.Rules.Sessions.Look(id, http.RequestAborted)
            : await installation.Rules.Sessions.Find(id, http.RequestAborted);

    async Task Validate(CookieValidatePrincipalContext context)
    {
        var visit = context.HttpContext.RequestServices.GetRequiredService<Visit>();
        var id = context.Principal?.FindFirstValue(SessionClaim);
        var found = id is null ? Refusal.NotSignedIn : await Find(id, context.HttpContext);
        // Whether the session stands is not known: the same page as when the database is away.
        if (found.Refused is { Refusal: Refusal.Busy }) throw new TimeoutException("Too many sessions at once.");
        if (found.Accepted && found.Value.ProviderNo == visit.Provider?.No)
        {
            visit.Person = found.Value;
            visit.Prefer(found.Value.Language, found.Value.Theme);
            return;
        }
        if (found.Accepted && visit.Provider is { } asked)
        {
            // Whose session it is, is not this provider's to know.
            ForeignId.Record(context.HttpContext, new AuditRecord(
                Act.OtherProvidersSession, asked.No, found.Value.UserNo, null, "", asked.Host,
                ClientAddress.Of(context.HttpContext)));
        }
        context.RejectPrincipal();
        if (visit.Provider is not null) await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
    }
}
