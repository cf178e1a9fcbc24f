using System.Data.Common;
using Dapper;
using NodaTime;
using Tollkeeper.Accounts;

namespace Tollkeeper.Engine.Accounts;

/// <summary>Keys: their id parts and the SHA-256 of their secrets.</summary>
public static class KeyStore
{
    const string Columns = "no, id_part, secret_sha256, kind, provider_no, account_no, revoked_at_micros";

    public static Task<long> Insert(
        DbConnection connection, DbTransaction transaction, KeyText key, KeyHolder holder, long revision, Instant now,
        string by) =>
        connection.ExecuteScalarAsync<long>(
            """
            insert into access_key (
              id_part, secret_sha256, kind, provider_no, account_no, created_at_micros, created_by, changed_revision)
            values (@IdPart, @sha256, @kind, @ProviderNo, @AccountNo, @now, @by, @revision)
            returning no
            """,
            new
            {
                key.IdPart,
                sha256 = key.SecretSha256(),
                kind = (short)key.Kind,
                holder.ProviderNo,
                holder.AccountNo,
                now = now.ToMicros(),
                by,
                revision,
            },
            transaction);

    public static async Task<Result<AccessKey>> Find(DbConnection connection, DbTransaction? transaction, string idPart)
    {
        var row = await connection.QuerySingleOrDefaultAsync<KeyRow>(
            $"select {Columns} from access_key where id_part = @idPart", new { idPart }, transaction);
        return row is null ? Refusal.UnknownKey : row.ToKey();
    }

    /// <summary>False when it was revoked before: the first revocation's date stays.</summary>
    public static async Task<bool> Revoke(
        DbConnection connection, DbTransaction transaction, string idPart, long revision, Instant now, string by) =>
        await connection.ExecuteAsync(
            """
            update access_key set revoked_at_micros = @now, revoked_by = @by, changed_revision = @revision
            where id_part = @idPart and revoked_at_micros is null
            """,
            new { idPart, now = now.ToMicros(), by, revision }, transaction) == 1;

    /// <summary>The id parts of keys that changed after a revision.</summary>
    public static async Task<IReadOnlyList<string>> ChangedSince(DbConnection connection, long revision) =>
        (await connection.QueryAsync<string>(
            "select id_part from access_key where changed_revision > @revision", new { revision })).AsList();

    sealed class KeyRow
    {
        public long No { get; init; }
        public string IdPart { get; init; } = "";
        public byte[] SecretSha256 { get; init; } = [];
        public int Kind { get; init; }
        public int? ProviderNo { get; init; }
        public long? AccountNo { get; init; }
        public long? RevokedAtMicros { get; init; }

        public AccessKey ToKey() => new(
            No, IdPart, SecretSha256, (KeyKind)Kind, ProviderNo, AccountNo, Instants.FromMicros(RevokedAtMicros));
    }
}
