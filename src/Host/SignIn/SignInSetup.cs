using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Host.Shell;

namespace Tollkeeper.Host.SignIn;

/// <summary>
/// Puts together who may come in: Identity over our own tables, cookies, their keys, the doors' limits.
/// </summary>
static class SignInSetup
{
    public static void Add(WebApplicationBuilder builder, Installation installation)
    {
        var services = builder.Services;
        // A failed sign-in is on record; the log is for what an operator has to mend.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Identity", LogLevel.Error);
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        services.AddSingleton<TimeProvider>(new ClockTime(installation.Clock));
        services.AddSingleton(new DoorLimits(installation.Clock));
        services.AddSingleton(new ActingPages(installation));
        services.AddSingleton<PasswordLooks>();
        services.AddSingleton(scope => new PublicUrl(installation.Settings, () => Listening(scope)));
        services.AddSingleton<MailDesk>();
        services.AddHostedService(scope => scope.GetRequiredService<MailDesk>());
        services.AddScoped<SecurityForms>();
        services.AddSingleton(new SendOnce(installation.Database, installation.Clock));
        services.AddDataProtection().SetApplicationName("tollkeeper");
        services.Configure<KeyManagementOptions>(keys =>
        {
            keys.XmlRepository = new SealedKeys(installation);
            keys.XmlEncryptor = new KeySealer(installation.KeyFile);
        });
        AddIdentity(services);
        var cookie = new SessionCookie(installation);
        services.AddAuthentication(IdentityConstants.ApplicationScheme)
            .AddCookie(IdentityConstants.ApplicationScheme, cookie.Set)
            .AddCookie(IdentityConstants.TwoFactorUserIdScheme, cookie.SetStep);
    }

    /// <summary>Before everything else: who asks, and whether over TLS, as the machines in front say.</summary>
    public static void UseProxies(WebApplication app, Installation installation)
    {
        if (Proxies.Read(installation.Settings.Proxies).Value is { } options) app.UseForwardedHeaders(options);
    }

    public static void Use(WebApplication app)
    {
        app.Use(new DoorGuard(app.Services.GetRequiredService<DoorLimits>()).Run);
    }

    public static void Map(WebApplication app)
    {
        SignOut.Map(app);
        PasskeyDoor.Map(app);
        PasskeyForms.Map(app);
    }

    static void AddIdentity(IServiceCollection services)
    {
        services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = PasswordHash.Iterations);
        services.Configure<IdentityPasskeyOptions>(passkeys =>
        {
            // A passkey replaces the password and the second step: it asks for a finger, a face or a PIN.
            passkeys.UserVerificationRequirement = "required";
            passkeys.ResidentKeyRequirement = "required";
            passkeys.ValidateOrigin = IsOwnOrigin;
        });
        services.AddIdentityCore<SignInUser>(identity =>
                identity.Tokens.AuthenticatorTokenProvider = TokenOptions.DefaultAuthenticatorProvider)
            .AddTokenProvider<AuthenticatorCodes>(TokenOptions.DefaultAuthenticatorProvider)
            .AddSignInManager<SignInDoor>();
        services.AddScoped<UserAdapter>();
        services.AddScoped<IUserStore<SignInUser>>(scope => scope.GetRequiredService<UserAdapter>());
        services.AddScoped(scope => (SignInDoor)scope.GetRequiredService<SignInManager<SignInUser>>());
        services.RemoveAll<IUserValidator<SignInUser>>();
        services.RemoveAll<IPasswordValidator<SignInUser>>();
        services.AddSingleton<ILookupNormalizer, EmailKeys>();
    }

    static string? Listening(IServiceProvider services) =>
        services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();

    /// <summary>The page that asked is of this very host, and in no frame of another.</summary>
    static ValueTask<bool> IsOwnOrigin(PasskeyOriginValidationContext context)
    {
        var visit = context.HttpContext.RequestServices.GetRequiredService<Visit>();
        return ValueTask.FromResult(
            !context.CrossOrigin && Uri.TryCreate(context.Origin, UriKind.Absolute, out var origin)
            && string.Equals(origin.Host, visit.Provider?.Host, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Addresses are found by our own key of them.</summary>
    sealed class EmailKeys : ILookupNormalizer
    {
        public string? NormalizeName(string? name) => NormalizeEmail(name);

        public string? NormalizeEmail(string? email) =>
            EmailAddress.TryParse(email, out var address) ? address.Key : email;
    }
}
