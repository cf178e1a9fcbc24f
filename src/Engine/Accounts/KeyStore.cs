using System.Data.Common;
using Dapper;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>A key as its holder's page lists it.</summary>
/// <param name="LastUsedAt">To the minute; null: never.</param>
public sealed record ListedKey(
    string IdPart, string Name, KeyScopes Scopes, Instant CreatedAt, string CreatedBy, Instant? ExpiresAt,
    Instant? RevokedAt, string? RevokedBy, Instant? LastUsedAt)
{
    internal static ListedKey Read(ref RowReader row) => new(
        row.Text(), row.Text(), (KeyScopes)row.Small(), Instants.FromMicros(row.Long()), row.Text(),
        Instants.FromMicros(row.LongOrNull()), Instants.FromMicros(row.LongOrNull()), row.TextOrNull(),
        Instants.FromMicros(row.LongOrNull()));
}

/// <summary>Keys: their id parts and the SHA-256 of their secrets.</summary>
public static class KeyStore
{
    const string Columns =
        "no, id_part, secret_sha256, kind, provider_no, account_no, revoked_at_micros, scopes, expires_at_micros";

    const string ListedColumns =
        """
        id_part, name, scopes, created_at_micros, created_by, expires_at_micros, revoked_at_micros, revoked_by,
        last_used_at_micros
        """;

    public static Task<long> Insert(
        DbConnection connection, DbTransaction transaction, KeyText key, KeyHolder holder, KeyTerms terms,
        long revision, Instant now, string by) =>
        connection.ExecuteScalarAsync<long>(
            """
            insert into access_key (
              id_part, secret_sha256, kind, provider_no, account_no, name, scopes, expires_at_micros, created_at_micros,
              created_by, changed_revision)
            values (
              @IdPart, @sha256, @kind, @ProviderNo, @AccountNo, @Name, @scopes, @expires, @now, @by, @revision)
            returning no
            """,
            new
            {
                key.IdPart,
                sha256 = key.SecretSha256(),
                kind = (short)key.Kind,
                holder.ProviderNo,
                holder.AccountNo,
                terms.Name,
                scopes = (short)terms.Scopes,
                expires = terms.ExpiresAt?.ToMicros(),
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

    /// <summary>How many a holder has that are not revoked.</summary>
    public static Task<long> InForce(DbConnection connection, DbTransaction transaction, KeyHolder holder) =>
        connection.ExecuteScalarAsync<long>(
            holder.AccountNo is null
                ? """
                  select count(*) from access_key
                  where provider_no = @ProviderNo and kind = @kind and revoked_at_micros is null
                  """
                : "select count(*) from access_key where account_no = @AccountNo and revoked_at_micros is null",
            new { holder.ProviderNo, holder.AccountNo, kind = (short)holder.Kind }, transaction);

    /// <summary>A holder's keys that are not revoked, and the last that are; each the newest first.</summary>
    public static async Task<(IReadOnlyList<ListedKey> InForce, IReadOnlyList<ListedKey> Revoked)> Of(
        Database database, KeyHolder holder, int mostRevoked, CancellationToken ct)
    {
        var (owner, no) = holder.AccountNo is { } accountNo
            ? ("account_no = $1", accountNo)
            : ("provider_no = $1 and kind = 0", (long)holder.ProviderNo!.Value);
        var (standing, revoked) = (new List<ListedKey>(), new List<ListedKey>());
        await database.Reads.Ask(
            [
                new PageQuestion(
                    $"""
                    select {ListedColumns} from access_key where {owner} and revoked_at_micros is null
                    order by no desc
                    """,
                    row => standing.Add(ListedKey.Read(ref row)), no),
                new PageQuestion(
                    $"""
                    select {ListedColumns} from access_key where {owner} and revoked_at_micros is not null
                    order by no desc limit $2
                    """,
                    row => revoked.Add(ListedKey.Read(ref row)), no, (long)mostRevoked),
            ],
            ct);
        return (standing, revoked);
    }

    public static Task Used(DbConnection connection, DbTransaction transaction, long keyNo, Instant at) =>
        connection.ExecuteAsync(
            """
            update access_key set last_used_at_micros = @at
            where no = @keyNo and coalesce(last_used_at_micros, 0) < @at
            """,
            new { keyNo, at = at.ToMicros() }, transaction);

    sealed class KeyRow
    {
        public long No { get; init; }
        public string IdPart { get; init; } = "";
        public byte[] SecretSha256 { get; init; } = [];
        public int Kind { get; init; }
        public int? ProviderNo { get; init; }
        public long? AccountNo { get; init; }
        public long? RevokedAtMicros { get; init; }
        public int Scopes { get; init; }
        public long? ExpiresAtMicros { get; init; }

        public AccessKey ToKey() => new(
            No, IdPart, SecretSha256, (KeyKind)Kind, ProviderNo, AccountNo, Instants.FromMicros(RevokedAtMicros),
            (KeyScopes)Scopes, Instants.FromMicros(ExpiresAtMicros));
    }
}
