using System.Data.Common;
using Dapper;
using NodaTime;
using Tollkeeper.Accounts;

namespace Tollkeeper.Engine.Accounts;

/// <summary>Somebody who asked to become a customer.</summary>
/// <param name="PasswordHash">Chosen with the link of the mail; null until then.</param>
/// <param name="AccountNo">Null until there is an account.</param>
public sealed record SignUp(
    string Id, int ProviderNo, SignUpApplication Application, Language Language, Instant? ConfirmedAt,
    string? PasswordHash, long? AccountNo);

/// <summary>Strangers who asked to become customers.</summary>
public static class SignUpStore
{
    const string Columns =
        "id, provider_no, application, language, confirmed_at_micros, password_hash, account_no";

    public static Task Insert(
        DbConnection connection, DbTransaction transaction, string id, int providerNo, SignUpApplication application,
        Language language, Instant now) =>
        connection.ExecuteAsync(
            """
            insert into sign_up (id, provider_no, application, language, asked_at_micros)
            values (@id, @providerNo, @application, @language, @now)
            """,
            new
            {
                id,
                providerNo,
                application = application.ToJson(),
                language = (short)language,
                now = now.ToMicros(),
            },
            transaction);

    /// <summary>A mail's link; one that was sent before opens nothing any more. False when it is confirmed.</summary>
    public static async Task<bool> SetToken(
        DbConnection connection, DbTransaction transaction, int providerNo, string id, byte[] tokenSha256,
        Instant expires) =>
        await connection.ExecuteAsync(
            """
            update sign_up set token_sha256 = @tokenSha256, expires_at_micros = @expires
            where id = @id and provider_no = @providerNo and confirmed_at_micros is null
            """,
            new { id, providerNo, tokenSha256, expires = expires.ToMicros() }, transaction) == 1;

    /// <summary>The one that this link is for, while it is good. Refusal: <see cref="Refusal.LinkSpent"/>.</summary>
    public static async Task<Result<SignUp>> Find(
        DbConnection connection, DbTransaction? transaction, int providerNo, byte[] tokenSha256, Instant now)
    {
        var row = await connection.QuerySingleOrDefaultAsync<SignUpRow>(
            $"""
            select {Columns} from sign_up
            where token_sha256 = @tokenSha256 and provider_no = @providerNo and expires_at_micros > @now
              and confirmed_at_micros is null
            """,
            new { tokenSha256, providerNo, now = now.ToMicros() }, transaction);
        return row is null ? Refusal.LinkSpent : row.ToSignUp();
    }

    /// <summary>Refusal: <see cref="Refusal.LinkSpent"/>.</summary>
    public static async Task<Result<SignUp>> FindById(
        DbConnection connection, DbTransaction? transaction, int providerNo, string id)
    {
        var row = await connection.QuerySingleOrDefaultAsync<SignUpRow>(
            $"select {Columns} from sign_up where id = @id and provider_no = @providerNo", new { id, providerNo },
            transaction);
        return row is null ? Refusal.LinkSpent : row.ToSignUp();
    }

    /// <summary>False when somebody was quicker with the same link.</summary>
    public static async Task<bool> Confirm(
        DbConnection connection, DbTransaction transaction, string id, string passwordHash, bool needsApproval,
        Instant now) =>
        await connection.ExecuteAsync(
            """
            update sign_up set confirmed_at_micros = @now, password_hash = @passwordHash, needs_approval = @needs
            where id = @id and confirmed_at_micros is null
            """,
            new { id, passwordHash, needs = needsApproval ? 1 : 0, now = now.ToMicros() }, transaction) == 1;

    /// <summary>Confirmed a while ago, approved by nobody who had to, and still without an account.</summary>
    public static async Task<IReadOnlyList<SignUp>> LeftOver(DbConnection connection, Instant confirmedBefore)
    {
        var rows = await connection.QueryAsync<SignUpRow>(
            $"""
            select {Columns} from sign_up
            where password_hash is not null and needs_approval = 0 and confirmed_at_micros < @before
            order by confirmed_at_micros limit 50
            """,
            new { before = confirmedBefore.ToMicros() });
        return [.. rows.Select(row => row.ToSignUp())];
    }

    /// <summary>It will not become an account: its password is kept no longer.</summary>
    public static Task GiveUp(DbConnection connection, DbTransaction? transaction, string id) =>
        connection.ExecuteAsync(
            "update sign_up set password_hash = null where id = @id and account_no is null", new { id }, transaction);

    /// <summary>False when it has an account already. What was needed to make it is kept no longer.</summary>
    public static async Task<bool> Opened(
        DbConnection connection, DbTransaction transaction, string id, long accountNo) =>
        await connection.ExecuteAsync(
            "update sign_up set account_no = @accountNo, password_hash = null where id = @id and account_no is null",
            new { id, accountNo }, transaction) == 1;

    /// <summary>
    /// Removes some that came to nothing, with the decisions about them: never confirmed, or declined. Those that wait
    /// for staff or for their account have a password.
    /// </summary>
    public static async Task<int> ForgetBefore(
        DbConnection connection, DbTransaction transaction, int providerNo, Instant before, int most)
    {
        var ids = (await connection.QueryAsync<string>(
            """
            select id from sign_up
            where provider_no = @providerNo and asked_at_micros < @before and account_no is null
              and password_hash is null
            order by asked_at_micros limit @most
            """,
            new { providerNo, before = before.ToMicros(), most }, transaction)).AsList();
        foreach (var id in ids)
            await connection.ExecuteAsync("delete from sign_up where id = @id", new { id }, transaction);
        var decisions = await connection.ExecuteAsync(
            $"""
            delete from approval where no in (
              select no from approval
              where provider_no = @providerNo and kind = {(int)ApprovalKind.SignUp}
                and outcome = {(int)ApprovalOutcome.Declined} and decided_at_micros < @before
              order by decided_at_micros limit @most)
            """,
            new { providerNo, before = before.ToMicros(), most }, transaction);
        return Math.Max(ids.Count, decisions);
    }

    sealed class SignUpRow
    {
        public string Id { get; init; } = "";
        public int ProviderNo { get; init; }
        public string Application { get; init; } = "";
        public int Language { get; init; }
        public long? ConfirmedAtMicros { get; init; }
        public string? PasswordHash { get; init; }
        public long? AccountNo { get; init; }

        public SignUp ToSignUp() => new(
            Id, ProviderNo, SignUpApplication.Read(Application), (Language)Language,
            Instants.FromMicros(ConfirmedAtMicros), PasswordHash, AccountNo);
    }
}
