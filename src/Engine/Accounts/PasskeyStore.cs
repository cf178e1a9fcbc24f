using System.Data.Common;
using Dapper;
using NodaTime;

namespace Tollkeeper.Engine.Accounts;

/// <summary>A passkey as it was registered, with how often and when it was used last.</summary>
public sealed record Passkey(
    byte[] CredentialId, long UserNo, string Name, byte[] PublicKey, long SignCount, IReadOnlyList<string> Transports,
    bool UserVerified, bool BackupEligible, bool BackedUp, byte[] AttestationObject, byte[] ClientData,
    Instant CreatedAt, Instant? LastUsedAt);

/// <summary>Passkeys of users, found by their credential ids.</summary>
public static class PasskeyStore
{
    const string Columns =
        """
        credential_id, user_no, name, public_key, sign_count, transports, user_verified, backup_eligible, backed_up,
        attestation_object, client_data, created_at_micros, last_used_at_micros
        """;

    /// <summary>False when there is such a credential already, of whomever.</summary>
    public static async Task<bool> Insert(DbConnection connection, DbTransaction transaction, Passkey passkey) =>
        await connection.ExecuteAsync(
            $"""
            insert into passkey ({Columns})
            values (
              @CredentialId, @UserNo, @Name, @PublicKey, @SignCount, @transports, @verified, @eligible, @backedUp,
              @AttestationObject, @ClientData, @created, @used)
            on conflict (credential_id) do nothing
            """,
            new
            {
                passkey.CredentialId,
                passkey.UserNo,
                passkey.Name,
                passkey.PublicKey,
                passkey.SignCount,
                transports = string.Join(' ', passkey.Transports),
                verified = passkey.UserVerified ? 1 : 0,
                eligible = passkey.BackupEligible ? 1 : 0,
                backedUp = passkey.BackedUp ? 1 : 0,
                passkey.AttestationObject,
                passkey.ClientData,
                created = passkey.CreatedAt.ToMicros(),
                used = passkey.LastUsedAt?.ToMicros(),
            },
            transaction) == 1;

    public static async Task<IReadOnlyList<Passkey>> Of(DbConnection connection, long userNo)
    {
        var rows = await connection.QueryAsync<PasskeyRow>(
            $"select {Columns} from passkey where user_no = @userNo order by created_at_micros", new { userNo });
        return [.. rows.Select(row => row.ToPasskey())];
    }

    public static async Task<Passkey?> Find(DbConnection connection, byte[] credentialId)
    {
        var row = await connection.QuerySingleOrDefaultAsync<PasskeyRow>(
            $"select {Columns} from passkey where credential_id = @credentialId", new { credentialId });
        return row?.ToPasskey();
    }

    /// <summary>Writes what a sign-in changed. False when the passkey was removed meanwhile.</summary>
    public static async Task<bool> Used(
        DbConnection connection, DbTransaction transaction, long userNo, byte[] credentialId, long signCount,
        bool backedUp, Instant now) =>
        await connection.ExecuteAsync(
            """
            update passkey set last_used_at_micros = @now, sign_count = @signCount, backed_up = @backedUp
            where credential_id = @credentialId and user_no = @userNo
            """,
            new { userNo, credentialId, signCount, backedUp = backedUp ? 1 : 0, now = now.ToMicros() },
            transaction) == 1;

    /// <summary>False when the user has no such passkey.</summary>
    public static async Task<bool> Rename(
        DbConnection connection, DbTransaction transaction, long userNo, byte[] credentialId, string name) =>
        await connection.ExecuteAsync(
            "update passkey set name = @name where credential_id = @credentialId and user_no = @userNo",
            new { userNo, credentialId, name }, transaction) == 1;

    public static async Task<bool> Remove(
        DbConnection connection, DbTransaction transaction, long userNo, byte[] credentialId) =>
        await connection.ExecuteAsync(
            "delete from passkey where credential_id = @credentialId and user_no = @userNo",
            new { userNo, credentialId }, transaction) == 1;

    sealed class PasskeyRow
    {
        public byte[] CredentialId { get; init; } = [];
        public long UserNo { get; init; }
        public string Name { get; init; } = "";
        public byte[] PublicKey { get; init; } = [];
        public long SignCount { get; init; }
        public string Transports { get; init; } = "";
        public int UserVerified { get; init; }
        public int BackupEligible { get; init; }
        public int BackedUp { get; init; }
        public byte[] AttestationObject { get; init; } = [];
        public byte[] ClientData { get; init; } = [];
        public long CreatedAtMicros { get; init; }
        public long? LastUsedAtMicros { get; init; }

        public Passkey ToPasskey() => new(
            CredentialId, UserNo, Name, PublicKey, SignCount,
            Transports.Split(' ', StringSplitOptions.RemoveEmptyEntries), UserVerified != 0, BackupEligible != 0,
            BackedUp != 0, AttestationObject, ClientData, Instants.FromMicros(CreatedAtMicros),
            Instants.FromMicros(LastUsedAtMicros));
    }
}
