using NodaTime;
using Npgsql;
using NpgsqlTypes;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// The batch on PostgreSQL: two round trips, one that begins, locks and reads, one that writes and commits. The row
/// locks are the only coordination between nodes.
/// </summary>
sealed class PostgresBooksStore(Database database) : BooksStore
{
    // A wallet that another node holds for longer is tried again: waiting here would hold up the batch's other wallets.
    // A node that lost its power or its network between the two trips keeps nobody's wallets locked for longer.
    // Index scans always: the plans are kept for good, and an empty table must not teach them to read it whole.
    // One plan a statement, whatever the batch's size: planning a small batch anew costs more than running it.
    const string Session =
        """
        set lock_timeout = 250; set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off;
        set plan_cache_mode = force_generic_plan; set jit = off; set idle_in_transaction_session_timeout = 5000
        """;

    const string ClaimCalls = "select pg_advisory_xact_lock(k) from unnest($1) k";

    // FOR NO KEY UPDATE, in the order of accounts and wallets: two batches can wait for one another but not deadlock.
    const string LockWallets =
        $"select {WalletColumns} from wallet where account_no = any($1) order by account_no, no for no key update";

    const string AccountsLocked = $"select {AccountStore.FactsColumns} from account where no = any($1)";
    const string MarksOf = "select call_key from end_mark where call_key = any($1) and until_at_micros > $2";
    static readonly string HoldsOf = BookRows.Holds.Select + " where call_key = any($1)";
    static readonly string CallsOf = BookRows.Calls.Select + " where call_key = any($1)";
    static readonly string RenewalsOf = BookRows.Renewals.Select + " where call_key = any($1)";
    static readonly string KeysOf = BookRows.Keys.Select + " where key = any($1)";

    static readonly string EntriesAt = BookRows.Entries.Select
        + " where (wallet_no, seq) in (select unnest($1::bigint[]), unnest($2::bigint[]))";

    const string PostingsAt =
        """
        select wallet_no, seq, debit, credit, amount_micros from posting
        where (wallet_no, seq) in (select unnest($1::bigint[]), unnest($2::bigint[])) order by wallet_no, seq, n
        """;

    readonly EndedHoldsStore endedHolds = new(database);
    NpgsqlConnection? connection;
    bool inTransaction;

    public override async Task<Dictionary<CallKey, long>> AccountsOfCalls(Guid[] calls)
    {
        await Connect();
        await using var command =
            new NpgsqlCommand("select call_key, account_no from hold where call_key = any($1)", connection);
        command.Parameters.Add(UuidArray(calls));
        await using var reader = await command.ExecuteReaderAsync();
        var found = new Dictionary<CallKey, long>();
        while (await reader.ReadAsync()) found[new CallKey(reader.GetGuid(0))] = reader.GetInt64(1);
        return found;
    }

    public override async Task Transact(BatchKeys keys, Instant now, Func<BatchRead, BatchWrites> decide)
    {
        await Connect();
        try
        {
            var writes = decide(await LockAndRead(keys, now));
            if (writes.IsEmpty) await Rollback();
            else await WriteAndCommit(writes);
        }
        catch (Exception exception) when (FaultOf(exception) == BatchFault.Away)
        {
            // Another host may be the primary now: this connection would never find it.
            await Close();
            throw;
        }
        catch
        {
            await Rollback();
            throw;
        }
    }

    async Task<BatchRead> LockAndRead(BatchKeys keys, Instant now)
    {
        var read = new BatchRead();
        await using (var questions = new PostgresQuestions(connection!))
        {
            questions.Begin();
            if (keys.NewCalls.Length > 0) questions.Ask(ClaimCalls, static _ => { }, LongArray(keys.CallsToClaim));
            questions.Ask(LockWallets, row => read.Add(ReadWallet(ref row)), LongArray(keys.Accounts));
            questions.Ask(
                AccountsLocked, row => read.Accounts.Add(AccountStore.ReadFacts(ref row)), LongArray(keys.Accounts));
            if (keys.Calls.Length > 0)
                questions.Ask(HoldsOf, row => read.Holds.Add(BookRows.ReadHold(ref row)), UuidArray(keys.Calls));
            AskForEnded(questions, keys.NewCalls, now, read);
            AskForRare(questions, keys, read);
            inTransaction = true;
            await questions.Run();
        }
        // Where a hold was thought to be and is none, its call may be over: known only now, and seldom.
        await using var more = new PostgresQuestions(connection!);
        AskForEnded(more, keys.CallsNotHeld(read), now, read);
        await more.Run();
        return read;
    }

