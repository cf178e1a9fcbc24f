using System.Data.Common;
using Dapper;
using NodaTime;
using Tollkeeper.Accounts;

namespace Tollkeeper.Engine.Accounts;

/// <summary>A user to be, of a provider's staff or of an account of it.</summary>
/// <param name="AccountNo">Null for staff.</param>
/// <param name="PasswordHash">Null: the user chooses a password by a link in a mail.</param>
/// <param name="Role">Null: what <see cref="Roles.Unsaid"/> says.</param>
/// <param name="Notifications">Which mails the user wants, as bits; null: what the role gets.</param>
public sealed record NewUser(
    int ProviderNo, long? AccountNo, EmailAddress Email, bool EmailConfirmed, string? PasswordHash,
    Language? Language, Role? Role = null, string Name = "", int? Notifications = null);

/// <summary>Who may sign in: a provider's staff, and customers' users.</summary>
public static class UserStore
{
    const string Columns =
        """
        no, id, provider_no, account_no, role, name, email, email_confirmed, password_hash, stamp, locked, two_step,
        authenticator_key, authenticator_step, language, theme, notifications, created_at_micros,
        last_signed_in_at_micros, version
        """;

    /// <summary>The new user's number; null when the provider has a user of that address, or the account a primary
    /// admin where this would be another.</summary>
    public static async Task<long?> Insert(
        DbConnection connection, DbTransaction transaction, string id, string stamp, NewUser user, Role role,
        Instant now)
    {
        var no = await connection.ExecuteScalarAsync<long?>(
            """
            insert into portal_user (
              id, provider_no, account_no, role, name, email, email_key, email_confirmed, password_hash, stamp,
              language, notifications, created_at_micros)
            values (
              @id, @ProviderNo, @AccountNo, @role, @Name, @email, @key, @confirmed, @PasswordHash, @stamp,
              @language, @Notifications, @now)
            on conflict do nothing returning no
            """,
            new
            {
                id,
                user.ProviderNo,
                user.AccountNo,
                role = (short)role,
                user.Name,
                email = user.Email.Text,
                key = user.Email.Key,
                confirmed = user.EmailConfirmed ? 1 : 0,
                user.PasswordHash,
                stamp,
                language = (short?)user.Language,
                user.Notifications,
                now = now.ToMicros(),
            },
            transaction);
        if (no is { } made)
        {
            await AccountWordStore.OfUser(
                connection, transaction, made, user.AccountNo, user.Name, user.Email);
        }
        return no;
    }

    /// <summary>Refusal: <see cref="Refusal.UnknownUser"/>.</summary>
    public static async Task<Result<User>> Find(
        DbConnection connection, DbTransaction? transaction, int providerNo, string emailKey) =>
        ToUser(await connection.QuerySingleOrDefaultAsync<UserRow>(
            $"select {Columns} from portal_user where provider_no = @providerNo and email_key = @emailKey "
            + "and removed_at_micros is null",
            new { providerNo, emailKey }, transaction));

    public static async Task<Result<User>> Find(DbConnection connection, DbTransaction? transaction, long no) =>
        ToUser(await connection.QuerySingleOrDefaultAsync<UserRow>(
            $"select {Columns} from portal_user where no = @no and removed_at_micros is null", new { no },
            transaction));

    public static async Task<Result<User>> FindById(DbConnection connection, DbTransaction? transaction, string id) =>
        ToUser(await connection.QuerySingleOrDefaultAsync<UserRow>(
            $"select {Columns} from portal_user where id = @id and removed_at_micros is null", new { id },
            transaction));

    public static async Task<IReadOnlyList<User>> Of(DbConnection connection, int providerNo, int most)
    {
        var rows = await connection.QueryAsync<UserRow>(
            $"select {Columns} from portal_user where provider_no = @providerNo "
            + "and removed_at_micros is null order by email_key limit @most",
            new { providerNo, most });
        return [.. rows.Select(row => ToUser(row).Value)];
    }

