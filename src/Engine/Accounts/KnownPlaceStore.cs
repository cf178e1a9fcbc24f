using System.Data.Common;
using Dapper;
using NodaTime;

namespace Tollkeeper.Engine.Accounts;

/// <summary>From where users signed in lately.</summary>
public static class KnownPlaceStore
{
    public static async Task<IReadOnlyCollection<string>> Of(
        DbConnection connection, DbTransaction transaction, long userNo, Instant since) =>
        (await connection.QueryAsync<string>(
            "select place from known_place where user_no = @userNo and last_seen_at_micros >= @since",
            new { userNo, since = since.ToMicros() }, transaction)).ToHashSet(StringComparer.Ordinal);

    public static Task Seen(
        DbConnection connection, DbTransaction transaction, long userNo, string place, Instant now) =>
        connection.ExecuteAsync(
            """
            insert into known_place (user_no, place, last_seen_at_micros) values (@userNo, @place, @now)
            on conflict (user_no, place) do update set last_seen_at_micros = excluded.last_seen_at_micros
            """,
            new { userNo, place, now = now.ToMicros() }, transaction);

    public static Task ForgetBefore(DbConnection connection, DbTransaction transaction, Instant before) =>
        connection.ExecuteAsync(
            "delete from known_place where last_seen_at_micros < @before", new { before = before.ToMicros() },
            transaction);
}
