using System.Data.Common;
using Dapper;
using NodaTime;
using Tollkeeper.Accounts;

namespace Tollkeeper.Engine.Accounts;

/// <summary>A user's wish to sign in with another address.</summary>
/// <param name="IsAtFormer">Its link was followed from the mail to the address of now.</param>
public sealed record EmailChange(
    string Id, long UserNo, EmailAddress Wished, bool FormerConfirmed, bool WishedConfirmed, bool IsAtFormer)
{
    /// <summary>Once this link is followed, too.</summary>
    public bool IsComplete => IsAtFormer ? WishedConfirmed : FormerConfirmed;
}

/// <summary>Wishes to sign in with another address, one for each user; the links' tokens as hashes.</summary>
public static class EmailChangeStore
{
    /// <summary>A new wish takes the place of an older one, whose links open nothing any more.</summary>
    public static async Task Insert(
        DbConnection connection, DbTransaction transaction, string id, User user, EmailAddress wished, Instant now)
    {
        await Forget(connection, transaction, user.No);
        await connection.ExecuteAsync(
            """
            insert into email_change (
              user_no, id, email, email_key, former_key, stamp, asked_at_micros, expires_at_micros)
            values (@No, @id, @email, @key, @formerKey, @Stamp, @now, @expires)
            """,
            new
            {
                user.No,
                id,
                email = wished.Text,
                key = wished.Key,
                formerKey = user.Email.Key,
                user.Stamp,
                now = now.ToMicros(),
                expires = (now + LinkLife.Of(LinkPurpose.TakeEmail)).ToMicros(),
            },
            transaction);
    }

    public static Task Forget(DbConnection connection, DbTransaction transaction, long userNo) =>
        connection.ExecuteAsync("delete from email_change where user_no = @userNo", new { userNo }, transaction);

    public static Task ForgetBefore(DbConnection connection, DbTransaction transaction, Instant before) =>
        connection.ExecuteAsync(
            "delete from email_change where expires_at_micros < @before", new { before = before.ToMicros() },
            transaction);

    /// <summary>The link of one of the two mails. False when the wish is no more.</summary>
    public static async Task<bool> SetToken(
        DbConnection connection, DbTransaction transaction, string id, bool atFormer, byte[] tokenSha256) =>
        await connection.ExecuteAsync(
            atFormer
                ? "update email_change set former_token_sha256 = @tokenSha256 where id = @id"
                : "update email_change set wished_token_sha256 = @tokenSha256 where id = @id",
            new { id, tokenSha256 }, transaction) == 1;

    /// <summary>
    /// The wish that a link belongs to, while it is good: not expired, and neither the user's address nor anything that
    /// ends sessions changed since. Refusal: <see cref="Refusal.LinkSpent"/>.
    /// </summary>
    public static async Task<Result<EmailChange>> Find(
        DbConnection connection, DbTransaction? transaction, int providerNo, byte[] tokenSha256, Instant now)
    {
        var row = await connection.QuerySingleOrDefaultAsync<ChangeRow>(
            """
            select c.id, c.user_no, c.email,
              case when c.former_confirmed_at_micros is null then 0 else 1 end as former_confirmed,
              case when c.wished_confirmed_at_micros is null then 0 else 1 end as wished_confirmed,
              case when c.former_token_sha256 = @tokenSha256 then 1 else 0 end as at_former
            from email_change c
            join portal_user u on u.no = c.user_no
            where (c.former_token_sha256 = @tokenSha256 or c.wished_token_sha256 = @tokenSha256)
              and c.expires_at_micros > @now and u.provider_no = @providerNo and u.stamp = c.stamp
              and u.email_key = c.former_key and u.locked = 0 and u.removed_at_micros is null
            """,
            new { tokenSha256, providerNo, now = now.ToMicros() }, transaction);
        return row is null ? Refusal.LinkSpent : row.ToChange();
    }

    public static Task Confirm(
        DbConnection connection, DbTransaction transaction, EmailChange change, Instant now) =>
        connection.ExecuteAsync(
            change.IsAtFormer
                ? "update email_change set former_confirmed_at_micros = @now where id = @Id"
                : "update email_change set wished_confirmed_at_micros = @now where id = @Id",
            new { change.Id, now = now.ToMicros() }, transaction);

    sealed class ChangeRow
    {
        public string Id { get; init; } = "";
        public long UserNo { get; init; }
        public string Email { get; init; } = "";
        public int FormerConfirmed { get; init; }
        public int WishedConfirmed { get; init; }
        public int AtFormer { get; init; }

        public EmailChange ToChange()
        {
            Demand.That(EmailAddress.TryParse(Email, out var wished), "a wish has an e-mail address");
            return new EmailChange(Id, UserNo, wished, FormerConfirmed != 0, WishedConfirmed != 0, AtFormer != 0);
        }
    }
}
