using System.Data.Common;
using Dapper;
using NodaTime;
using Tollkeeper.Accounts;

namespace Tollkeeper.Engine.Accounts;

/// <summary>Tries to sign in, by provider and address.</summary>
public static class SignInTriesStore
{
    /// <summary>What was counted so far; the row is made where there is none, and locked until the commit.</summary>
    public static async Task<SignInTries> Lock(
        DbConnection connection, DbTransaction transaction, int providerNo, string emailKey, Instant now)
    {
        var row = await connection.QuerySingleAsync<TriesRow>(
            """
            insert into sign_in_tries (provider_no, email_key, failures, last_at_micros)
            values (@providerNo, @emailKey, 0, @now)
            on conflict (provider_no, email_key) do update set failures = sign_in_tries.failures
            returning failures, last_at_micros, locked_until_at_micros
            """,
            new { providerNo, emailKey, now = now.ToMicros() }, transaction);
        return new SignInTries(
            row.Failures, Instants.FromMicros(row.LastAtMicros), Instants.FromMicros(row.LockedUntilAtMicros));
    }

    public static Task Save(
        DbConnection connection, DbTransaction transaction, int providerNo, string emailKey, SignInTries tries) =>
        connection.ExecuteAsync(
            """
            update sign_in_tries
            set failures = @Failures, last_at_micros = @last, locked_until_at_micros = @lockedUntil
            where provider_no = @providerNo and email_key = @emailKey
            """,
            new
            {
                providerNo,
                emailKey,
                tries.Failures,
                last = tries.LastAt.ToMicros(),
                lockedUntil = tries.LockedUntil?.ToMicros(),
            },
            transaction);

    public static Task Forget(DbConnection connection, DbTransaction transaction, int providerNo, string emailKey) =>
        connection.ExecuteAsync(
            "delete from sign_in_tries where provider_no = @providerNo and email_key = @emailKey",
            new { providerNo, emailKey }, transaction);

    public static Task ForgetBefore(DbConnection connection, DbTransaction transaction, Instant before) =>
        connection.ExecuteAsync(
            "delete from sign_in_tries where last_at_micros < @before", new { before = before.ToMicros() },
            transaction);

    sealed class TriesRow
    {
        public int Failures { get; init; }
        public long LastAtMicros { get; init; }
        public long? LockedUntilAtMicros { get; init; }
    }
}