    /// <summary>The user of that id, where it is one of these. Refusal: <see cref="Refusal.UnknownUser"/>.</summary>
    public static async Task<Result<User>> FindIn(
        DbConnection connection, DbTransaction? transaction, Team team, string id)
    {
        if (!PublicId.TryParse(id, PublicId.User, out _)) return Refusal.UnknownUser;
        var found = await FindById(connection, transaction, id);
        return found.Accepted && found.Value.Team != team ? Refusal.UnknownUser : found;
    }

    /// <summary>All of them, the primary admin first, then by address.</summary>
    public static async Task<IReadOnlyList<User>> Of(DbConnection connection, Team team)
    {
        var rows = await connection.QueryAsync<UserRow>(
            $"select {Columns} from portal_user where {IsIn(team)} and removed_at_micros is null "
            + $"order by case when role = {(int)Role.PrimaryAdmin} then 0 else 1 end, email_key limit {Team.MostUsers}",
            new { team.ProviderNo, team.AccountNo });
        return [.. rows.Select(row => ToUser(row).Value)];
    }

    public static Task<int> Count(DbConnection connection, DbTransaction transaction, Team team) =>
        connection.ExecuteScalarAsync<int>(
            $"select count(*) from portal_user where {IsIn(team)} and removed_at_micros is null",
            new { team.ProviderNo, team.AccountNo }, transaction);

    /// <summary>How many others of a provider's staff may do everything.</summary>
    public static Task<int> OwnersBeside(DbConnection connection, DbTransaction transaction, User user) =>
        connection.ExecuteScalarAsync<int>(
            """
            select count(*) from portal_user
            where provider_no = @ProviderNo and account_no is null and role = @owner and locked = 0 and no <> @No
              and email_confirmed = 1 and removed_at_micros is null
            """,
            new { user.ProviderNo, user.No, owner = (short)Role.Owner }, transaction);

    /// <summary>False when somebody changed the user since it was read.</summary>
    public static async Task<bool> Remove(
        DbConnection connection, DbTransaction transaction, User user, long revision, Instant now)
    {
        var removed = await connection.ExecuteAsync(
            """
            update portal_user set removed_at_micros = @now, stamp = @stamp, password_hash = null,
              authenticator_key = null, version = version + 1, changed_revision = @revision
            where no = @No and version = @Version and removed_at_micros is null
            """,
            new { user.No, user.Version, revision, stamp = SaveUser.NewStamp(), now = now.ToMicros() },
            transaction);
        if (removed == 0) return false;
        await AccountWordStore.ForgetUser(connection, transaction, user.No, user.AccountNo);
        return true;
    }

    static string IsIn(Team team) => team.IsStaff
        ? "provider_no = @ProviderNo and account_no is null"
        : "account_no = @AccountNo and provider_no = @ProviderNo";

    /// <summary>
    /// Writes everything of a user that can change. False when somebody changed it since it was read: nothing is
    /// written then.
    /// </summary>
    public static async Task<bool> Update(
        DbConnection connection, DbTransaction transaction, User user, long revision)
    {
        var saved = await connection.ExecuteAsync(
            """
            update portal_user set
              role = @role, name = @Name, notifications = @Notifications, email = @email, email_key = @key,
              email_confirmed = @confirmed, password_hash = @PasswordHash,
              stamp = @Stamp, locked = @locked, two_step = @twoStep, authenticator_key = @authenticatorKey,
              language = @language, theme = @theme, version = version + 1, changed_revision = @revision
            where no = @No and version = @Version and removed_at_micros is null
            """,
            new
            {
                user.No,
                user.Version,
                role = (short)user.Role,
                user.Name,
                user.Notifications,
                email = user.Email.Text,
                key = user.Email.Key,
                confirmed = user.EmailConfirmed ? 1 : 0,
                user.PasswordHash,
                user.Stamp,
                locked = user.Locked ? 1 : 0,
                twoStep = user.TwoStep ? 1 : 0,
                authenticatorKey = user.AuthenticatorKey?.ToArray(),
                language = (short?)user.Language,
                theme = (short?)user.Theme,
                revision,
            },
            transaction);
        if (saved == 0) return false;
        await AccountWordStore.OfUser(connection, transaction, user.No, user.AccountNo, user.Name, user.Email);
        return true;
    }

