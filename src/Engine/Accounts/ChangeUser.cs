using System.Data.Common;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>What of a user others may change.</summary>
/// <param name="Notifications">Which mails the user gets, as bits (R72).</param>
/// <param name="Version">Of the user when the form was shown.</param>
public sealed record UserChanges(Role Role, string Name, int? Notifications, int Version);

/// <summary>
/// Changes a user's name, role and check boxes. The role of a primary admin changes by a hand-over alone, and the last
/// owner of a provider stays one. Refusals: <see cref="Refusal.UnknownUser"/>, <see cref="Refusal.BadRole"/>,
/// <see cref="Refusal.BadText"/>, <see cref="Refusal.LastPrimaryAdmin"/>, <see cref="Refusal.LastOwner"/>,
/// <see cref="Refusal.ChangedMeanwhile"/>.
/// </summary>
public sealed class ChangeUser(Database database, IClock clock)
{
    public Task<Result<User>> Run(
        Team team, string userId, UserChanges wanted, Actor by, CancellationToken ct = default) =>
        database.InTransaction<User>(
            async (connection, transaction) =>
            {
                var revision = await RevisionStore.Raise(connection, transaction, Watched.Session);
                var found = await UserStore.FindIn(connection, transaction, team, userId);
                if (found.Refused is { } unknown) return unknown;
                var user = found.Value;
                if (user.Version != wanted.Version) return Refusal.ChangedMeanwhile;
                if (Team.ProblemOfName(wanted.Name) is { } badName) return badName;
                if (wanted.Role != user.Role)
                {
                    if (user.Role == Role.PrimaryAdmin) return new Refused(Refusal.LastPrimaryAdmin, "Role");
                    if (team.Problem(wanted.Role) is { } badRole) return badRole;
                    if (await IsLastOwner(connection, transaction, user)) return new Refused(Refusal.LastOwner, "Role");
                }
                var changed = user with
                {
                    Role = wanted.Role,
                    Name = wanted.Name,
                    Notifications = user.Role == Role.PrimaryAdmin ? user.Notifications : wanted.Notifications,
                };
                if (!await UserStore.Update(connection, transaction, changed, revision))
                    return Refusal.ChangedMeanwhile;
                var now = clock.GetCurrentInstant();
                if (!changed.Role.Has(Right.ServeCustomers))
                    await ActingEnds.Run(connection, transaction, user.No, _ => true, revision, now, by.Name);
                var record = AuditRecord.OfUser(Act.UserChanged, user, by) with
                {
                    Before = Words(user),
                    After = Words(changed),
                };
                await AuditRecordStore.Insert(connection, transaction, record, now);
                return changed with { Version = changed.Version + 1 };
            },
            ct);

    /// <summary>Whether nobody else could say who staff are. Asked after the revision was raised: one at a time.
    /// </summary>
    internal static async Task<bool> IsLastOwner(
        DbConnection connection, DbTransaction transaction, User user) =>
        user is { Role: Role.Owner, Locked: false }
        && await UserStore.OwnersBeside(connection, transaction, user) == 0;

    static string Words(User user) => $"{user.Role.Word()}, “{user.Name}”, {user.Notifications?.ToString(
        System.Globalization.CultureInfo.InvariantCulture) ?? "as the role"}";
}
