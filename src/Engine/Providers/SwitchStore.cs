using System.Data.Common;
using Dapper;
using NodaTime;

namespace Tollkeeper.Engine.Providers;

/// <summary>Switches: registered at first use under the name that the key's holder chose.</summary>
public static class SwitchStore
{
    /// <summary>The switch's number, made where there is none; null when the provider has as many as it may.</summary>
    public static async Task<int?> FindOrAdd(
        DbConnection connection, DbTransaction transaction, int providerNo, string name, int most, Instant now)
    {
        var arguments = new { providerNo, name, now = now.ToMicros() };
        const string Find = "select no from switch where provider_no = @providerNo and name = @name";
        if (await connection.ExecuteScalarAsync<int?>(Find, arguments, transaction) is { } known) return known;
        var count = await connection.ExecuteScalarAsync<long>(
            "select count(*) from switch where provider_no = @providerNo", arguments, transaction);
        if (count >= most) return null;
        var added = await connection.ExecuteScalarAsync<int?>(
            """
            insert into switch (provider_no, name, first_seen_at_micros, last_seen_at_micros)
            values (@providerNo, @name, @now, @now) on conflict do nothing returning no
            """,
            arguments, transaction);
        return added ?? await connection.ExecuteScalarAsync<int?>(Find, arguments, transaction);
    }

    /// <param name="keyNo">0: not by a key.</param>
    public static Task Seen(
        DbConnection connection, DbTransaction transaction, int switchNo, long keyNo, Instant at) =>
        connection.ExecuteAsync(
            """
            update switch set last_seen_at_micros = @at, key_no = coalesce(nullif(@keyNo, 0), key_no)
            where no = @switchNo and last_seen_at_micros <= @at
            """,
            new { switchNo, keyNo, at = at.ToMicros() }, transaction);

    public static async Task<Instant> LastSeen(DbConnection connection, int switchNo) => Instants.FromMicros(
        await connection.ExecuteScalarAsync<long>("select last_seen_at_micros from switch where no = @switchNo",
            new { switchNo }));
}