    /// <summary>Whether an account, or a provider's staff, has a user already.</summary>
    public static async Task<bool> Any(
        DbConnection connection, DbTransaction transaction, int providerNo, long? accountNo) =>
        await connection.ExecuteScalarAsync<long?>(
            accountNo is null
                ? "select no from portal_user where provider_no = @providerNo and account_no is null "
                    + "and removed_at_micros is null limit 1"
                : "select no from portal_user where account_no = @accountNo and removed_at_micros is null limit 1",
            new { providerNo, accountNo }, transaction) is not null;

    /// <summary>An authenticator begins: codes of its steps after this one are good.</summary>
    public static Task BeginSteps(DbConnection connection, DbTransaction transaction, long userNo, long step) =>
        connection.ExecuteAsync(
            "update portal_user set authenticator_step = @step where no = @userNo", new { userNo, step }, transaction);

    /// <summary>False when a code of this step, or of a later one, was accepted before.</summary>
    public static async Task<bool> AcceptStep(
        DbConnection connection, DbTransaction transaction, long userNo, long step) =>
        await connection.ExecuteAsync(
            "update portal_user set authenticator_step = @step where no = @userNo and authenticator_step < @step",
            new { userNo, step }, transaction) == 1;

    public static Task SignedInAt(DbConnection connection, DbTransaction transaction, long userNo, Instant now) =>
        connection.ExecuteAsync(
            "update portal_user set last_signed_in_at_micros = @now where no = @userNo",
            new { userNo, now = now.ToMicros() }, transaction);

    static Result<User> ToUser(UserRow? row)
    {
        if (row is null) return Refusal.UnknownUser;
        Demand.That(EmailAddress.TryParse(row.Email, out var email), "a user's row has an e-mail address");
        return new User(
            row.No, row.Id, row.ProviderNo, row.AccountNo, (Role)row.Role, row.Name, email, row.EmailConfirmed != 0,
            row.PasswordHash, row.Stamp, row.Locked != 0, row.TwoStep != 0, KeyOf(row), row.AuthenticatorStep,
            (Language?)row.Language, (Theme?)row.Theme, row.Notifications, Instants.FromMicros(row.CreatedAtMicros),
            Instants.FromMicros(row.LastSignedInAtMicros), row.Version);
    }

    /// <summary>An array that is not there, and even a bare null, would become a key of no bytes.</summary>
    static ReadOnlyMemory<byte>? KeyOf(UserRow row) =>
        row.AuthenticatorKey is { } key ? new ReadOnlyMemory<byte>(key) : default(ReadOnlyMemory<byte>?);

    sealed class UserRow
    {
        public long No { get; init; }
        public string Id { get; init; } = "";
        public int ProviderNo { get; init; }
        public long? AccountNo { get; init; }
        public int Role { get; init; }
        public string Name { get; init; } = "";
        public string Email { get; init; } = "";
        public int EmailConfirmed { get; init; }
        public string? PasswordHash { get; init; }
        public string Stamp { get; init; } = "";
        public int Locked { get; init; }
        public int TwoStep { get; init; }
        public byte[]? AuthenticatorKey { get; init; }
        public long AuthenticatorStep { get; init; }
        public int? Language { get; init; }
        public int? Theme { get; init; }
        public int? Notifications { get; init; }
        public long CreatedAtMicros { get; init; }
        public long? LastSignedInAtMicros { get; init; }
        public int Version { get; init; }
    }
}
