using System.Data.Common;
using Dapper;
using NodaTime;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Bench;

/// <summary>
/// Ninety days of calls written past the program, straight into the tables: nearly all of one account, the rest spread
/// over all others, as they would have come in time. Days and wallets say what the calls say; there are no entries.
/// </summary>
static class ManyCallsStore
{
    public const int Days = 90;

    const int CallsAStatement = 250_000;
    const int Writers = 2;

    /// <summary>One call of so many is another account's.</summary>
    const int Others = 51;

    /// <param name="own">Calls of the account with wallet 1.</param>
    /// <param name="zone">Hours that local days are behind UTC.</param>
    public static async Task Fill(Database database, long own, Instant now, int zone)
    {
        // Months that are over; those to come were made when the database was opened.
        await CallPartitions.MakeAhead(database, now - Duration.FromDays(Days), CancellationToken.None);
        await using var connection = await database.Connect();
        var others = await connection.ExecuteScalarAsync<long>("select count(*) from wallet") - 1;
        var all = own * Others / (Others - 1);
        var from = (now - Duration.FromDays(Days)).ToMicros();
        // The last of them a minute ago, so that what is measured comes after them all.
        var step = (now.ToMicros() - 60_000_000 - from) / all;
        await Execute(connection, "drop index call_by_key");
        var starts = Enumerable.Range(0, (int)((all + CallsAStatement - 1) / CallsAStatement))
            .Select(i => 1 + (long)i * CallsAStatement);
        var writers = new ParallelOptions { MaxDegreeOfParallelism = database.IsPostgres ? Writers : 1 };
        await Parallel.ForEachAsync(starts, writers, async (first, ct) =>
        {
            await using var writer = await database.Connect(ct);
            if (database.IsPostgres) await Execute(writer, "set synchronous_commit = off");
            var series = Series(first, Math.Min(all, first + CallsAStatement - 1), database.IsPostgres);
            await Execute(writer, Calls(series, others, from, step, database.IsPostgres));
        });
        if (database.IsPostgres) await Execute(connection, "set maintenance_work_mem = '512MB'");
        await Execute(connection, "create index call_by_key on call (call_key)");
        await Sum(connection, now, zone);
        if (database.IsPostgres) await Execute(connection, "vacuum call");
        await Execute(connection, "analyze wallet; analyze wallet_day; analyze call");
    }

    /// <summary>How many transactions a database of PostgreSQL has committed; a page's round trip is one.</summary>
    public static async Task<long> Commits(Database database)
    {
        await using var connection = await database.Connect();
        return await connection.ExecuteScalarAsync<long>(
            "select xact_commit from pg_stat_database where datname = current_database()");
    }

    static string Series(long first, long last, bool postgres) => postgres
        ? $"generate_series(cast({first} as bigint), {last}) s (j)"
        : $"(with recursive s (j) as (select {first} union all select j + 1 from s where j < {last}) "
            + "select j from s) s";

    static string Calls(string series, long others, long from, long step, bool postgres)
    {
        var key = postgres ? "cast(md5('many' || j) as uuid)" : "randomblob(16)";
        // Every fifth is busy and free.
        const string seconds = "case when j % 5 = 0 then 0 else 1 + (j * 7919) % 300 end";
        return
            $"""
            insert into call (wallet_no, n, call_key, account_no, switch_no, call, direction, from_number, to_number,
              billable, currency, started_at_micros, answered_at_micros, ended_at_micros, recorded_at_micros, seconds,
              granted_seconds, billed_seconds, overrun_seconds, disposition, sip_code, stale, charge_micros, tax_micros,
              balance_micros, end_content, policy_version, deck_no, deck_version, prefix, destination, rate_e8, terms)
            select w.no, c.n, {key}, w.account_no, 1, 'many-' || j, 1, '+12125550100',
              '+1416' || (2000000 + (j * 7919) % 7000000), 1, 'USD', c.at - seconds * 1000000, c.at - seconds * 1000000,
              c.at, c.at, seconds, 300, (seconds + 59) / 60 * 60, 0, case when seconds = 0 then 2 else 1 end, 200, 0,
              (seconds + 59) / 60 * 50000, 0, 0, {key}, 1, 1, 1, '1416',
              case j % 4 when 0 then 'Canada - Toronto' when 1 then 'United States' when 2 then 'Mexico - Mobile'
                else 'Canada' end,
              5000000, '60/60 0 0 0 0 6 0 0 0'
            from (
              select j, {from} + j * {step} as at, {seconds} as seconds,
                case when j % {Others} = 0 then 2 + (j / {Others} - 1) % {others} else 1 end as wallet_no,
                case when j % {Others} = 0 then 1 + (j / {Others} - 1) / {others} else j - j / {Others} end as n
              from {series}) c
            join wallet w on w.no = c.wallet_no
            """;
    }

    /// <summary>The days before today, and on the wallets today, this month and how many calls there are.</summary>
    static async Task Sum(DbConnection connection, Instant now, int zone)
    {
        var day = $"(recorded_at_micros - {zone} * 3600000000) / 86400000000";
        var local = now.Minus(Duration.FromHours(zone)).InUtc().Date;
        var epoch = new LocalDate(1970, 1, 1);
        var today = Period.DaysBetween(epoch, local);
        var month = Period.DaysBetween(epoch, local.With(DateAdjusters.StartOfMonth));
        await Execute(connection, $"create table summed as select wallet_no, {day} as day, count(*) as calls, "
            + "cast(sum(case when charge_micros > 0 then 1 else 0 end) as bigint) as charged, "
            + "cast(sum(charge_micros) as bigint) as spent from call group by wallet_no, 2");
        await Execute(connection, "insert into wallet_day (wallet_no, day, calls, spent_micros) "
            + $"select wallet_no, day, charged, spent from summed where day < {today}");
        await Execute(connection,
            $"""
            update wallet set calls = s.calls, day = {today}, day_calls = s.today_calls, day_spent_micros = s.today,
              month_spent_micros = s.month
            from (
              select wallet_no, cast(sum(calls) as bigint) as calls,
                cast(sum(case when day = {today} then charged else 0 end) as bigint) as today_calls,
                cast(sum(case when day = {today} then spent else 0 end) as bigint) as today,
                cast(sum(case when day >= {month} then spent else 0 end) as bigint) as month
              from summed group by wallet_no) s
            where s.wallet_no = wallet.no
            """);
        await Execute(connection, "drop table summed");
    }

    static Task<int> Execute(DbConnection connection, string sql) =>
        connection.ExecuteAsync(sql, commandTimeout: 1_800);
}