    static void AskForEnded(PostgresQuestions questions, Guid[] calls, Instant now, BatchRead read)
    {
        if (calls.Length == 0) return;
        questions.Ask(CallsOf, row => read.Calls.Add(BookRows.ReadCall(ref row)), UuidArray(calls));
        questions.Ask(
            MarksOf, row => read.Marks.Add(new CallKey(row.Uuid())), UuidArray(calls), Long(now.ToMicros()));
    }

    static void AskForRare(PostgresQuestions questions, BatchKeys keys, BatchRead read)
    {
        if (keys.RenewedCalls is { Length: > 0 } renewed)
            questions.Ask(RenewalsOf, row => read.Renewals.Add(BookRows.ReadRenewal(ref row)), UuidArray(renewed));
        if (keys.Keys is { Length: > 0 } kept)
            questions.Ask(KeysOf, row => read.Keys.Add(BookRows.ReadKey(ref row)), UuidArray(kept));
        if (keys.Entries is not { Length: > 0 } entries) return;
        var wallets = entries.Select(each => each.WalletNo).ToArray();
        var seqs = entries.Select(each => each.Seq).ToArray();
        questions.Ask(
            EntriesAt, row => read.Entries.Add(BookRows.ReadEntry(ref row)), LongArray(wallets), LongArray(seqs));
        questions.Ask(
            PostingsAt,
            row => read.Add(new EntryRef(row.Long(), row.Long()), new Posting(row.Text(), row.Text(), row.Long())),
            LongArray(wallets), LongArray(seqs));
    }

