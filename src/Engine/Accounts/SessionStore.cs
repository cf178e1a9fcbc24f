using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using NodaTime;
using Tollkeeper.Accounts;

namespace Tollkeeper.Engine.Accounts;

/// <summary>A session that stands, as the database has it.</summary>
/// <param name="Acting">Whose portal it looks at until a moment, which may be over.</param>
public sealed record StandingSession(Person Who, Acting? Acting, Instant StartedAt, Instant LastSeenAt)
{
    public Person WhoAt(Instant now) => Acting is { } acting && now < acting.Until ? Who.As(acting) : Who;
}

/// <summary>A session that looks at a customer's portal, or did, and no end of it is on record yet.</summary>
public sealed record OpenActing(
    string SessionId, int ProviderNo, long UserNo, long AccountNo, string AccountId, Instant Until);

/// <summary>A session as its user sees it among the own ones.</summary>
public sealed record OwnSession(string Id, string Address, Instant StartedAt, Instant LastSeenAt)
{
    /// <summary>What a form names the session by: the id itself is nobody's business.</summary>
    public string Mark => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Id)).AsSpan(0, 12));
}

/// <summary>Sessions of people who signed in. A session stands while its stamp is its user's.</summary>
public static class SessionStore
{
    public static Task Insert(
        DbConnection connection, DbTransaction transaction, string id, User user, string address, Instant now) =>
        connection.ExecuteAsync(
            """
            insert into session (
              id, user_no, provider_no, stamp, address, started_at_micros, last_seen_at_micros)
            values (@id, @No, @ProviderNo, @Stamp, @address, @now, @now)
            """,
            new { id, user.No, user.ProviderNo, user.Stamp, address, now = now.ToMicros() }, transaction);

    /// <summary>The session with its user, in one round trip. Refusal: <see cref="Refusal.NotSignedIn"/>.</summary>
    public static async Task<Result<StandingSession>> Find(DbConnection connection, string id)
    {
        var row = await connection.QuerySingleOrDefaultAsync<SessionRow>(
            """
            select s.id, s.user_no, u.id as user_id, u.provider_no, u.account_no, a.id as account_id, u.role, u.name,
              u.email, u.language, u.theme, s.started_at_micros, s.last_seen_at_micros, s.acting_account_no,
              s.acting_until_at_micros, c.id as acting_account_id
            from session s
            join portal_user u on u.no = s.user_no
            left join account a on a.no = u.account_no
            left join account c on c.no = s.acting_account_no and c.provider_no = u.provider_no
            where s.id = @id and s.ended_at_micros is null and s.stamp = u.stamp and u.locked = 0
              and u.removed_at_micros is null
            """,
            new { id });
        if (row is null) return Refusal.NotSignedIn;
        var who = new Person(
            row.Id, row.UserNo, row.UserId, row.ProviderNo, row.AccountNo, row.AccountId,
            (Role)row.Role, row.Name, row.Email, (Language?)row.Language, (Theme?)row.Theme);
        var acting = who.May(Right.ServeCustomers)
            && row is { ActingAccountNo: { } account, ActingAccountId: { } accountId }
            ? new Acting(account, accountId, Instants.FromMicros(row.ActingUntilAtMicros!.Value))
            : null;
        return new StandingSession(
            who, acting, Instants.FromMicros(row.StartedAtMicros), Instants.FromMicros(row.LastSeenAtMicros));
    }

    /// <summary>Those of a user that stand, the one seen last first.</summary>
    public static async Task<IReadOnlyList<OwnSession>> Of(
        DbConnection connection, DbTransaction? transaction, long userNo, Instant now)
    {
        var rows = await connection.QueryAsync<(string Id, string Address, long Started, long Seen)>(
            """
            select s.id, s.address, s.started_at_micros, s.last_seen_at_micros
            from session s
            join portal_user u on u.no = s.user_no
            where s.user_no = @userNo and s.ended_at_micros is null and s.stamp = u.stamp
            order by s.last_seen_at_micros desc, s.id
            """,
            new { userNo }, transaction);
        return
        [
            .. rows.Select(row => new OwnSession(
                    row.Id, row.Address, Instants.FromMicros(row.Started), Instants.FromMicros(row.Seen)))
                .Where(one => !SessionLife.IsOver(one.StartedAt, one.LastSeenAt, now)),
        ];
    }

    /// <summary>False when the session has ended.</summary>
    public static async Task<bool> StartActing(
        DbConnection connection, DbTransaction transaction, string id, Acting acting, long revision,
        Instant now) =>
        await connection.ExecuteAsync(
            """
            update session set acting_account_no = @AccountNo, acting_until_at_micros = @until,
              last_seen_at_micros = @now, changed_revision = @revision
            where id = @id and ended_at_micros is null
            """,
            new { id, acting.AccountNo, until = acting.Until.ToMicros(), now = now.ToMicros(), revision },
            transaction) == 1;

