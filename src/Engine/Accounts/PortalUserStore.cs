using System.Data.Common;
using Dapper;
using NodaTime;
using Tollkeeper.Accounts;

namespace Tollkeeper.Engine.Accounts;

/// <summary>Who may sign in: a provider's staff, and customers' users.</summary>
public static class PortalUserStore
{
    /// <param name="accountNo">Null for staff.</param>
    /// <returns>False when the provider has a user of that e-mail address.</returns>
    public static async Task<bool> Add(
        DbConnection connection, DbTransaction transaction, int providerNo, long? accountNo, string email,
        PasswordHash password, Instant now) =>
        await connection.ExecuteAsync(
            """
            insert into portal_user (
              provider_no, account_no, email, password_salt, password_hash, password_iterations, created_at_micros)
            values (@providerNo, @accountNo, @email, @salt, @hash, @Iterations, @now) on conflict do nothing
            """,
            new
            {
                providerNo,
                accountNo,
                email,
                salt = password.Salt.ToArray(),
                hash = password.Hash.ToArray(),
                password.Iterations,
                now = now.ToMicros(),
            },
            transaction) == 1;

    public static async Task<PasswordHash?> Find(DbConnection connection, int providerNo, string email)
    {
        var row = await connection.QuerySingleOrDefaultAsync<PasswordRow>(
            """
            select password_salt, password_hash, password_iterations from portal_user
            where provider_no = @providerNo and email = @email
            """,
            new { providerNo, email });
        return row is null ? null : new PasswordHash(row.PasswordSalt, row.PasswordHash, row.PasswordIterations);
    }

    sealed class PasswordRow
    {
        public byte[] PasswordSalt { get; init; } = [];
        public byte[] PasswordHash { get; init; } = [];
        public int PasswordIterations { get; init; }
    }
}
