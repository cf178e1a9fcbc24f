using System.Data.Common;
using Dapper;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>A key as its holder's page lists it.</summary>
/// <param name="LastUsedAt">To the minute; null: never.</param>
public sealed record ListedKey(
    long No, string IdPart, string Name, KeyScopes Scopes, Instant CreatedAt, string CreatedBy, Instant? ExpiresAt,
    Instant? RevokedAt, string? RevokedBy, Instant? LastUsedAt)
{
    internal static ListedKey Read(ref RowReader row) => new(
        row.Long(), row.Text(), row.Text(), (KeyScopes)row.Small(), Instants.FromMicros(row.Long()), row.Text(),
        Instants.FromMicros(row.LongOrNull()), Instants.FromMicros(row.LongOrNull()), row.TextOrNull(),
        Instants.FromMicros(row.LongOrNull()));
}

/// <summary>Keys of a holder, each list with the newest first.</summary>
/// <param name="Former">Revoked or expired; on the first page alone.</param>
/// <param name="More">The last key of the page where there are more; null: there are none.</param>
public sealed record HeldKeys(IReadOnlyList<ListedKey> InForce, IReadOnlyList<ListedKey> Former, long? More)
{
    public const int PageRows = 50;
    public const int MostFormer = 20;

    public static HeldKeys None { get; } = new([], [], null);
}

/// <summary>Keys: their id parts and the SHA-256 of their secrets.</summary>
public static class KeyStore
{
    const string Columns =
        "no, id_part, secret_sha256, kind, provider_no, account_no, revoked_at_micros, scopes, expires_at_micros";

    const string ListedColumns =
        """
        no, id_part, name, scopes, created_at_micros, created_by, expires_at_micros, revoked_at_micros, revoked_by,
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

    /// <summary>How many a holder has that open something.</summary>
    public static Task<long> InForce(
        DbConnection connection, DbTransaction transaction, KeyHolder holder, Instant now) =>
        connection.ExecuteScalarAsync<long>(
            holder.AccountNo is null
                ? """
                  select count(*) from access_key
                  where provider_no = @ProviderNo and kind = @kind and revoked_at_micros is null
                  and coalesce(expires_at_micros, @now + 1) > @now
                  """
                : """
                  select count(*) from access_key where account_no = @AccountNo and revoked_at_micros is null
                  and coalesce(expires_at_micros, @now + 1) > @now
                  """,
            new { holder.ProviderNo, holder.AccountNo, kind = (short)holder.Kind, now = now.ToMicros() }, transaction);

    /// <summary>A holder's keys that open something, a page of them, and the last that do not any more.</summary>
    /// <param name="before">The number of the last key of the page before; null: the first page.</param>
    public static async Task<HeldKeys> Of(
        Database database, KeyHolder holder, Instant now, long? before, CancellationToken ct)
    {
        var (owner, no) = holder.AccountNo is { } accountNo
            ? ("account_no = $1", accountNo)
            : ("provider_no = $1 and kind = 0", (long)holder.ProviderNo!.Value);
        var (standing, former) = (new List<ListedKey>(), new List<ListedKey>());
        await database.Reads.Ask(
            [
                new PageQuestion(
                    $"""
                    select {ListedColumns} from access_key where {owner} and revoked_at_micros is null
                    and (expires_at_micros is null or expires_at_micros > $2) and no < $3
                    order by no desc limit $4
                    """,
                    row => standing.Add(ListedKey.Read(ref row)), no, now.ToMicros(), before ?? long.MaxValue,
                    HeldKeys.PageRows + 1L),
                new PageQuestion(
                    $"""
                    select {ListedColumns} from access_key where {owner}
                    and (revoked_at_micros is not null or expires_at_micros <= $2)
                    order by no desc limit $3
                    """,
                    row => former.Add(ListedKey.Read(ref row)), no, now.ToMicros(),
                    before is null ? HeldKeys.MostFormer : 0L),
            ],
            ct);
        if (standing.Count <= HeldKeys.PageRows) return new HeldKeys(standing, former, null);
        standing.RemoveAt(HeldKeys.PageRows);
        return new HeldKeys(standing, former, standing[^1].No);
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
