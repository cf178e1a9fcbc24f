using System.Data.Common;
using System.Text;
using Dapper;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Bench;

/// <summary>
/// What the measurements write and read past the program: many accounts at once, and sums of the books.
/// </summary>
static class BenchStore
{
    const int AccountsAStatement = 1_000;

    /// <summary>Makes more accounts like the one given, each with wallets like its own, and gives their ids.</summary>
    public static async Task<string[]> CopyAccount(Database database, long accountNo, int from, int count)
    {
        var ids = Enumerable.Range(from, count).Select(IdOf).ToArray();
        await database.InTransaction<bool>(async (connection, transaction) =>
        {
            foreach (var some in ids.Chunk(AccountsAStatement))
                await connection.ExecuteAsync(AccountCopies(some), new { accountNo }, transaction);
            await connection.ExecuteAsync(
                """
                insert into wallet (account_no, provider_no, name, currency, ledger_code, chain)
                select a.no, w.provider_no, w.name, w.currency, w.ledger_code, w.chain
                from account a join wallet w on w.account_no = @accountNo
                where not exists (select 1 from wallet own where own.account_no = a.no)
                """,
                new { accountNo }, transaction, commandTimeout: 300);
            return true;
        });
        return ids;
    }

    /// <summary>The books added up in three ways; see <see cref="BooksSums"/>.</summary>
    public static async Task<BooksSums> Sums(Database database)
    {
        await using var connection = await database.Connect();
        return await connection.QuerySingleAsync<BooksSums>(
            """
            select
              (select cast(sum(balance_micros) as bigint) from wallet) as balances,
              (select cast(sum(case when credit = '2100' then amount_micros else -amount_micros end) as bigint)
                from posting) as postings,
              (select cast(sum(amount_micros) as bigint) from entry) as entries,
              (select cast(coalesce(sum(charge_micros + tax_micros), 0) as bigint) from call) as calls,
              (select cast(coalesce(sum(amount_micros), 0) as bigint) from entry where kind in (1, 2, 3))
                as call_entries,
              (select cast(sum(held_micros) as bigint) from wallet) as held,
              (select count(*) from call) as call_count,
              (select count(*) from hold) as hold_count
            """, commandTimeout: 300);
    }

    /// <summary>The columns of a table of PostgreSQL, in order, with their types.</summary>
    public static async Task<IReadOnlyList<(string Name, string Type)>> Columns(
        DbConnection connection, string table) =>
        [.. await connection.QueryAsync<(string, string)>(
            """
            select column_name, data_type from information_schema.columns
            where table_name = @table and is_identity = 'NO' order by ordinal_position
            """,
            new { table })];

    static string AccountCopies(string[] ids)
    {
        var text = new StringBuilder(
            """
            insert into account (id, provider_no, name, type, currency, tax_status, outbound_deck_no,
              inbound_deck_no, channels, calls_per_second, alert_threshold_micros, created_at_micros)
            select v.column1, a.provider_no, a.name, a.type, a.currency, a.tax_status,
              a.outbound_deck_no, a.inbound_deck_no, a.channels, a.calls_per_second,
              a.alert_threshold_micros, a.created_at_micros
            from (values
            """);
        for (var i = 0; i < ids.Length; i++) text.Append(i == 0 ? "" : ",").Append("('").Append(ids[i]).Append("')");
        return text.Append(") v join account a on a.no = @accountNo").ToString();
    }

    /// <summary>An id that reads like any other, made of a number.</summary>
    static string IdOf(int number)
    {
        var id = "acc_aaaaaaaaaaaaaaaa".ToCharArray();
        for (var i = id.Length - 1; number > 0; i--, number /= 10) id[i] = (char)('a' + number % 10);
        return new string(id);
    }
}

/// <summary>Sums over the whole books, micros. Equal books have equal sums and nothing held.</summary>
sealed record BooksSums
{
    public long Balances { get; init; }
    public long Postings { get; init; }
    public long Entries { get; init; }
    public long Calls { get; init; }
    public long CallEntries { get; init; }
    public long Held { get; init; }
    public long CallCount { get; init; }
    public long HoldCount { get; init; }

    public void Demand(long endedCalls)
    {
        Tollkeeper.Demand.That(
            Balances == Postings && Balances == Entries && Calls == -CallEntries, $"the books are equal: {this}");
        Tollkeeper.Demand.That(
            Held == 0 && HoldCount == 0 && CallCount == endedCalls, $"each of {endedCalls} calls ended once: {this}");
    }
}
