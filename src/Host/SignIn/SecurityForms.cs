using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Host.Shell;

namespace Tollkeeper.Host.SignIn;

/// <summary>
/// What somebody who is signed in changes about the own sign-in: password, second step, passkeys. Each change goes on
/// record; a password that is asked for again is guarded by the same count of tries as the door.
/// </summary>
sealed class SecurityForms(
    Installation installation, Visit visit, PasswordLooks looks, UserManager<SignInUser> users, UserAdapter adapter,
    SignInDoor door, DoorLimits limits, IHttpContextAccessor http)
{
    public const int MostPasskeys = 20;
    const int RecoveryCodes = 10;

    /// <summary>A quarter of an hour, in the half minutes of authenticators.</summary>
    const int SetUpSteps = 30;
    const int LongestPasskeyName = 40;

    Person Who => visit.Person!;

    /// <summary>What was begun is done to its end, whether or not the browser still waits for the answer.</summary>
    static CancellationToken ToTheEnd => CancellationToken.None;

    public async Task<SignInUser> User()
    {
        var user = await users.FindByIdAsync(Who.UserId);
        // Removed a moment ago, and this node has not heard of it yet: asked again, there is no session.
        return user ?? throw new TimeoutException("The user of this session was removed.");
    }

    /// <summary>Every other session of the user ends.</summary>
    public async Task<Refusal?> ChangePassword(
        SignInUser user, string? formKey, string? current, string? wanted, string? again)
    {
        var done = await Once(user, formKey, async () => await Change() is { } refusal ? refusal : new byte[] { 1 });
        return done.Refused?.Refusal;

        async Task<Refusal?> Change()
        {
            if (await WrongPassword(user, current) is { } wrong) return wrong;
            if (PasswordRules.Problem(wanted, user.Row.Email, visit.Provider!.Name) is { } problem) return problem;
            if (wanted != again) return Refusal.PasswordsDiffer;
            var hash = await looks.Hash(wanted!, ToTheEnd);
            if (hash.Refused is { } busy) return busy.Refusal;
            user.Row = user.Row with { PasswordHash = hash.Value, Stamp = SaveUser.NewStamp() };
            return await Save(user, Act.PasswordChanged, NoticeKind.PasswordChanged);
        }
    }

    /// <summary>A key for an authenticator, which counts for nothing until a code of it was given.</summary>
    public async Task<Refusal?> BeginTwoStep(SignInUser user, string? password)
    {
        if (user.Row.TwoStep) return null;
        if (await WrongPassword(user, password) is { } wrong) return wrong;
        await adapter.SetAuthenticatorKeyAsync(user, users.GenerateNewAuthenticatorKey(), ToTheEnd);
        if (await Save(user) is { } refusal) return refusal;
        await installation.Database.InTransaction<bool>(
            async (connection, transaction) =>
            {
                await UserStore.BeginSteps(connection, transaction, user.Row.No, StepBefore);
                return true;
            },
            ToTheEnd);
        return null;
    }

    /// <summary>Recovery codes come with it, to be shown this once.</summary>
    public Task<Result<IReadOnlyList<string>>> TurnOnTwoStep(SignInUser user, string? formKey, string? code) =>
        Codes(user, formKey, async () =>
        {
            if (user.Row.TwoStep) return Refusal.FormSent;
            if (Lapsed(user)) return Refusal.CodeWrong;
            if (await WrongCode(user, code) is { } wrong) return wrong;
            user.Row = user.Row with { TwoStep = true, Stamp = SaveUser.NewStamp() };
            return await Save(user, Act.TwoStepOn, NoticeKind.TwoStepOn);
        });

    /// <param name="proof">The password, or a code of the authenticator.</param>
    public async Task<Refusal?> TurnOffTwoStep(SignInUser user, string? proof)
    {
        if (!user.Row.TwoStep) return null;
        if (await Unproven(user, proof) is { } wrong) return wrong;
        user.Row = user.Row with { TwoStep = false, AuthenticatorKey = null, Stamp = SaveUser.NewStamp() };
        if (await Save(user, Act.TwoStepOff, NoticeKind.TwoStepOff) is { } refusal) return refusal;
        await adapter.ReplaceCodesAsync(user, [], ToTheEnd);
        return null;
    }

    /// <summary>The former codes are good no more.</summary>
    /// <param name="proof">The password, or a code of the authenticator.</param>
    public Task<Result<IReadOnlyList<string>>> NewRecoveryCodes(SignInUser user, string? formKey, string? proof) =>
        Codes(user, formKey, async () => user.Row.TwoStep ? await Unproven(user, proof) : Refusal.FormSent);

    /// <summary>The dialogue was offered to nobody who had not proved to be the user.</summary>
    public async Task<Refusal?> AddPasskey(SignInUser user, string? credential, string? name)
    {
        if (string.IsNullOrEmpty(credential)) return Refusal.PasskeyRefused;
        if ((await users.GetPasskeysAsync(user)).Count >= MostPasskeys) return Refusal.TooManyPasskeys;
        // Of this very user: the dialogue may have been begun by whoever was signed in here before.
        if (await Attested(credential) is not { Succeeded: true, Passkey: { } passkey, UserEntity: { } entity }
            || entity.Id != user.Row.Id)
            return Refusal.PasskeyRefused;
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
            ToTheEnd);
        if (!renamed) return Foreign(id!);
        Record(user, Act.PasskeyRenamed, name!.Trim());
        return null;
    }

    public async Task<Refusal?> RemovePasskey(SignInUser user, string? id)
    {
        if (IdOf(id) is not { } credential) return Refusal.PageNotFound;
        var notice = Notice.ToUser(
            user.Row, new SignInNotice(visit.Language) { What = NoticeKind.PasskeyRemoved });
        var removed = await installation.Database.InTransaction<bool>(
            async (connection, transaction) =>
            {
                if (!await PasskeyStore.Remove(connection, transaction, user.Row.No, credential)) return false;
                await NoticeStore.Insert(connection, transaction, notice, installation.Clock.GetCurrentInstant());
                return true;
            },
            ToTheEnd);
        if (!removed) return Foreign(id!);
        Record(user, Act.PasskeyRemoved);
        return null;
    }

    public async Task<IReadOnlyList<Passkey>> Passkeys(SignInUser user)
    {
        await using var connection = await installation.Database.ConnectForPage(ToTheEnd);
        return await PasskeyStore.Of(connection, user.Row.No);
    }

    public async Task<IReadOnlyList<OwnSession>> Sessions()
    {
        await using var connection = await installation.Database.ConnectForPage(ToTheEnd);
        return await SessionStore.Of(connection, null, Who.UserNo, installation.Clock.GetCurrentInstant());
    }

    /// <param name="mark">See <see cref="OwnSession.Mark"/>.</param>
    public async Task<Refusal?> EndSession(string mark)
    {
        var ended = await Ends.One(Who, mark, ClientAddress.Of(http.HttpContext!), ToTheEnd);
        if (ended.Refused is { } refused) return refused.Refusal;
        await installation.Rules.Sessions.Forget([ended.Value], ToTheEnd);
        return null;
    }

    /// <summary>All but the one that this page is asked for in.</summary>
    public async Task<Refusal?> EndOtherSessions(Actor me)
    {
        var others = (await Sessions()).Where(one => one.Id != Who.SessionId).Select(one => one.Id).ToList();
        var ended = await Ends.All(Who.Team, Who.UserId, Who.SessionId, me, ToTheEnd);
        await installation.Rules.Sessions.Forget(others, ToTheEnd);
        return ended.Refused?.Refusal;
    }

    EndSessions Ends => new(installation.Database, installation.Clock);

    /// <summary>
    /// Mails to both addresses; nothing changes until both were answered. Refusals: <see cref="Refusal.BadEmail"/>,
    /// those of the proof, and of <see cref="ChangeEmail.Ask"/>.
    /// </summary>
    /// <param name="proof">The password, or a code of the authenticator.</param>
    public async Task<Refusal?> AskOtherEmail(SignInUser user, string? formKey, string? wished, string? proof)
    {
        var done = await Once(user, formKey, async () => await Ask() is { } refusal ? refusal : new byte[] { 1 });
        return done.Refused?.Refusal;

        async Task<Refusal?> Ask()
        {
            if (!EmailAddress.TryParse(wished?.Trim(), out var email)) return Refusal.BadEmail;
            if (await Unproven(user, proof) is { } wrong) return wrong;
            if (!limits.TryEnter(Entrance.NewMailbox, $"{Who.ProviderNo} {email.Key}")) return Refusal.TooManyTries;
            var asked = await new ChangeEmail(installation.Database, installation.Clock).Ask(
                user.Row, email, visit.Language, ClientAddress.Of(http.HttpContext!), ToTheEnd);
            return asked.Refused?.Refusal;
        }
    }

    public Task<int> RecoveryCodesLeft(SignInUser user) => users.CountRecoveryCodesAsync(user);

    /// <summary>The key as people type it, in groups of four; null where none was begun.</summary>
    public async Task<string?> AuthenticatorKey(SignInUser user) =>
        Lapsed(user) ? null : await users.GetAuthenticatorKeyAsync(user);

    /// <summary>A key that was begun and not confirmed for a while is shown to nobody who comes later.</summary>
    bool Lapsed(SignInUser user) =>
        !user.Row.TwoStep && StepBefore - user.Row.AuthenticatorStep > SetUpSteps;

    /// <summary>Before the codes that are good now: kept when a key is begun, it says when that was.</summary>
    long StepBefore => TimedCode.StepOf(installation.Clock.GetCurrentInstant()) - 2;

    /// <summary>
    /// New recovery codes, when nothing is against it. However often the form is sent, they are made once, and kept
    /// sealed for whoever pressed the button twice.
    /// </summary>
    async Task<Result<IReadOnlyList<string>>> Codes(SignInUser user, string? formKey, Func<Task<Refusal?>> against)
    {
        var purpose = "recovery codes to be shown to " + user.Row.Id;
        var done = await Once(user, formKey, async () =>
        {
            if (await against() is { } refusal) return refusal;
            var codes = Enumerable.Range(0, RecoveryCodes).Select(_ => RecoveryCode()).ToList();
            await adapter.ReplaceCodesAsync(user, codes, ToTheEnd);
            Record(user, Act.RecoveryCodesMade);
            return installation.KeyFile.Seal(purpose, Encoding.ASCII.GetBytes(string.Join(' ', codes)));
        });
        if (done.Refused is { } refused) return refused;
        var shown = installation.KeyFile.Unseal(purpose, done.Value);
        return shown.Refused is { } other ? other : Encoding.ASCII.GetString(shown.Value).Split(' ');
    }

    /// <summary>50 random bits, in two groups that can be read out.</summary>
    static string RecoveryCode()
    {
        var text = PublicId.Base32(RandomNumberGenerator.GetBytes(10)).ToUpperInvariant();
        return $"{text[..5]}-{text[5..10]}";
    }

    Task<Result<byte[]>> Once(SignInUser user, string? formKey, Func<Task<Result<byte[]>>> work) =>
        new SendOnce(installation.Database, installation.Clock).Run(user.Row.No, formKey, work, ToTheEnd);

    /// <param name="proof">The password, or a code of the authenticator.</param>
    public Task<Refusal?> Unproven(SignInUser user, string? proof) =>
        user.Row.TwoStep && proof?.Replace(" ", "", StringComparison.Ordinal) is { Length: 6 } code
            && code.All(char.IsAsciiDigit)
            ? WrongCode(user, code)
            : WrongPassword(user, proof);

    Task<Refusal?> WrongPassword(SignInUser user, string? password) => Counted(
        user, Refusal.PasswordWrong, () => looks.IsRight(user, password ?? "", ToTheEnd));

    Task<Refusal?> WrongCode(SignInUser user, string? code) => Counted(
        user, Refusal.CodeWrong, async () => await users.VerifyTwoFactorTokenAsync(
            user, users.Options.Tokens.AuthenticatorTokenProvider, code is { Length: <= 10 } ? code : ""));

    async Task<Refusal?> Counted(SignInUser user, Refusal wrong, Func<Task<Result<bool>>> look)
    {
        var (tries, email) = (new CountTries(installation.Database, installation.Clock), user.Row.Email);
        var begun = await tries.Begin(user.Row.ProviderNo, email.Key, ToTheEnd);
        if (begun.Refused is { } locked) return locked.Refusal;
        var right = await look();
        if (right.Refused is { } busy)
        {
            await tries.TakeBack(user.Row.ProviderNo, email.Key, ToTheEnd);
            return busy.Refusal;
        }
        if (right.Value) await tries.Forget(user.Row.ProviderNo, email.Key, ToTheEnd);
        return right.Value ? null : wrong;
    }

    async Task<Refusal?> Save(SignInUser user, Act act, NoticeKind letter)
    {
        var notice = new SignInNotice(visit.Language) { What = letter };
        if (await Save(user, (notice, installation.Clock.GetCurrentInstant())) is { } refusal) return refusal;
        Record(user, act);
        return null;
    }

    async Task<Refusal?> Save(SignInUser user, (NoticeData, Instant)? tell = null)
    {
        var saved = await new SaveUser(installation.Database, installation.Clock).Run(
            user.Row, Who.SessionId, tell, ToTheEnd);
        if (saved.Refused is { } refused) return refused.Refusal;
        user.Row = saved.Value;
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

    /// <summary>Not there, or somebody else's: the same answer, and on record.</summary>
    Refusal Foreign(string id)
    {
        ForeignId.Record(http.HttpContext!, "passkey " + id);
        return Refusal.PageNotFound;
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
