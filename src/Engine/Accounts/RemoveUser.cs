using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>
/// Takes a user's access away for good; every session ends, and the address may be invited anew. What the user did
/// stays on record. Refusals: <see cref="Refusal.UnknownUser"/>, <see cref="Refusal.LastPrimaryAdmin"/>,
/// <see cref="Refusal.UserBarred"/>, <see cref="Refusal.LastOwner"/>, <see cref="Refusal.ChangedMeanwhile"/>.
/// </summary>
public sealed class RemoveUser(Database database, IClock clock)
{
    /// <param name="byStaff">Who is barred by staff is not removed by others, to be invited anew.</param>
    public Task<Result<User>> Run(
        Team team, string userId, bool byStaff, Actor by, CancellationToken ct = default) =>
        database.InTransaction<User>(
            async (connection, transaction) =>
            {
                var revision = await RevisionStore.Raise(connection, transaction, Watched.Session);
                var found = await UserStore.FindIn(connection, transaction, team, userId);
                if (found.Refused is { } unknown) return unknown;
                var user = found.Value;
                if (user.Role == Role.PrimaryAdmin) return Refusal.LastPrimaryAdmin;
                if (user.Locked && !byStaff) return Refusal.UserBarred;
                if (await ChangeUser.IsLastOwner(connection, transaction, user)) return Refusal.LastOwner;
                var now = clock.GetCurrentInstant();
                if (!await UserStore.Remove(connection, transaction, user, revision, now))
                    return Refusal.ChangedMeanwhile;
                await ActingEnds.Run(connection, transaction, user.No, _ => true, revision, now, by.Name);
                var record = AuditRecord.OfUser(Act.UserRemoved, user, by) with { Before = user.Role.Word() };
                await AuditRecordStore.Insert(connection, transaction, record, now);
                return user;
            },
            ct);
}