    /// <summary>False when it is over already, whatever the session looks at since.</summary>
    public static async Task<bool> EndActing(
        DbConnection connection, DbTransaction transaction, OpenActing one, long revision) =>
        await connection.ExecuteAsync(
            """
            update session set acting_account_no = null, acting_until_at_micros = null, changed_revision = @revision
            where id = @SessionId and acting_account_no = @AccountNo and acting_until_at_micros = @until
            """,
            new { one.SessionId, one.AccountNo, until = one.Until.ToMicros(), revision }, transaction) == 1;

    /// <summary>Those whose time is over, and whose end is not on record yet.</summary>
    public static async Task<IReadOnlyList<OpenActing>> ActingOver(
        DbConnection connection, DbTransaction transaction, Instant now, int most)
    {
        var rows = await connection.QueryAsync<OpenRow>(
            $"""
            {Open}
            where s.acting_account_no is not null and s.acting_until_at_micros <= @now
            order by s.acting_until_at_micros limit @most
            """,
            new { now = now.ToMicros(), most }, transaction);
        return [.. rows.Select(row => row.Acting)];
    }

    /// <summary>Those of a user whose end is not on record yet.</summary>
    public static async Task<IReadOnlyList<OpenActing>> ActingOf(
        DbConnection connection, DbTransaction transaction, long userNo)
    {
        var rows = await connection.QueryAsync<OpenRow>(
            $"{Open} where s.user_no = @userNo and s.acting_account_no is not null order by s.id",
            new { userNo }, transaction);
        return [.. rows.Select(row => row.Acting)];
    }

    /// <summary>Those of a user's sessions that ended because the user's stamp is another now.</summary>
    public static async Task<IReadOnlyList<OpenActing>> ActingOfEnded(
        DbConnection connection, DbTransaction transaction, User user)
    {
        var rows = await connection.QueryAsync<OpenRow>(
            $"{Open} where s.user_no = @No and s.acting_account_no is not null and s.stamp <> @Stamp order by s.id",
            new { user.No, user.Stamp }, transaction);
        return [.. rows.Select(row => row.Acting)];
    }

    const string Open =
        """
        select s.id as session_id, s.provider_no, s.user_no, s.acting_account_no as account_no, a.id as account_id,
          s.acting_until_at_micros as until_at_micros
        from session s join account a on a.no = s.acting_account_no
        """;

    /// <summary>False when it had ended before, or never began.</summary>
    public static async Task<bool> End(
        DbConnection connection, DbTransaction transaction, string id, long revision, Instant now) =>
        await connection.ExecuteAsync(
            """
            update session set ended_at_micros = @now, changed_revision = @revision
            where id = @id and ended_at_micros is null
            """,
            new { id, revision, now = now.ToMicros() }, transaction) == 1;

    /// <summary>Gives one session of a user the user's new stamp, so that it goes on.</summary>
    public static Task Keep(
        DbConnection connection, DbTransaction transaction, string id, long userNo, string stamp, long revision) =>
        connection.ExecuteAsync(
            """
            update session set stamp = @stamp, changed_revision = @revision
            where id = @id and user_no = @userNo and ended_at_micros is null
            """,
            new { id, userNo, stamp, revision }, transaction);

    /// <summary>The ids of sessions that changed after a revision, or whose users did.</summary>
    public static async Task<IReadOnlyList<string>> ChangedSince(DbConnection connection, long revision) =>
        (await connection.QueryAsync<string>(
            """
            select id from session where changed_revision > @revision
            union
            select s.id from portal_user u join session s on s.user_no = u.no
            where u.changed_revision > @revision
            """,
            new { revision })).AsList();

    public static Task Seen(DbConnection connection, DbTransaction transaction, string id, Instant at) =>
        connection.ExecuteAsync(
            "update session set last_seen_at_micros = @at where id = @id and last_seen_at_micros < @at",
            new { id, at = at.ToMicros() }, transaction);

    public static Task ForgetBefore(DbConnection connection, DbTransaction transaction, Instant before) =>
        connection.ExecuteAsync(
            "delete from session where started_at_micros < @before", new { before = before.ToMicros() }, transaction);

    sealed class SessionRow
    {
        public string Id { get; init; } = "";
        public long UserNo { get; init; }
        public string UserId { get; init; } = "";
        public int ProviderNo { get; init; }
        public long? AccountNo { get; init; }
        public string? AccountId { get; init; }
        public int Role { get; init; }
        public string Name { get; init; } = "";
        public string Email { get; init; } = "";
        public int? Language { get; init; }
        public int? Theme { get; init; }
        public long StartedAtMicros { get; init; }
        public long LastSeenAtMicros { get; init; }
        public long? ActingAccountNo { get; init; }
        public string? ActingAccountId { get; init; }
        public long? ActingUntilAtMicros { get; init; }
    }

    sealed class OpenRow
    {
        public string SessionId { get; init; } = "";
        public int ProviderNo { get; init; }
        public long UserNo { get; init; }
        public long AccountNo { get; init; }
        public string AccountId { get; init; } = "";
        public long UntilAtMicros { get; init; }

        public OpenActing Acting => new(
            SessionId, ProviderNo, UserNo, AccountNo, AccountId, Instants.FromMicros(UntilAtMicros));
    }
}
