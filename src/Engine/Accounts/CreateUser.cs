using System.Data.Common;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>
/// Makes a user. Refusals: <see cref="Refusal.UnknownProvider"/>, <see cref="Refusal.UnknownAccount"/> (also one of
/// another provider), <see cref="Refusal.BadText"/>, <see cref="Refusal.BadRole"/>,
/// <see cref="Refusal.AlreadyExists"/>.
/// </summary>
public sealed class CreateUser(Database database, IClock clock)
{
    public Task<Result<User>> Run(NewUser wanted, string by, CancellationToken ct = default) =>
        database.InTransaction<User>(
            (connection, transaction) => In(
                connection, transaction, wanted, Actor.Named(by), clock.GetCurrentInstant()),
            ct);

    /// <summary>The same in the transaction of something larger.</summary>
    public static async Task<Result<User>> In(
        DbConnection connection, DbTransaction transaction, NewUser wanted, Actor by, Instant now)
    {
        // Taken first: while an address becomes one user's, no other user changes to it.
        await RevisionStore.Raise(connection, transaction, Watched.Session);
        var provider = await ProviderStore.Find(connection, transaction, wanted.ProviderNo);
        if (provider.Refused is { } unknown) return unknown;
        if (wanted.AccountNo is { } accountNo)
        {
            var owner = await AccountStore.ProviderOf(connection, transaction, accountNo);
            if (owner.Refused is { } noAccount) return noAccount;
            if (owner.Value != wanted.ProviderNo) return Refusal.UnknownAccount;
        }
        if (!PlainText.Fits(wanted.Name, User.LongestName) && wanted.Name.Length > 0)
            return new Refused(Refusal.BadText, "name");
        var isFirst = !await UserStore.Any(connection, transaction, wanted.ProviderNo, wanted.AccountNo);
        var role = wanted.Role ?? Roles.Unsaid(wanted.AccountNo is null, isFirst);
        if (role.IsStaff() != wanted.AccountNo is null) return new Refused(Refusal.BadRole, $"{role}");
        var id = Database.NewId(PublicId.User);
        var no = await UserStore.Insert(
            connection, transaction, id.Text, SaveUser.NewStamp(), wanted, role, now);
        if (no is not { } created) return new Refused(Refusal.AlreadyExists, wanted.Email.Text);
        var record = new AuditRecord(
            Act.UserCreated, wanted.ProviderNo, by.UserNo, wanted.AccountNo, wanted.Email.Text, by.Name, by.Address)
        {
            After = $"{role}",
        };
        await AuditRecordStore.Insert(connection, transaction, record, now);
        return await UserStore.Find(connection, transaction, created);
    }
}

/// <summary>
/// Bars a user from signing in, and ends what sessions there are; or lets the user in again. Refusal:
/// <see cref="Refusal.UnknownUser"/>.
/// </summary>
public sealed class LockUser(Database database, IClock clock)
{
    /// <summary>By whoever runs the program: anybody, also the last who could undo it at a page.</summary>
    public Task<Result<User>> Run(
        int providerNo, EmailAddress email, bool locked, Actor by, CancellationToken ct = default) =>
        Run(
            (connection, transaction) => UserStore.Find(connection, transaction, providerNo, email.Key),
            locked, by, lastOwnerToo: true, ct);

    /// <summary>By staff. One more refusal: <see cref="Refusal.LastOwner"/>.</summary>
    public Task<Result<User>> Run(
        Team team, string userId, bool locked, Actor by, CancellationToken ct = default) =>
        Run(
            (connection, transaction) => UserStore.FindIn(connection, transaction, team, userId),
            locked, by, lastOwnerToo: false, ct);

    Task<Result<User>> Run(
        Func<DbConnection, DbTransaction, Task<Result<User>>> find, bool locked, Actor by, bool lastOwnerToo,
        CancellationToken ct) =>
        database.InTransaction<User>(
            async (connection, transaction) =>
            {
                var revision = await RevisionStore.Raise(connection, transaction, Watched.Session);
                var found = await find(connection, transaction);
                if (found.Refused is { } unknown) return unknown;
                if (locked && !lastOwnerToo && await ChangeUser.IsLastOwner(connection, transaction, found.Value))
                    return Refusal.LastOwner;
                var user = found.Value with { Locked = locked };
                // A stamp of its own: a session that was there before does not come back with the unlocking.
                if (locked) user = user with { Stamp = SaveUser.NewStamp() };
                else await SignInTriesStore.Forget(connection, transaction, user.ProviderNo, user.Email.Key);
                if (!await UserStore.Update(connection, transaction, user, revision)) return Refusal.ChangedMeanwhile;
                var now = clock.GetCurrentInstant();
                if (locked) await ActingEnds.OfEnded(connection, transaction, user, revision, now, by.Name);
                var act = locked ? Act.UserLocked : Act.UserUnlocked;
                await AuditRecordStore.Insert(connection, transaction, AuditRecord.OfUser(act, user, by), now);
                return user with { Version = user.Version + 1 };
            },
            ct);
}
