using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>Wallets from one number (not counted) to another.</summary>
readonly record struct WalletRange(long After, long UpTo)
{
    /// <summary>That a column is in it, as SQL says it.</summary>
    public string In(string column) => $"{column} > {Sql(After)} and {column} <= {Sql(UpTo)}";

    /// <summary>The lowest number of all cannot be written as a number with its sign.</summary>
    public static string Sql(long value) => value == long.MinValue ? "(-9223372036854775807)" : $"{value}";
}

/// <summary>A place in a table that is ordered by wallet and number.</summary>
readonly record struct BookPlace(long WalletNo, long N);

/// <summary>The rows that an audit reads, in the order in which it needs them; one snapshot for each range.</summary>
sealed class AuditStore(SnapshotStore snapshot) : IAsyncDisposable
{
    /// <summary>How many rows a range should have in all, and how many entries are in memory at once.</summary>
    const long RowsOfRange = 500_000;
    const int RowsBesides = 10;
    public const int EntriesOfPage = 262_144;

    public static async Task<AuditStore> Open(Database database, CancellationToken ct) =>
        new(await SnapshotStore.Open(database, ct));

    public void Begin() => snapshot.Begin();

    public void End() => snapshot.End();

    /// <summary>
    /// Cuts all wallets into ranges without a gap between them, so that rows of no wallet are seen too; about as many
    /// for each of the workers.
    /// </summary>
    public IEnumerable<WalletRange> Ranges(int workers)
    {
        var most = RowsOfEach(workers);
        var after = long.MinValue;
        var weight = 0L;
        var last = 0L;
        foreach (var (no, rows) in WalletWeights())
        {
            if (weight > 0 && weight + rows > most)
            {
                yield return new WalletRange(after, last);
                (after, weight) = (last, 0);
            }
            (last, weight) = (no, weight + rows);
        }
        yield return new WalletRange(after, long.MaxValue);
    }

    long RowsOfEach(int workers)
    {
        using var rows = snapshot.Read(
            $"select cast(coalesce(sum(seq + calls + {RowsBesides}), 0) as bigint) from wallet");
        var all = rows.Next() ? rows.Long() : 0;
        var rounds = 1 + all / RowsOfRange / workers;
        return 1 + all / (rounds * workers);
    }

    /// <summary>As the wallets count them.</summary>
    public long CallsInAll()
    {
        using var rows = snapshot.Read("select cast(coalesce(sum(calls), 0) as bigint) from wallet");
        return rows.Next() ? rows.Long() : 0;
    }

    IEnumerable<(long No, long Rows)> WalletWeights()
    {
        const int page = 10_000;
        var after = long.MinValue;
        for (var read = page; read == page;)
        {
            read = 0;
            var wallets = new List<(long, long)>(page);
            using (var rows = snapshot.Read(
                $"select no, seq + calls from wallet where no > {WalletRange.Sql(after)} order by no limit {page}"))
            {
                while (rows.Next())
                {
                    after = rows.Long();
                    wallets.Add((after, RowsBesides + rows.Long()));
                    read++;
                }
            }
            foreach (var wallet in wallets) yield return wallet;
        }
    }

    // The sum keeps PostgreSQL from looking for the lowest number through all wallets in their order.
    public SnapshotRows Wallets(WalletRange range) => snapshot.Read(
        $"""
        select w.no, w.account_no, w.provider_no, w.currency, w.ledger_code, w.balance_micros, w.held_micros, w.seq,
          w.calls, w.chain, w.line_use, w.day, w.day_calls, w.day_spent_micros, w.month_spent_micros,
          a.currency, a.provider_no, (select min(f.no + 0) from wallet f where f.account_no = w.account_no)
        from wallet w left join account a on a.no = w.account_no
        where {range.In("w.no")} order by w.no
        """);

    /// <summary>Holds of every account that has a wallet in the range, whichever of its wallets they are on.</summary>
    public SnapshotRows Holds(WalletRange range) => snapshot.Read(
        $"""
        select wallet_no, account_no, switch_no, billable, held_micros,
          case when expired_at_micros is null then 0 else 1 end, details
        from hold where account_no in (select account_no from wallet where {range.In("no")})
          or ({range.In("wallet_no")})
        """);