    async Task WriteAndCommit(BatchWrites writes)
    {
        await using var batch = new NpgsqlBatch(connection);
        AddWallets(batch, writes.Wallets);
        Insert(batch, BookRows.Holds, Sorted(writes.NewHolds, hold => hold.Key.Value));
        AddChangedHolds(batch, writes.ChangedHolds);
        AddGoneHolds(batch, writes.GoneHolds);
        Insert(batch, BookRows.Renewals, writes.Renewals);
        Insert(batch, BookRows.Entries, writes.Entries);
        Insert(batch, BookRows.Postings, BookRows.PostingsOf(writes.Entries));
        Insert(batch, BookRows.Calls, writes.Calls);
        Insert(batch, BookRows.Keys, Sorted(writes.Keys, key => key.Key.Value));
        Insert(batch, BookRows.Crossings, writes.Crossings);
        AddRare(batch, writes);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("commit"));
        await batch.ExecuteNonQueryAsync();
        inTransaction = false;
        endedHolds.Count(writes.GoneHolds.Count);
    }

    /// <summary>
    /// A division by zero undoes the batch when a row was not the one that was read: the commit is on its way already.
    /// </summary>
    const string CheckCount = "select 1 / (count(*) = $1)::int from done";

    const string UpdateWallets =
        $"""
        with done as (
          update wallet w set
            balance_micros = w.balance_micros + d.delta, held_micros = w.held_micros + d.held,
            seq = d.seq, calls = d.calls, chain = d.chain, last_at_micros = d.at, floors = d.floors,
            line_use = d.line_use, day = d.day, day_calls = d.day_calls, day_spent_micros = d.day_spent,
            month_spent_micros = d.month_spent
          from (select unnest($2::bigint[]) as no, unnest($3::bigint[]) as seq_read, unnest($4::bigint[]) as delta,
              unnest($5::bigint[]) as held, unnest($6::bigint[]) as seq, unnest($7::bigint[]) as calls,
              unnest($8::bytea[]) as chain, unnest($9::bigint[]) as at, unnest($10::text[]) as floors,
              unnest($11::text[]) as line_use, unnest($12::int[]) as day, unnest($13::int[]) as day_calls,
              unnest($14::bigint[]) as day_spent, unnest($15::bigint[]) as month_spent) d
          where w.no = d.no and w.seq = d.seq_read
          returning 1)
        {CheckCount}
        """;

    static void AddWallets(NpgsqlBatch batch, List<WalletBooks> wallets)
    {
        if (wallets.Count == 0) return;
        Add(batch,
            UpdateWallets,
            Long(wallets.Count),
            LongArray(wallets, wallet => wallet.No),
            LongArray(wallets, wallet => wallet.Read.Seq),
            LongArray(wallets, wallet => wallet.BalanceMicros - wallet.Read.BalanceMicros),
            LongArray(wallets, wallet => wallet.HeldMicros - wallet.Read.HeldMicros),
            LongArray(wallets, wallet => wallet.Seq),
            LongArray(wallets, wallet => wallet.Calls),
            Array(wallets, wallet => wallet.Chain, NpgsqlDbType.Bytea),
            LongArray(wallets, wallet => wallet.LastAt.ToMicros()),
            Array(wallets, wallet => Floor.Write(wallet.Floors), NpgsqlDbType.Text),
            Array(wallets, wallet => wallet.LineUse, NpgsqlDbType.Text),
            Array(wallets, wallet => wallet.Day, NpgsqlDbType.Integer),
            Array(wallets, wallet => wallet.DayCalls, NpgsqlDbType.Integer),
            LongArray(wallets, wallet => wallet.DaySpentMicros),
            LongArray(wallets, wallet => wallet.MonthSpentMicros));
    }

    static void AddChangedHolds(NpgsqlBatch batch, List<Hold> holds)
    {
        if (holds.Count == 0) return;
        Add(batch,
            $"""
            with done as (
              update hold h set held_micros = d.held, expires_at_micros = d.expires, expired_at_micros = d.expired,
                details = d.details
              from unnest($2, $3, $4, $5, $6) d(call_key, held, expires, expired, details)
              where h.call_key = d.call_key
              returning 1)
            {CheckCount}
            """,
            Long(holds.Count),
            UuidArray([.. holds.Select(hold => hold.Key.Value)]),
            LongArray(holds, hold => hold.HeldMicros),
            LongArray(holds, hold => hold.ExpiresAt.ToMicros()),
            Array(holds, hold => hold.ExpiredAt?.ToMicros(), NpgsqlDbType.Bigint),
            Array(holds, HoldDetails.Write, NpgsqlDbType.Bytea));
    }

    static void AddGoneHolds(NpgsqlBatch batch, List<Hold> holds)
    {
        if (holds.Count == 0) return;
        Add(batch,
            $"with done as (delete from hold where call_key = any($2) returning 1) {CheckCount}",
            Long(holds.Count), UuidArray([.. holds.Select(hold => hold.Key.Value)]));
        var renewed = holds.Where(hold => hold.Renewals > 0).Select(hold => hold.Key.Value).ToArray();
        if (renewed.Length > 0) Add(batch, "delete from renewal where call_key = any($1)", UuidArray(renewed));
    }

    static void AddRare(NpgsqlBatch batch, BatchWrites writes)
    {
        foreach (var (call, until) in writes.Marks.OrderBy(mark => mark.Call.Value))
            Add(batch,
                """
                insert into end_mark (call_key, until_at_micros) values ($1, $2)
                on conflict (call_key) do update set until_at_micros = excluded.until_at_micros
                """,
                Of(call.Value, NpgsqlDbType.Uuid), Long(until.ToMicros()));
        foreach (var (walletNo, record, at, by) in writes.Floors)
            Add(batch,
                """
                insert into floor_record (wallet_no, n, from_at_micros, until_at_micros, floor_micros,
                    recorded_at_micros, recorded_by)
                select $1, coalesce(max(n), 0) + 1, $2, $3, $4, $5, $6 from floor_record where wallet_no = $1
                """,
                Long(walletNo), Long(record.From.ToMicros()),
                Of(record.Until?.ToMicros(), NpgsqlDbType.Bigint),
                Long(record.FloorMicros), Long(at.ToMicros()), Of(by, NpgsqlDbType.Text));
        foreach (var (accountNo, threshold) in writes.Alerts)
            Add(batch, "update account set alert_threshold_micros = $1 where no = $2",
                Of(threshold, NpgsqlDbType.Bigint), Long(accountNo));
        foreach (var (walletNo, threshold) in writes.Watches)
            Add(batch, "update wallet set automatic_micros = $1 where no = $2",
                Of(threshold, NpgsqlDbType.Bigint), Long(walletNo));
        foreach (var (walletNo, day, calls, spent) in writes.Days)
            Add(batch, "insert into wallet_day (wallet_no, day, calls, spent_micros) values ($1, $2, $3, $4)",
                Long(walletNo), Of(day, NpgsqlDbType.Integer), Of(calls, NpgsqlDbType.Integer), Long(spent));
    }

    async Task Rollback()
    {
        if (connection is null || !inTransaction) return;
        inTransaction = false;
        try
        {
            await using var rollback = new NpgsqlCommand("rollback", connection);
            await rollback.ExecuteNonQueryAsync();
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException or IOException)
        {
            await Close();
        }
    }

    public override BatchFault FaultOf(Exception exception) => exception switch
    {
        PostgresException { SqlState: "55P03" or "40001" or "40P01" or "23505" or "22012" } => BatchFault.TryAgain,
        // Administrator shutdown, crash recovery, too many connections, read-only standby: not now, not here.
        PostgresException
        {
            SqlState: ['5', '7', ..] or ['5', '3', ..] or ['5', '8', ..] or ['0', '8', ..] or "25006",
        } => BatchFault.Away,
        PostgresException { SqlState: ['2', '2', ..] or ['2', '3', ..] } => BatchFault.BadData,
        PostgresException => BatchFault.Bug,
        NpgsqlException or IOException or TimeoutException or System.Net.Sockets.SocketException => BatchFault.Away,
        _ => BatchFault.Bug,
    };

    public override async ValueTask DisposeAsync()
    {
        await Close();
        await endedHolds.DisposeAsync();
    }

    async Task Connect()
    {
        if (connection is { State: System.Data.ConnectionState.Open }) return;
        await Close();
        var opened = await database.Postgres.OpenConnectionAsync();
        await using (var session = new NpgsqlCommand(Session, opened)) await session.ExecuteNonQueryAsync();
        connection = opened;
    }

    async Task Close()
    {
        inTransaction = false;
        if (connection is { } old) await old.DisposeAsync();
        connection = null;
    }

    static void Insert<TRow>(NpgsqlBatch batch, Table<TRow> table, IReadOnlyList<TRow> rows)
    {
        if (rows.Count == 0) return;
        var command = new NpgsqlBatchCommand(table.PostgresInsert);
        table.FillArrays(command, rows);
        batch.BatchCommands.Add(command);
    }

    static void Add(NpgsqlBatch batch, string text, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(text);
        command.Parameters.AddRange(parameters);
        batch.BatchCommands.Add(command);
    }

    static List<TRow> Sorted<TRow>(List<TRow> rows, Func<TRow, Guid> key) => [.. rows.OrderBy(key)];

    static NpgsqlParameter<long> Long(long value) => Of(value, NpgsqlDbType.Bigint);

    static NpgsqlParameter<T> Of<T>(T value, NpgsqlDbType type) => new() { TypedValue = value, NpgsqlDbType = type };

    static NpgsqlParameter<Guid[]> UuidArray(Guid[] values) => Of(values, NpgsqlDbType.Array | NpgsqlDbType.Uuid);

    static NpgsqlParameter<long[]> LongArray(long[] values) => Of(values, NpgsqlDbType.Array | NpgsqlDbType.Bigint);

    static NpgsqlParameter<long[]> LongArray<TRow>(List<TRow> rows, Func<TRow, long> value) =>
        Array(rows, value, NpgsqlDbType.Bigint);

    static NpgsqlParameter<T[]> Array<TRow, T>(List<TRow> rows, Func<TRow, T> value, NpgsqlDbType type)
    {
        var values = new T[rows.Count];
        for (var i = 0; i < values.Length; i++) values[i] = value(rows[i]);
        return new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
    }
}
