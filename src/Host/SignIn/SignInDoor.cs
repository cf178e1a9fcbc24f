using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Host.Shell;

namespace Tollkeeper.Host.SignIn;

/// <summary>What follows when a password was right.</summary>
enum NextStep
{
    SignedIn,
    SecondStep,
}

/// <summary>
/// Identity's ways of signing in, with sessions of our own at their end and tries counted at their beginning. It
/// answers the same, and as late, for an address that nobody has.
/// </summary>
sealed class SignInDoor(
    Installation installation, Visit visit, PasswordLooks looks, UserManager<SignInUser> users,
    IHttpContextAccessor http, IUserClaimsPrincipalFactory<SignInUser> claims, IOptions<IdentityOptions> options,
    ILogger<SignInManager<SignInUser>> log, IAuthenticationSchemeProvider schemes,
    IUserConfirmation<SignInUser> confirmation)
    : SignInManager<SignInUser>(users, http, claims, options, log, schemes, confirmation)
{
    readonly CountTries tries = new(installation.Database, installation.Clock);

    /// <summary>For the record: what the user proves itself with.</summary>
    string how = "";

    int ProviderNo
    {
        get
        {
            Demand.That(visit.Provider is not null, "people sign in at a provider's host");
            return visit.Provider.No;
        }
    }

    CancellationToken Aborted => Context.RequestAborted;

    /// <summary>
    /// Refusals: <see cref="Refusal.SignInFailed"/>, <see cref="Refusal.SignInLocked"/>, <see cref="Refusal.Busy"/>;
    /// only with the right password <see cref="Refusal.EmailNotConfirmed"/> and <see cref="Refusal.UserBarred"/>.
    /// </summary>
    public async Task<Result<NextStep>> ByPassword(string? email, string? password)
    {
        how = "password";
        if (!EmailAddress.TryParse(email, out var address)) return Refusal.SignInFailed;
        var begun = await tries.Begin(ProviderNo, address.Key, Aborted);
        if (begun.Refused is { } locked) return locked;
        var user = await UserManager.FindByEmailAsync(address.Text);
        var right = await looks.IsRight(user, password ?? "", Aborted);
        if (right.Refused is { } busy)
        {
            await tries.TakeBack(ProviderNo, address.Key, Aborted);
            return busy;
        }
        if (!right.Value || user is null) return Failed(Act.SignInFailed, address, user, begun.Value);
        if (Barred(user) is { } barred)
        {
            await tries.TakeBack(ProviderNo, address.Key, Aborted);
            return barred;
        }
        if (await IsTwoFactorEnabledAsync(user)) await tries.TakeBack(ProviderNo, address.Key, Aborted);
        var result = await SignInOrTwoFactorAsync(user, isPersistent: false);
        return result.RequiresTwoFactor ? NextStep.SecondStep : NextStep.SignedIn;
    }

    /// <summary>
    /// The code of an authenticator, or a recovery code. Refusals: <see cref="Refusal.NotSignedIn"/> where no password
    /// was right a few minutes ago, <see cref="Refusal.CodeWrong"/>, <see cref="Refusal.SignInLocked"/>,
    /// <see cref="Refusal.UserBarred"/>.
    /// </summary>
    public async Task<Result<NextStep>> ByCode(string? code, bool recovery)
    {
        how = recovery ? "password and recovery code" : "password and code";
        if (await GetTwoFactorAuthenticationUserAsync() is not { } user) return Refusal.NotSignedIn;
        var email = user.Row.Email;
        var begun = await tries.Begin(ProviderNo, email.Key, Aborted);
        if (begun.Refused is { } locked) return locked;
        if (Barred(user) is { } barred) return barred;
        var text = code is { Length: <= 40 } ? code : "";
        var result = recovery
            ? await TwoFactorRecoveryCodeSignInAsync(text)
            : await TwoFactorAuthenticatorSignInAsync(text, isPersistent: false, rememberClient: false);
        if (!result.Succeeded)
        {
            var failed = Failed(Act.SecondStepFailed, email, user, begun.Value);
            return failed.Refused is { Refusal: Refusal.SignInFailed } ? Refusal.CodeWrong : failed;
        }
        if (recovery) Record(Act.RecoveryCodeUsed, user);
        return NextStep.SignedIn;
    }

    /// <summary>
    /// A passkey that verified its user is both steps at once. Refusals: <see cref="Refusal.PasskeyRefused"/>,
    /// <see cref="Refusal.EmailNotConfirmed"/>, <see cref="Refusal.UserBarred"/>.
    /// </summary>
    public async Task<Result<NextStep>> ByPasskey(string? credential)
    {
        how = "passkey";
        if (await Asserted(credential) is not { Succeeded: true, User: { } user, Passkey: { } passkey })
        {
            installation.Records.Add(new AuditRecord(
                Act.SignInFailed, ProviderNo, null, null, "", how, ClientAddress.Of(Context)));
            return Refusal.PasskeyRefused;
        }
        if (Barred(user) is { } barred) return barred;
        var now = installation.Clock.GetCurrentInstant();
        var used = await installation.Database.InTransaction<bool>(
            (connection, transaction) => PasskeyStore.Used(
                connection, transaction, user.Row.No, passkey.CredentialId, passkey.SignCount, passkey.IsBackedUp, now),
            Aborted);
        if (!used) return Refusal.PasskeyRefused;
        await SignInOrTwoFactorAsync(user, isPersistent: false, bypassTwoFactor: true);
        return NextStep.SignedIn;
    }

    /// <summary>The end of each of these ways: a session, and a cookie that names it.</summary>
    public override async Task SignInWithClaimsAsync(
        SignInUser user, AuthenticationProperties? authenticationProperties, IEnumerable<Claim> additionalClaims)
    {
        var before = visit.Person;
        var id = await new StartSession(installation.Database, installation.Clock).Run(
            user.Row, how, ClientAddress.Of(Context), Aborted);
        // Whose session this browser had before has no cookie any more.
        if (before is not null) await End(before);
        await Context.SignInAsync(
            IdentityConstants.ApplicationScheme, SessionCookie.Principal(user.Row, id), authenticationProperties);
    }

    public override Task<bool> CanSignInAsync(SignInUser user) => Task.FromResult(Barred(user) is null);

    /// <summary>Every browser proves both steps each time.</summary>
    public override Task<bool> IsTwoFactorClientRememberedAsync(SignInUser user) => Task.FromResult(false);

    public override async Task SignOutAsync()
    {
        if (visit.Person is { } person) await End(person);
        visit.Person = null;
        await Context.SignOutAsync(IdentityConstants.ApplicationScheme);
        await Context.SignOutAsync(IdentityConstants.TwoFactorUserIdScheme);
    }

    Task End(Person person) =>
        new EndSession(installation.Database, installation.Clock, installation.Rules.Sessions).Run(
            person, ClientAddress.Of(Context));

    static Refusal? Barred(SignInUser user)
    {
        if (user.Row.Locked) return Refusal.UserBarred;
        return user.Row.EmailConfirmed ? null : Refusal.EmailNotConfirmed;
    }

    async Task<PasskeyAssertionResult<SignInUser>?> Asserted(string? credential)
    {
        if (string.IsNullOrEmpty(credential)) return null;
        try
        {
            return await PerformPasskeyAssertionAsync(credential);
        }
        catch (InvalidOperationException)
        {
            // The dialogue was not begun here, or took too long.
            return null;
        }
    }

    /// <summary>The fifth in a row says that it was the last for a while.</summary>
    Result<NextStep> Failed(Act act, EmailAddress email, SignInUser? user, SignInTries begun)
    {
        var locked = begun.LockedUntil is not null;
        installation.Records.Add(new AuditRecord(
            locked ? Act.SignInLocked : act, ProviderNo, user?.Row.No, user?.Row.AccountNo, email.Text, how,
            ClientAddress.Of(Context)));
        return locked ? Refusal.SignInLocked : Refusal.SignInFailed;
    }

    void Record(Act act, SignInUser user) => installation.Records.Add(new AuditRecord(
        act, ProviderNo, user.Row.No, user.Row.AccountNo, user.Row.Email.Text, how, ClientAddress.Of(Context)));
}
