using System.Data.Common;
using Dapper;

namespace Tollkeeper.Engine.Accounts;

/// <summary>Recovery codes that are still good, as keyed hashes.</summary>
public static class RecoveryCodeStore
{
    public static async Task Replace(
        DbConnection connection, DbTransaction transaction, long userNo, IReadOnlyList<byte[]> macs)
    {
        await connection.ExecuteAsync(
            "delete from recovery_code where user_no = @userNo", new { userNo }, transaction);
        await connection.ExecuteAsync(
            "insert into recovery_code (user_no, code_mac) values (@userNo, @mac)",
            macs.Select(mac => new { userNo, mac }), transaction);
    }

    /// <summary>False when there is no such code, or not any more: of two requests at once, one.</summary>
    public static async Task<bool> Use(
        DbConnection connection, DbTransaction transaction, long userNo, byte[] mac) =>
        await connection.ExecuteAsync(
            "delete from recovery_code where user_no = @userNo and code_mac = @mac", new { userNo, mac },
            transaction) == 1;

    public static Task<int> Count(DbConnection connection, long userNo) =>
        connection.ExecuteScalarAsync<int>(
            "select count(*) from recovery_code where user_no = @userNo", new { userNo });
}
