using System.Data.Common;
using Dapper;
using NodaTime;
using Tollkeeper.Accounts;

namespace Tollkeeper.Engine.Accounts;

/// <summary>Links in mails, by the SHA-256 of what stands in them.</summary>
public static class MailLinkStore
{
    public static Task Insert(
        DbConnection connection, DbTransaction transaction, byte[] sha256, User user, LinkPurpose purpose,
        Instant now) =>
        connection.ExecuteAsync(
            """
            insert into mail_link (
              token_sha256, user_no, purpose, email_key, stamp, issued_at_micros, expires_at_micros)
            values (@sha256, @No, @purpose, @key, @Stamp, @now, @expires)
            """,
            new
            {
                sha256,
                user.No,
                purpose = (short)purpose,
                key = user.Email.Key,
                user.Stamp,
                now = now.ToMicros(),
                expires = (now + LinkLife.Of(purpose)).ToMicros(),
            },
            transaction);

    /// <summary>
    /// Whose link it is, and for what, while it is good: neither used nor expired, the user's address still the same,
    /// and nothing changed since that ends sessions, such as the password. Refusal: <see cref="Refusal.LinkSpent"/>.
    /// </summary>
    public static async Task<Result<(long UserNo, LinkPurpose Purpose)>> Find(
        DbConnection connection, DbTransaction? transaction, byte[] sha256, int providerNo, Instant now)
    {
        var row = await connection.QuerySingleOrDefaultAsync<LinkRow>(
            """
            select l.user_no, l.purpose from mail_link l join portal_user u on u.no = l.user_no
            where l.token_sha256 = @sha256 and l.used_at_micros is null and l.expires_at_micros > @now
              and u.provider_no = @providerNo and u.email_key = l.email_key and u.stamp = l.stamp
            """,
            new { sha256, providerNo, now = now.ToMicros() }, transaction);
        return row is null ? Refusal.LinkSpent : (row.UserNo, (LinkPurpose)row.Purpose);
    }

    /// <summary>False when it was used before: of two requests at once, one.</summary>
    public static async Task<bool> Use(
        DbConnection connection, DbTransaction transaction, byte[] sha256, Instant now) =>
        await connection.ExecuteAsync(
            "update mail_link set used_at_micros = @now where token_sha256 = @sha256 and used_at_micros is null",
            new { sha256, now = now.ToMicros() }, transaction) == 1;

    public static Task ForgetBefore(DbConnection connection, DbTransaction transaction, Instant before) =>
        connection.ExecuteAsync(
            "delete from mail_link where expires_at_micros < @before", new { before = before.ToMicros() },
            transaction);

    sealed class LinkRow
    {
        public long UserNo { get; init; }
        public int Purpose { get; init; }
    }
}
