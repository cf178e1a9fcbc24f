using System.Data.Common;
using Dapper;
using NodaTime;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>Keys of forms that were sent, each of one user.</summary>
public static class FormKeyStore
{
    /// <summary>False when a form of this key was sent before.</summary>
    public static async Task<bool> Claim(
        DbConnection connection, DbTransaction transaction, long userNo, string key, Instant now) =>
        await connection.ExecuteAsync(
            """
            insert into form_key (user_no, form_key, sent_at_micros) values (@userNo, @key, @now)
            on conflict do nothing
            """,
            new { userNo, key, now = now.ToMicros() }, transaction) == 1;

    /// <summary>When the form was sent first, and what it led to; no outcome while that is not done.</summary>
    public static async Task<(Instant SentAt, byte[]? Outcome)?> Find(
        DbConnection connection, long userNo, string key)
    {
        var row = await connection.QuerySingleOrDefaultAsync<FormRow>(
            "select sent_at_micros, outcome from form_key where user_no = @userNo and form_key = @key",
            new { userNo, key });
        return row is null ? null : (Instants.FromMicros(row.SentAtMicros), row.Outcome);
    }

    public static Task Done(
        DbConnection connection, DbTransaction transaction, long userNo, string key, byte[] outcome) =>
        connection.ExecuteAsync(
            "update form_key set outcome = @outcome where user_no = @userNo and form_key = @key",
            new { userNo, key, outcome }, transaction);

    public static Task Release(DbConnection connection, DbTransaction transaction, long userNo, string key) =>
        connection.ExecuteAsync(
            "delete from form_key where user_no = @userNo and form_key = @key and outcome is null",
            new { userNo, key }, transaction);

    /// <summary>
    /// What forms of before led to, such as a key that was to be seen once; that they were sent stays known.
    /// </summary>
    public static Task ForgetOutcomesBefore(Database database, Instant before, CancellationToken ct) =>
        database.InTransaction<bool>(
            async (connection, transaction) =>
            {
                await connection.ExecuteAsync(
                    "update form_key set outcome = null where sent_at_micros < @before and outcome is not null",
                    new { before = before.ToMicros() }, transaction);
                return true;
            },
            ct);

    public static Task ForgetBefore(DbConnection connection, DbTransaction transaction, Instant before) =>
        connection.ExecuteAsync(
            "delete from form_key where sent_at_micros < @before", new { before = before.ToMicros() }, transaction);

    sealed class FormRow
    {
        public long SentAtMicros { get; init; }
        public byte[]? Outcome { get; init; }
    }
}
