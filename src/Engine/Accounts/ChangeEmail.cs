using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>
/// Lets a user sign in with another address, once a link was followed at both: whoever has only a browser that was left
/// open, or only one of the mailboxes, takes nobody's access away.
/// </summary>
public sealed class ChangeEmail(Database database, IClock clock)
{
    /// <summary>
    /// Writes the mails to both addresses. Refusals: <see cref="Refusal.UnknownUser"/>,
    /// <see cref="Refusal.AlreadyExists"/> when the address is a user's at this provider, also one's own.
    /// </summary>
    public Task<Result<string>> Ask(
        User user, EmailAddress wished, Language language, string address, CancellationToken ct = default) =>
        database.InTransaction<string>(
            async (connection, transaction) =>
            {
                var now = clock.GetCurrentInstant();
                // Of two wishes at once the second takes the place of the first.
                await RevisionStore.Raise(connection, transaction, Watched.Session);
                var taken = await UserStore.Find(connection, transaction, user.ProviderNo, wished.Key);
                if (taken.Accepted) return new Refused(Refusal.AlreadyExists, "Email");
                var id = Database.NewId(PublicId.EmailChange).Text;
                await EmailChangeStore.Insert(connection, transaction, id, user, wished, now);
                var notice = new EmailChangeNotice(id, user.Email.Text, wished.Text, language);
                foreach (var what in (NoticeKind[])[NoticeKind.LeaveEmail, NoticeKind.TakeEmail])
                {
                    await NoticeStore.Insert(
                        connection, transaction, Notice.ToUser(user, notice with { What = what }), now);
                }
                var record = new AuditRecord(
                    Act.EmailChangeAsked, user.ProviderNo, user.No, user.AccountNo, user.Email.Text, wished.Text,
                    address);
                await AuditRecordStore.Insert(connection, transaction, record, now);
                return id;
            },
            ct);

    /// <summary>
    /// The text for the link of the mail that is about to be sent; it is kept nowhere. Refusal:
    /// <see cref="Refusal.LinkSpent"/>, where the wish is no more.
    /// </summary>
    public async Task<Result<string?>> IssueToken(string id, bool atFormer, CancellationToken ct = default)
    {
        var token = LinkToken.New();
        var set = await database.InTransaction(
            (connection, transaction) => EmailChangeStore.SetToken(
                connection, transaction, id, atFormer, LinkToken.Sha256(token)),
            ct);
        return set ? token : Refusal.LinkSpent;
    }

    /// <summary>Whose wish it is, without confirming it. Refusal: <see cref="Refusal.LinkSpent"/>.</summary>
    public async Task<Result<(User User, EmailChange Change)>> Look(
        int providerNo, string? token, CancellationToken ct = default)
    {
        if (token is not { Length: LinkToken.Length }) return Refusal.LinkSpent;
        await using var connection = await database.ConnectForPage(ct);
        var found = await EmailChangeStore.Find(
            connection, null, providerNo, LinkToken.Sha256(token), clock.GetCurrentInstant());
        if (found.Refused is { } spent) return spent;
        var user = await UserStore.Find(connection, null, found.Value.UserNo);
        return user.Refused is { } unknown ? unknown : (user.Value, found.Value);
    }

    /// <summary>
    /// Confirms the wish from one of the mailboxes; from the second the address changes, and the one that was left is
    /// told. Refusals: <see cref="Refusal.LinkSpent"/>, <see cref="Refusal.AlreadyExists"/> when somebody else has the
    /// address meanwhile, <see cref="Refusal.ChangedMeanwhile"/>.
    /// </summary>
    /// <returns>Whether the address is changed now.</returns>
    public Task<Result<bool>> Confirm(
        int providerNo, string? token, Language language, string address, CancellationToken ct = default) =>
        database.InTransaction<bool>(
            async (connection, transaction) =>
            {
                if (token is not { Length: LinkToken.Length }) return Refusal.LinkSpent;
                var now = clock.GetCurrentInstant();
                // Taken first: of two confirmed at the same moment, the second sees the first.
                var revision = await RevisionStore.Raise(connection, transaction, Watched.Session);
                var found = await EmailChangeStore.Find(
                    connection, transaction, providerNo, LinkToken.Sha256(token), now);
                if (found.Refused is { } spent) return spent;
                var change = found.Value;
                var user = (await UserStore.Find(connection, transaction, change.UserNo)).Value;
                var record = new AuditRecord(
                    Act.EmailChangeConfirmed, providerNo, user.No, user.AccountNo, user.Email.Text,
                    change.Wished.Text, address);
                if (!change.IsComplete)
                {
                    await EmailChangeStore.Confirm(connection, transaction, change, now);
                    await AuditRecordStore.Insert(connection, transaction, record, now);
                    return false;
                }
                var taken = await UserStore.Find(connection, transaction, providerNo, change.Wished.Key);
                if (taken.Accepted) return Refusal.AlreadyExists;
                var changed = user with { Email = change.Wished, EmailConfirmed = true };
                if (!await UserStore.Update(connection, transaction, changed, revision))
                    return Refusal.ChangedMeanwhile;
                await EmailChangeStore.Forget(connection, transaction, user.No);
                await AuditRecordStore.Insert(
                    connection, transaction, record with
                    {
                        Act = Act.EmailChanged,
                        Before = user.Email.Text,
                        After = change.Wished.Text,
                    },
                    now);
                var notice = new EmailChangeNotice(change.Id, user.Email.Text, change.Wished.Text, language)
                {
                    What = NoticeKind.EmailChanged,
                };
                await NoticeStore.Insert(connection, transaction, Notice.ToUser(changed, notice), now);
                return true;
            },
            ct);
}
