using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Host.Shell;

namespace Tollkeeper.Host.SignIn;

/// <summary>
/// What somebody who is signed in changes about the own sign-in: password, second step, passkeys. Each change goes on
/// record; a password that is asked for again is guarded by the same count of tries as the door.
/// </summary>
sealed class SecurityForms(
    Installation installation, Visit visit, PasswordLooks looks, UserManager<SignInUser> users, SignInDoor door,
    IHttpContextAccessor http)
{
    public const int MostPasskeys = 20;
    const int RecoveryCodes = 10;
    const int LongestPasskeyName = 40;

    Person Who => visit.Person!;

    CancellationToken Aborted => http.HttpContext!.RequestAborted;

    public async Task<SignInUser> User()
    {
        var user = await users.FindByIdAsync(Who.UserId);
        Demand.That(user is not null, "whoever has a session is a user");
        return user;
    }

    /// <summary>Every other session of the user ends.</summary>
    public async Task<Refusal?> ChangePassword(SignInUser user, string? current, string? wanted, string? again)
    {
        if (await WrongPassword(user, current) is { } wrong) return wrong;
        if (PasswordRules.Problem(wanted, user.Row.Email, visit.Provider!.Name) is { } problem) return problem;
        if (wanted != again) return Refusal.PasswordsDiffer;
        var hash = await looks.Hash(user, wanted!, Aborted);
        if (hash.Refused is { } busy) return busy.Refusal;
        user.Row = user.Row with { PasswordHash = hash.Value, Stamp = SaveUser.NewStamp() };
        return await Save(user, Act.PasswordChanged);
    }

    /// <summary>A key for an authenticator, which counts for nothing until a code of it was given.</summary>
    public async Task<Refusal?> BeginTwoStep(SignInUser user) =>
        user.Row.TwoStep || (await users.ResetAuthenticatorKeyAsync(user)).Succeeded ? null : Refusal.ChangedMeanwhile;

    /// <summary>Recovery codes come with it, to be shown this once.</summary>
    public async Task<Result<IReadOnlyList<string>>> TurnOnTwoStep(SignInUser user, string? code)
    {
        if (user.Row.TwoStep) return Refusal.FormSent;
        var right = await users.VerifyTwoFactorTokenAsync(
            user, users.Options.Tokens.AuthenticatorTokenProvider, code is { Length: <= 10 } ? code : "");
        if (!right) return Refusal.CodeWrong;
        if (!(await users.SetTwoFactorEnabledAsync(user, true)).Succeeded) return Refusal.ChangedMeanwhile;
        Record(user, Act.TwoStepOn);
        return await NewCodes(user);
    }

    public async Task<Refusal?> TurnOffTwoStep(SignInUser user, string? password)
    {
        if (await WrongPassword(user, password) is { } wrong) return wrong;
        if (!(await users.SetTwoFactorEnabledAsync(user, false)).Succeeded) return Refusal.ChangedMeanwhile;
        user.Row = user.Row with { AuthenticatorKey = null };
        return await Save(user, Act.TwoStepOff);
    }

    /// <summary>The former codes are good no more.</summary>
    public async Task<Result<IReadOnlyList<string>>> NewRecoveryCodes(SignInUser user, string? password)
    {
        if (!user.Row.TwoStep) return Refusal.FormSent;
        if (await WrongPassword(user, password) is { } wrong) return wrong;
        return await NewCodes(user);
    }

    public async Task<Refusal?> AddPasskey(SignInUser user, string? credential, string? name)
    {
        if (string.IsNullOrEmpty(credential)) return Refusal.PasskeyRefused;
        if ((await users.GetPasskeysAsync(user)).Count >= MostPasskeys) return Refusal.TooManyTries;
        if (await Attested(credential) is not { Succeeded: true, Passkey: { } passkey }) return Refusal.PasskeyRefused;
        passkey.Name = PlainText.Fits(name, LongestPasskeyName) ? name!.Trim() : visit.BrandName;
        if (!(await users.AddOrUpdatePasskeyAsync(user, passkey)).Succeeded) return Refusal.PasskeyRefused;
        Record(user, Act.PasskeyAdded, passkey.Name);
        return null;
    }

    public async Task<Refusal?> RenamePasskey(SignInUser user, string? id, string? name)
    {
        if (!PlainText.Fits(name, LongestPasskeyName)) return Refusal.BadText;
        if (IdOf(id) is not { } credential) return Refusal.PageNotFound;
        var renamed = await installation.Database.InTransaction<bool>(
            (connection, transaction) => PasskeyStore.Rename(
                connection, transaction, user.Row.No, credential, name!.Trim()),
            Aborted);
        if (!renamed) return Refusal.PageNotFound;
        Record(user, Act.PasskeyRenamed, name!.Trim());
        return null;
    }

    public async Task<Refusal?> RemovePasskey(SignInUser user, string? id)
    {
        if (IdOf(id) is not { } credential) return Refusal.PageNotFound;
        var removed = await installation.Database.InTransaction<bool>(
            (connection, transaction) => PasskeyStore.Remove(connection, transaction, user.Row.No, credential),
            Aborted);
        if (removed) Record(user, Act.PasskeyRemoved);
        return null;
    }

    public async Task<IReadOnlyList<Passkey>> Passkeys(SignInUser user)
    {
        await using var connection = await installation.Database.Connect(Aborted);
        return await PasskeyStore.Of(connection, user.Row.No);
    }

    public Task<int> RecoveryCodesLeft(SignInUser user) => users.CountRecoveryCodesAsync(user);

    /// <summary>The key as people type it, in groups of four; null where none was begun.</summary>
    public async Task<string?> AuthenticatorKey(SignInUser user) => await users.GetAuthenticatorKeyAsync(user);

    async Task<Result<IReadOnlyList<string>>> NewCodes(SignInUser user)
    {
        var codes = await users.GenerateNewTwoFactorRecoveryCodesAsync(user, RecoveryCodes);
        if (codes is null) return Refusal.ChangedMeanwhile;
        Record(user, Act.RecoveryCodesMade);
        return codes.ToList();
    }

    async Task<Refusal?> WrongPassword(SignInUser user, string? password)
    {
        var (tries, email) = (new CountTries(installation.Database, installation.Clock), user.Row.Email);
        var begun = await tries.Begin(user.Row.ProviderNo, email.Key, Aborted);
        if (begun.Refused is { } locked) return locked.Refusal;
        var right = await looks.IsRight(user, password ?? "", Aborted);
        if (right.Refused is { } busy)
        {
            await tries.TakeBack(user.Row.ProviderNo, email.Key, Aborted);
            return busy.Refusal;
        }
        if (right.Value) await tries.Forget(user.Row.ProviderNo, email.Key, Aborted);
        return right.Value ? null : Refusal.PasswordWrong;
    }

    async Task<Refusal?> Save(SignInUser user, Act act)
    {
        var saved = await new SaveUser(installation.Database).Run(user.Row, Who.SessionId, Aborted);
        if (saved.Refused is { } refused) return refused.Refusal;
        user.Row = saved.Value;
        Record(user, act);
        return null;
    }

    async Task<PasskeyAttestationResult?> Attested(string credential)
    {
        try
        {
            return await door.PerformPasskeyAttestationAsync(credential);
        }
        catch (InvalidOperationException)
        {
            // The dialogue was not begun here, or took too long.
            return null;
        }
    }

    void Record(SignInUser user, Act act, string details = "") => installation.Records.Add(new AuditRecord(
        act, user.Row.ProviderNo, user.Row.No, user.Row.AccountNo, user.Row.Email.Text, details,
        ClientAddress.Of(http.HttpContext!)));

    static byte[]? IdOf(string? hex)
    {
        if (hex is not { Length: > 0 and <= 2_048 } || hex.Length % 2 != 0) return null;
        return hex.All(char.IsAsciiHexDigit) ? Convert.FromHexString(hex) : null;
    }
}
