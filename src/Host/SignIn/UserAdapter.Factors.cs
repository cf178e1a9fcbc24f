using System.Data.Common;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;

namespace Tollkeeper.Host.SignIn;

/// <summary>What a user has beside a password: an authenticator, recovery codes, passkeys.</summary>
sealed partial class UserAdapter :
    IUserAuthenticatorKeyStore<SignInUser>, IUserTwoFactorRecoveryCodeStore<SignInUser>,
    IUserPasskeyStore<SignInUser>
{
    /// <summary>Sealed with the key file: whoever reads the database alone learns no code.</summary>
    public Task SetAuthenticatorKeyAsync(SignInUser user, string key, CancellationToken cancellationToken) =>
        Change(user, row => row with
        {
            AuthenticatorKey = installation.KeyFile.Seal(AuthenticatorOf(user), Encoding.ASCII.GetBytes(key)),
        });

    public Task<string?> GetAuthenticatorKeyAsync(SignInUser user, CancellationToken cancellationToken)
    {
        if (user.Row.AuthenticatorKey is not { } kept) return Task.FromResult<string?>(null);
        var key = installation.KeyFile.Unseal(AuthenticatorOf(user), kept.Span);
        return Task.FromResult<string?>(Encoding.ASCII.GetString(key.Value));
    }

    public Task ReplaceCodesAsync(
        SignInUser user, IEnumerable<string> recoveryCodes, CancellationToken cancellationToken)
    {
        var macs = recoveryCodes.Select(code => Mac(user, code)).ToList();
        return Write(
            async (connection, transaction) =>
            {
                await RecoveryCodeStore.Replace(connection, transaction, user.Row.No, macs);
                return true;
            },
            cancellationToken);
    }

    public Task<bool> RedeemCodeAsync(SignInUser user, string code, CancellationToken cancellationToken) =>
        Write(
            async (connection, transaction) =>
                await RecoveryCodeStore.Use(connection, transaction, user.Row.No, Mac(user, code))
                && await Tell(connection, transaction, user, NoticeKind.RecoveryCodeUsed),
            cancellationToken);

    public async Task<int> CountCodesAsync(SignInUser user, CancellationToken cancellationToken)
    {
        await using var connection = await installation.Database.ConnectForPage(cancellationToken);
        return await RecoveryCodeStore.Count(connection, user.Row.No);
    }

    public async Task AddOrUpdatePasskeyAsync(
        SignInUser user, UserPasskeyInfo passkey, CancellationToken cancellationToken)
    {
        var row = new Passkey(
            passkey.CredentialId, user.Row.No, passkey.Name ?? "", passkey.PublicKey, passkey.SignCount,
            passkey.Transports ?? [], passkey.IsUserVerified, passkey.IsBackupEligible, passkey.IsBackedUp,
            passkey.AttestationObject, passkey.ClientDataJson, installation.Clock.GetCurrentInstant(), null);
        var saved = await Write(
            async (connection, transaction) =>
                await PasskeyStore.Insert(connection, transaction, row)
                && await Tell(connection, transaction, user, NoticeKind.PasskeyAdded),
            cancellationToken);
        Demand.That(saved, "a passkey that is there already was refused before it came here");
    }

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(SignInUser user, CancellationToken cancellationToken)
    {
        await using var connection = await installation.Database.ConnectForPage(cancellationToken);
        return [.. (await PasskeyStore.Of(connection, user.Row.No)).Select(ToIdentity)];
    }

    public async Task<SignInUser?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken)
    {
        await using var connection = await installation.Database.ConnectForPage(cancellationToken);
        if (await PasskeyStore.Find(connection, credentialId) is not { } passkey) return null;
        return Own(await UserStore.Find(connection, null, passkey.UserNo));
    }

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(
        SignInUser user, byte[] credentialId, CancellationToken cancellationToken)
    {
        await using var connection = await installation.Database.ConnectForPage(cancellationToken);
        var passkey = await PasskeyStore.Find(connection, credentialId);
        return passkey is not null && passkey.UserNo == user.Row.No ? ToIdentity(passkey) : null;
    }

    public Task RemovePasskeyAsync(SignInUser user, byte[] credentialId, CancellationToken cancellationToken) =>
        Write(
            (connection, transaction) => PasskeyStore.Remove(connection, transaction, user.Row.No, credentialId),
            cancellationToken);

    /// <summary>In the transaction of what is told, in case it was somebody else who did it.</summary>
    async Task<bool> Tell(DbConnection connection, DbTransaction transaction, SignInUser user, NoticeKind what)
    {
        var notice = Notice.ToUser(user.Row, new SignInNotice(visit.Language) { What = what });
        await NoticeStore.Insert(connection, transaction, notice, installation.Clock.GetCurrentInstant());
        return true;
    }

    static string AuthenticatorOf(SignInUser user) => "authenticator of " + user.Row.Id;

    /// <summary>People type codes with small letters, and with spaces at the ends.</summary>
    byte[] Mac(SignInUser user, string code) =>
        installation.KeyFile.Mac("recovery code of " + user.Row.Id, code.Trim().ToUpperInvariant());

    static UserPasskeyInfo ToIdentity(Passkey passkey) =>
        new(
            passkey.CredentialId, passkey.PublicKey, passkey.CreatedAt.ToDateTimeOffset(), (uint)passkey.SignCount,
            [.. passkey.Transports], passkey.UserVerified, passkey.BackupEligible, passkey.BackedUp,
            passkey.AttestationObject, passkey.ClientData)
        {
            Name = passkey.Name,
        };

    Task<bool> Write(Func<DbConnection, DbTransaction, Task<bool>> work, CancellationToken ct) =>
        installation.Database.InTransaction(work, ct);
}