    public SnapshotRows Floors(WalletRange range) => snapshot.Read(
        $"""
        select wallet_no, from_at_micros, until_at_micros, floor_micros, recorded_at_micros
        from floor_record where {range.In("wallet_no")} order by wallet_no, n
        """);

    public SnapshotRows Days(WalletRange range) => snapshot.Read(
        $"""
        select wallet_no, day, calls, spent_micros from wallet_day
        where {range.In("wallet_no")} order by wallet_no, day
        """);

    public SnapshotRows Entries(BookPlace after, long upToWallet) => snapshot.Read(
        $"""
        select wallet_no, seq, kind, amount_micros, balance_micros, occurred_at_micros, recorded_at_micros, call_n,
          reference, reverses_seq, hash
        from entry where {After("seq", after)} and wallet_no <= {upToWallet}
        order by wallet_no, seq limit {EntriesOfPage}
        """);

    public SnapshotRows Postings(BookPlace after, BookPlace upTo) => snapshot.Read(
        $"""
        select wallet_no, seq, debit, credit, amount_micros from posting
        where {After("seq", after)} and {UpTo("seq", upTo)}
        order by wallet_no, seq, n
        """);

    public SnapshotRows Calls(BookPlace after, BookPlace upTo) => snapshot.Read(
        $"""
        select wallet_no, n, call_key, account_no, currency, billable, seconds, granted_seconds,
          billed_seconds, overrun_seconds, stale, charge_micros, tax_micros, balance_micros, entry_seq,
          rate_e8, terms, recorded_at_micros
        from call where {After("n", after)} and {UpTo("n", upTo)}
        order by wallet_no, n
        """);

    /// <summary>Of these call keys the ones that more than one call has: key and first place.</summary>
    public SnapshotRows Twice(IEnumerable<Guid> keys) => snapshot.Read(
        $"""
        select call_key, min(wallet_no), min(n), count(*) from call
        where call_key in ({string.Join(',', keys.Select(Key))}) group by call_key having count(*) > 1
        """);

    public SnapshotRows HeldAndEnded() => snapshot.Read(
        "select c.wallet_no, c.n from hold h join call c on c.call_key = h.call_key order by c.wallet_no, c.n");

    /// <summary>
    /// Accounts whose blocks are not the union of their standing suspensions (1 outbound, 2 inbound).
    /// </summary>
    public SnapshotRows WrongBlocks() => snapshot.Read(
        """
        select a.no, a.blocks, a.should_be from (
          select no, blocks,
            (select coalesce(max(s.blocks % 2), 0) + 2 * coalesce(max(s.blocks / 2), 0) from suspension s
              where s.account_no = account.no and s.cleared_at_micros is null) as should_be
          from account) a
        where a.blocks <> a.should_be order by a.no
        """);

    /// <summary>Both sides of all moves between wallets, account by account.</summary>
    public SnapshotRows Transfers() => snapshot.Read(
        $"""
        select w.account_no, e.wallet_no, w.name, e.seq, e.amount_micros, e.recorded_at_micros, e.reference
        from entry e join wallet w on w.no = e.wallet_no
        where e.kind = {(int)EntryKind.Transfer} order by w.account_no, e.wallet_no, e.seq
        """);

    public ValueTask DisposeAsync() => snapshot.DisposeAsync();

    string Key(Guid key) => snapshot.IsPostgres ? $"'{key}'" : $"x'{key:n}'";

    static string UpTo(string column, BookPlace place) =>
        $"(wallet_no, {column}) <= ({WalletRange.Sql(place.WalletNo)}, {WalletRange.Sql(place.N)})";

    static string After(string column, BookPlace place) =>
        $"(wallet_no, {column}) > ({WalletRange.Sql(place.WalletNo)}, {WalletRange.Sql(place.N)}) "
        + $"and wallet_no >= {WalletRange.Sql(place.WalletNo)}";
}
