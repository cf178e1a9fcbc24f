using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>
/// Makes somebody a user and writes the mail that invites to choose a password, in one transaction. Refusals: those of
/// <see cref="CreateUser"/>, <see cref="Refusal.TooManyUsers"/>; the detail names the form's field.
/// </summary>
public sealed class InviteUser(Database database, IClock clock)
{
    public Task<Result<User>> Run(Team team, NewUser wanted, Actor by, CancellationToken ct = default) =>
        database.InTransaction<User>(
            async (connection, transaction) =>
            {
                if (Team.ProblemOfName(wanted.Name) is { } badName) return badName;
                var now = clock.GetCurrentInstant();
                // Taken first: of two who add the last user that there is room for, one does.
                await RevisionStore.Raise(connection, transaction, Watched.Session);
                var users = await UserStore.Count(connection, transaction, team);
                if (users >= Team.MostUsers) return Refusal.TooManyUsers;
                // An account is never without a primary admin (R73): its first user is it.
                var role = users == 0 && !team.IsStaff ? Role.PrimaryAdmin : wanted.Role;
                if ((users > 0 || team.IsStaff) && team.Problem(role) is { } badRole) return badRole;
                var made = await CreateUser.In(connection, transaction, wanted with { Role = role }, by, now);
                if (made.Refused is { Refusal: Refusal.AlreadyExists }) return made.Refused with { Detail = "Email" };
                if (made.Refused is { } refused) return refused;
                await NoticeStore.Insert(connection, transaction, Invitation(made.Value, wanted.Language), now);
                return made;
            },
            ct);

    /// <summary>
    /// Invites somebody once more who has not come yet.
    /// Refusals: <see cref="Refusal.UnknownUser"/>, <see cref="Refusal.FormSent"/> when the user has come.
    /// </summary>
    public Task<Result<User>> Again(Team team, string userId, Actor by, CancellationToken ct = default) =>
        database.InTransaction<User>(
            async (connection, transaction) =>
            {
                var found = await UserStore.FindIn(connection, transaction, team, userId);
                if (found.Refused is { } unknown) return unknown;
                var user = found.Value;
                if (user.HasCome) return Refusal.FormSent;
                var now = clock.GetCurrentInstant();
                await NoticeStore.Insert(connection, transaction, Invitation(user, user.Language), now);
                await AuditRecordStore.Insert(
                    connection, transaction, AuditRecord.OfUser(Act.UserInvitedAgain, user, by), now);
                return user;
            },
            ct);

    static Notice Invitation(User user, Language? language) =>
        Notice.ToUser(user, new SignInNotice(language) { What = NoticeKind.Invitation });
}
