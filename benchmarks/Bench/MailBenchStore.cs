using Dapper;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Bench;

/// <summary>Very many customers whose balances fall at one moment, on PostgreSQL.</summary>
static class MailBenchStore
{
    /// <summary>Each account that has no user gets one who has confirmed the address.</summary>
    public static async Task AddUsers(Database database)
    {
        await using var connection = await database.Connect();
        await connection.ExecuteAsync(
            """
            insert into portal_user (
              id, provider_no, account_no, role, name, email, email_key, email_confirmed, stamp, created_at_micros)
            select 'usr_' || a.no, a.provider_no, a.no, 1, '', 'reader' || a.no || '@example.com',
              'reader' || a.no || '@example.com', 1, 'bench', 0
            from account a
            """,
            commandTimeout: 300);
        await connection.ExecuteAsync("analyze account, wallet, portal_user", commandTimeout: 300);
    }

    /// <summary>As the Bookkeeper writes them: the balances of so many wallets reached their threshold.</summary>
    public static async Task Cross(Database database, int count, long nowMicros)
    {
        await using var connection = await database.Connect();
        await connection.ExecuteAsync(
            """
            insert into crossing (wallet_no, seq, kind, downwards, threshold_micros, balance_micros, at_micros)
            select no, 1, 1, 1, 5000000, 4990000, @nowMicros from wallet order by no desc limit @count
            """,
            new { count, nowMicros }, commandTimeout: 300);
    }

    public static async Task<bool> AnyUntold(Database database)
    {
        await using var connection = await database.Connect();
        return await connection.ExecuteScalarAsync<bool>("select exists (select 1 from crossing where noticed = 0)");
    }

    public static async Task<(long Queued, long Sent)> Count(Database database)
    {
        await using var connection = await database.Connect();
        return await connection.QuerySingleAsync<(long, long)>(
            "select count(*), count(sent_at_micros) from mail", commandTimeout: 300);
    }
}
