using System.Data.Common;
using Dapper;
using Npgsql;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>A crossing that nobody was told of yet, with whose wallet it is.</summary>
sealed record UntoldCrossing(
    Crossing Crossing, long N, string Wallet, long AccountNo, int ProviderNo, string Currency);

/// <summary>Crossings on their way to notices.</summary>
static class CrossingStore
{
    const string Columns =
        """
        c.wallet_no, c.n, c.seq, c.kind, c.downwards, c.threshold_micros, c.balance_micros, c.at_micros,
          w.name as wallet, w.account_no, a.provider_no, a.currency
        """;

    /// <summary>Those at which automatic billing charges are told of by it.</summary>
    static readonly string Untold = $"noticed = 0 and kind <> {(int)CrossingKind.AutomaticBilling}";

    /// <summary>
    /// By a mark on each row and not by a counter of rows: numbers are given before the commit, and a reader that had
    /// passed one would never see it.
    /// </summary>
    static readonly string TakeOnPostgres =
        $"""
        with taken as (
          select wallet_no, n from crossing where {Untold} order by n limit @most for update skip locked)
        update crossing c set noticed = 1
        from taken t join wallet w on w.no = t.wallet_no join account a on a.no = w.account_no
        where c.wallet_no = t.wallet_no and c.n = t.n
        returning {Columns}
        """;

    static readonly string MarkOnSqlite =
        $"update crossing set noticed = 1 where n in (select n from crossing where {Untold} order by n limit @most)";

    static readonly string ReadOnSqlite =
        $"""
        select {Columns}
        from (select * from crossing where {Untold} order by n limit @most) c
        join wallet w on w.no = c.wallet_no join account a on a.no = w.account_no
        """;

    /// <summary>Takes them, the oldest first; whoever else looks meanwhile gets others.</summary>
    public static async Task<IReadOnlyList<UntoldCrossing>> Take(
        DbConnection connection, DbTransaction transaction, int most)
    {
        var onPostgres = connection is NpgsqlConnection;
        var rows = (await connection.QueryAsync<CrossingRow>(
            onPostgres ? TakeOnPostgres : ReadOnSqlite, new { most }, transaction)).AsList();
        // The transaction is the only writer from its beginning.
        if (!onPostgres && rows.Count > 0)
            await connection.ExecuteAsync(MarkOnSqlite, new { most }, transaction);
        return [.. rows.OrderBy(row => row.N).Select(ToUntold)];
    }

    /// <summary>Takes those at which automatic billing charges: the numbers of their accounts.</summary>
    public static async Task<IReadOnlyList<long>> TakeAutomatic(
        DbConnection connection, DbTransaction transaction, int most)
    {
        var skip = connection is NpgsqlConnection ? "for update skip locked" : "";
        return (await connection.QueryAsync<long>(
            $"""
            update crossing set noticed = 1
            where n in (
              select n from crossing where kind = {(int)CrossingKind.AutomaticBilling} and noticed = 0
              order by n limit @most {skip})
            returning (select w.account_no from wallet w where w.no = crossing.wallet_no)
            """,
            new { most }, transaction)).Distinct().Order().ToList();
    }

    /// <summary>Which of the wallets were at their floor before a crossing, by wallet and number.</summary>
    public static async Task<HashSet<(long WalletNo, long N)>> AfterTheFloor(
        DbConnection connection, DbTransaction transaction, IReadOnlyCollection<UntoldCrossing> rises)
    {
        var found = new HashSet<(long, long)>();
        foreach (var rise in rises)
        {
            var before = await connection.ExecuteScalarAsync<long>(
                $"""
                select count(*) from crossing
                where wallet_no = @WalletNo and n < @N and downwards = 1
                  and kind in ({(int)CrossingKind.Zero}, {(int)CrossingKind.CreditLimit})
                """,
                new { rise.Crossing.WalletNo, rise.N }, transaction);
            if (before > 0) found.Add((rise.Crossing.WalletNo, rise.N));
        }
        return found;
    }

    static UntoldCrossing ToUntold(CrossingRow row) => new(
        new Crossing(
            row.WalletNo, row.Seq, (CrossingKind)row.Kind, row.Downwards != 0, row.ThresholdMicros,
            row.BalanceMicros, Instants.FromMicros(row.AtMicros)),
        row.N, row.Wallet, row.AccountNo, row.ProviderNo, row.Currency);

    sealed class CrossingRow
    {
        public long WalletNo { get; init; }
        public long N { get; init; }
        public long Seq { get; init; }
        public int Kind { get; init; }
        public int Downwards { get; init; }
        public long ThresholdMicros { get; init; }
        public long BalanceMicros { get; init; }
        public long AtMicros { get; init; }
        public string Wallet { get; init; } = "";
        public long AccountNo { get; init; }
        public int ProviderNo { get; init; }
        public string Currency { get; init; } = "";
    }
}
