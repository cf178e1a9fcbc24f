using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>Signs a user out: of one browser, or of all.</summary>
public sealed class EndSessions(Database database, IClock clock)
{
    /// <summary>
    /// Ends one of the user's own sessions. Refusal: <see cref="Refusal.PageNotFound"/> for whatever is none.
    /// </summary>
    public Task<Result<string>> One(Person who, string mark, string address, CancellationToken ct = default) =>
        database.InTransaction<string>(
            async (connection, transaction) =>
            {
                var now = clock.GetCurrentInstant();
                var revision = await RevisionStore.Raise(connection, transaction, Watched.Session);
                var standing = await SessionStore.Of(connection, transaction, who.UserNo, now);
                var session = standing.FirstOrDefault(one => one.Mark == mark);
                if (session is null || !await SessionStore.End(connection, transaction, session.Id, revision, now))
                    return Refusal.PageNotFound;
                await ActingEnds.Run(
                    connection, transaction, who.UserNo, id => id == session.Id, revision, now, who.Email, address);
                var record = new AuditRecord(
                    Act.SessionEnded, who.ProviderNo, who.UserNo, who.AccountNo, who.Email, session.Address, address);
                await AuditRecordStore.Insert(connection, transaction, record, now);
                return session.Id;
            },
            ct);

    /// <summary>
    /// Ends all sessions of a user, and takes the worth from every link that was sent. Refusals:
    /// <see cref="Refusal.UnknownUser"/>, <see cref="Refusal.ChangedMeanwhile"/>.
    /// </summary>
    /// <param name="keepSession">The id of the one that goes on; null for none.</param>
    public Task<Result<User>> All(
        Team team, string userId, string? keepSession, Actor by, CancellationToken ct = default) =>
        database.InTransaction<User>(
            async (connection, transaction) =>
            {
                var now = clock.GetCurrentInstant();
                var revision = await RevisionStore.Raise(connection, transaction, Watched.Session);
                var found = await UserStore.FindIn(connection, transaction, team, userId);
                if (found.Refused is { } unknown) return unknown;
                var user = found.Value with { Stamp = SaveUser.NewStamp() };
                if (!await UserStore.Update(connection, transaction, user, revision)) return Refusal.ChangedMeanwhile;
                if (keepSession is not null)
                    await SessionStore.Keep(connection, transaction, keepSession, user.No, user.Stamp, revision);
                await ActingEnds.OfEnded(connection, transaction, user, revision, now, by.Name);
                await AuditRecordStore.Insert(
                    connection, transaction, AuditRecord.OfUser(Act.SessionsEnded, user, by), now);
                return user with { Version = user.Version + 1 };
            },
            ct);
}
