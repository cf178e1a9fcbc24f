using System.Data.Common;
using Dapper;
using NodaTime;

namespace Tollkeeper.Engine.Storage;

/// <summary>What only the key file opens: the keys of cookies and forms, and the proof.</summary>
public static class SealedStore
{
    /// <summary>The proof that is there; where there is none, this one from now on.</summary>
    public static async Task<byte[]> ProofOrFirst(DbConnection connection, DbTransaction transaction, byte[] first)
    {
        await connection.ExecuteAsync(
            "insert into key_file_proof (no, sealed) values (1, @first) on conflict do nothing", new { first },
            transaction);
        return await connection.QuerySingleAsync<byte[]>(
            "select sealed from key_file_proof where no = 1", null, transaction);
    }

    public static async Task<IReadOnlyList<string>> DataProtectionKeys(DbConnection connection) =>
        (await connection.QueryAsync<string>(
            "select xml from data_protection_key order by created_at_micros, id")).AsList();

    public static Task AddDataProtectionKey(
        DbConnection connection, DbTransaction transaction, string id, string xml, Instant now) =>
        connection.ExecuteAsync(
            """
            insert into data_protection_key (id, xml, created_at_micros) values (@id, @xml, @now)
            on conflict do nothing
            """,
            new { id, xml, now = now.ToMicros() }, transaction);
}
