using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>
/// Links in mails: 256 random bits of which only a hash is kept, good for one purpose, for a while, once.
/// </summary>
public sealed class MailLinks(Database database, IClock clock)
{
    /// <summary>The text that goes into the link; it cannot be read back.</summary>
    public async Task<string> Issue(User user, LinkPurpose purpose, CancellationToken ct = default)
    {
        var token = LinkToken.New();
        await database.InTransaction<bool>(
            async (connection, transaction) =>
            {
                await MailLinkStore.Insert(
                    connection, transaction, LinkToken.Sha256(token), user, purpose, clock.GetCurrentInstant());
                return true;
            },
            ct);
        return token;
    }

    /// <summary>
    /// Whose link it is, without using it, for a page that asks before it acts. Refusal:
    /// <see cref="Refusal.LinkSpent"/>.
    /// </summary>
    public async Task<Result<(User User, LinkPurpose Purpose)>> Look(
        int providerNo, string? token, CancellationToken ct = default)
    {
        if (token is not { Length: LinkToken.Length }) return Refusal.LinkSpent;
        await using var connection = await database.ConnectForPage(ct);
        var link = await MailLinkStore.Find(
            connection, null, LinkToken.Sha256(token), providerNo, clock.GetCurrentInstant());
        if (link.Refused is { } spent) return spent;
        var user = await UserStore.Find(connection, null, link.Value.UserNo);
        return user.Refused is { } unknown ? unknown : (user.Value, link.Value.Purpose);
    }

    /// <summary>
    /// Confirms the address that the link was sent to. Refusals: <see cref="Refusal.LinkSpent"/>,
    /// <see cref="Refusal.ChangedMeanwhile"/>.
    /// </summary>
    public Task<Result<User>> ConfirmEmail(
        int providerNo, string? token, string address, CancellationToken ct = default) =>
        Use(
            providerNo, token, [LinkPurpose.ConfirmEmail], Act.EmailConfirmed, address,
            user => user with { EmailConfirmed = true }, null, ct);

    /// <summary>
    /// Sets a new password, which confirms the address too: it was sent there. Every session of the user ends, tries
    /// are counted anew, and other links that were sent open nothing any more. Refusals as above.
    /// </summary>
    /// <param name="language">Of the page; who had a password before is told that it is another one now.</param>
    public Task<Result<User>> ResetPassword(
        int providerNo, string? token, string passwordHash, string address, Language? language,
        CancellationToken ct = default) =>
        Use(
            providerNo, token, [LinkPurpose.ResetPassword, LinkPurpose.Invitation], Act.PasswordReset, address,
            user => user with { EmailConfirmed = true, PasswordHash = passwordHash, Stamp = SaveUser.NewStamp() },
            new SignInNotice(language) { What = NoticeKind.PasswordChanged }, ct);

    async Task<Result<User>> Use(
        int providerNo, string? token, IReadOnlyList<LinkPurpose> purposes, Act act, string address,
        Func<User, User> change, NoticeData? tell, CancellationToken ct)
    {
        if (token is not { Length: LinkToken.Length }) return Refusal.LinkSpent;
        var sha256 = LinkToken.Sha256(token);
        return await database.InTransaction<User>(
            async (connection, transaction) =>
            {
                var now = clock.GetCurrentInstant();
                var revision = await RevisionStore.Raise(connection, transaction, Watched.Session);
                var link = await MailLinkStore.Find(connection, transaction, sha256, providerNo, now);
                if (link.Refused is { } spent) return spent;
                if (!purposes.Contains(link.Value.Purpose)) return Refusal.LinkSpent;
                if (!await MailLinkStore.Use(connection, transaction, sha256, now)) return Refusal.LinkSpent;
                var found = await UserStore.Find(connection, transaction, link.Value.UserNo);
                if (found.Refused is { } unknown) return unknown;
                var user = change(found.Value);
                if (!await UserStore.Update(connection, transaction, user, revision)) return Refusal.ChangedMeanwhile;
                if (user.Stamp != found.Value.Stamp)
                {
                    await ActingEnds.OfEnded(connection, transaction, user, revision, now, user.Email.Text);
                    await SignInTriesStore.Forget(connection, transaction, providerNo, user.Email.Key);
                }
                var record = new AuditRecord(
                    act, providerNo, user.No, user.AccountNo, user.Email.Text, $"{link.Value.Purpose}", address);
                await AuditRecordStore.Insert(connection, transaction, record, now);
                if (tell is not null && found.Value.PasswordHash is not null)
                    await NoticeStore.Insert(connection, transaction, Notice.ToUser(user, tell), now);
                return user with { Version = user.Version + 1 };
            },
            ct);
    }
}
