using System.Data.Common;
using System.Security.Cryptography;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>
/// Signs a user in: a session with an id of its own, written down with how it came about. Tries that were counted under
/// the address are forgotten. Where the user was changed since it was read, the session does not stand.
/// </summary>
public sealed class StartSession(Database database, IClock clock)
{
    const int IdBytes = 20;

    /// <param name="how">What the user proved itself with, for the record: "password", "passkey".</param>
    /// <returns>The session's id.</returns>
    public Task<string> Run(User user, string how, string address, CancellationToken ct = default) =>
        database.InTransaction<string>(
            async (connection, transaction) =>
            {
                var now = clock.GetCurrentInstant();
                var id = PublicId.Base32(RandomNumberGenerator.GetBytes(IdBytes));
                await SessionStore.Insert(connection, transaction, id, user, address, now);
                await UserStore.SignedInAt(connection, transaction, user.No, now);
                await TellOfNewPlace(connection, transaction, user, how, address, now);
                await SignInTriesStore.Forget(connection, transaction, user.ProviderNo, user.Email.Key);
                var record = new AuditRecord(
                    Act.SignedIn, user.ProviderNo, user.No, user.AccountNo, user.Email.Text, how, address);
                await AuditRecordStore.Insert(connection, transaction, record, now);
                return id;
            },
            ct);

    /// <summary>
    /// Somebody who signs in from where the user was not seen lately may not be the user. Where nothing is known of the
    /// user, nothing is new.
    /// </summary>
    static async Task TellOfNewPlace(
        DbConnection connection, DbTransaction transaction, User user, string how, string address, Instant now)
    {
        if (NetworkPlace.Of(address) is not { } place) return;
        var known = await KnownPlaceStore.Of(connection, transaction, user.No, now - NetworkPlace.RememberedFor);
        await KnownPlaceStore.Seen(connection, transaction, user.No, place, now);
        if (known.Count == 0 || known.Contains(place)) return;
        await NoticeStore.Insert(
            connection, transaction, Notice.ToUser(
                user, new NewPlaceNotice(address, how, now.ToMicros()), $"place {user.No} {place} {now.InUtc().Date}"),
            now);
    }
}

/// <summary>Ends a session on every node within a second; ending it again changes nothing.</summary>
public sealed class EndSession(Database database, IClock clock, SessionsInForce sessions)
{
    public async Task Run(Person who, string address, CancellationToken ct = default)
    {
        await database.InTransaction<bool>(
            async (connection, transaction) =>
            {
                var now = clock.GetCurrentInstant();
                var revision = await RevisionStore.Raise(connection, transaction, Watched.Session);
                if (!await SessionStore.End(connection, transaction, who.SessionId, revision, now)) return false;
                await ActingEnds.Run(
                    connection, transaction, who.UserNo, id => id == who.SessionId, revision, now, who.Email,
                    address);
                var ownAccount = who.ActingAs is null ? who.AccountNo : null;
                var record = new AuditRecord(
                    Act.SignedOut, who.ProviderNo, who.UserNo, ownAccount, who.Email, "", address);
                await AuditRecordStore.Insert(connection, transaction, record, now);
                return true;
            },
            ct);
        // This node need not wait for its next poll.
        await sessions.Forget([who.SessionId], ct);
    }
}
