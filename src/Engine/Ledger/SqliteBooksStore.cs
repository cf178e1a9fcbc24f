using Microsoft.Data.Sqlite;
using NodaTime;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// The batch on SQLite: one process, one writer, statements prepared once and run row by row in its memory.
/// </summary>
sealed class SqliteBooksStore(Database database) : BooksStore
{
    // The pages that calls touch stay in memory (64 MiB).
    const string Pragmas = "pragma cache_size = -65536";

    SqliteConnection? connection;
    SqliteBooksStatements? statements;

    SqliteBooksStatements Statements => statements!;

    public override async Task<Dictionary<CallKey, long>> AccountsOfCalls(Guid[] calls)
    {
        await Connect();
        var found = new Dictionary<CallKey, long>();
        foreach (var call in calls)
        {
            var account = Statements.AccountOfHold;
            account.Bind(call);
            while (account.Step()) found[new CallKey(call)] = account.Long(0);
        }
        return found;
    }

    public override async Task Transact(BatchKeys keys, Instant now, Func<BatchRead, BatchWrites> decide)
    {
        await Connect();
        try
        {
            await database.InTransaction(
                connection!,
                (_, _) =>
                {
                    Write(decide(Read(keys, now)));
                    return Task.FromResult(true);
                });
        }
        catch
        {
            // Whatever state the statements are in, a new connection has none of it.
            await Close();
            throw;
        }
    }

    BatchRead Read(BatchKeys keys, Instant now)
    {
        var read = new BatchRead();
        foreach (var account in keys.Accounts)
        {
            Each(Statements.Wallets, account, row => read.Add(ReadWallet(ref row)));
            Each(Statements.Account, account, row => read.Accounts.Add(AccountStore.ReadFacts(ref row)));
        }
        foreach (var call in keys.Calls)
        {
            var held = Each(Statements.Hold, call, row => read.Holds.Add(BookRows.ReadHold(ref row)));
            if (!held) ReadEnded(call, now, read);
            if (keys.ReadsRenewalsOf(call))
                Each(Statements.Renewals, call, row => read.Renewals.Add(BookRows.ReadRenewal(ref row)));
        }
        foreach (var key in keys.Keys) Each(Statements.Key, key, row => read.Keys.Add(BookRows.ReadKey(ref row)));
        foreach (var entry in keys.Entries) ReadEntry(entry, read);
        return read;
    }

    void ReadEnded(Guid call, Instant now, BatchRead read)
    {
        Each(Statements.Call, call, row => read.Calls.Add(BookRows.ReadCall(ref row)));
        var mark = Statements.Mark;
        mark.Bind(call);
        mark.Bind(now.ToMicros());
        while (mark.Step()) read.Marks.Add(new CallKey(call));
    }

    void ReadEntry(EntryRef entry, BatchRead read)
    {
        Statements.Entry.Bind(entry.WalletNo);
        Each(Statements.Entry, entry.Seq, row => read.Entries.Add(BookRows.ReadEntry(ref row)));
        Statements.Postings.Bind(entry.WalletNo);
        Each(Statements.Postings, entry.Seq,
            row => read.Add(entry, new Posting(row.Text(), row.Text(), row.Long())));
    }

    void Write(BatchWrites writes)
    {
        foreach (var wallet in writes.Wallets) WriteWallet(wallet);
        Insert(Statements.NewHold, BookRows.Holds, writes.NewHolds);
        foreach (var hold in writes.ChangedHolds) WriteChangedHold(hold);
        foreach (var hold in writes.GoneHolds)
        {
            Statements.GoneHold.Bind(hold.Key.Value);
            One(Statements.GoneHold);
            if (hold.Renewals == 0) continue;
            Statements.GoneRenewals.Bind(hold.Key.Value);
            Statements.GoneRenewals.Run();
        }
        Insert(Statements.NewRenewal, BookRows.Renewals, writes.Renewals);
        Insert(Statements.NewEntry, BookRows.Entries, writes.Entries);
        Insert(Statements.NewPosting, BookRows.Postings, BookRows.PostingsOf(writes.Entries));
        Insert(Statements.NewCall, BookRows.Calls, writes.Calls);
        Insert(Statements.NewKey, BookRows.Keys, writes.Keys);
        Insert(Statements.NewCrossing, BookRows.Crossings, writes.Crossings);
        WriteRare(writes);
    }

    void WriteWallet(WalletBooks wallet)
    {
        var update = Statements.ChangedWallet;
        update.Bind(wallet.BalanceMicros - wallet.Read.BalanceMicros);
        update.Bind(wallet.HeldMicros - wallet.Read.HeldMicros);
        update.Bind(wallet.Seq);
        update.Bind(wallet.Calls);
        update.Bind(wallet.Chain);
        update.Bind(wallet.LastAt.ToMicros());
        update.Bind(Floor.Write(wallet.Floors));
        update.Bind(wallet.LineUse);
        update.Bind(wallet.Day);
        update.Bind(wallet.DayCalls);
        update.Bind(wallet.DaySpentMicros);
        update.Bind(wallet.MonthSpentMicros);
        update.Bind(wallet.No);
        update.Bind(wallet.Read.Seq);
        One(update);
    }

    void WriteChangedHold(Hold hold)
    {
        var update = Statements.ChangedHold;
        update.Bind(hold.HeldMicros);
        update.Bind(hold.ExpiresAt.ToMicros());
        update.Bind(hold.ExpiredAt?.ToMicros());
        update.Bind(HoldDetails.Write(hold));
        update.Bind(hold.Key.Value);
        One(update);
    }

    void WriteRare(BatchWrites writes)
    {
        foreach (var (call, until) in writes.Marks)
        {
            Statements.NewMark.Bind(call.Value);
            Statements.NewMark.Bind(until.ToMicros());
            Statements.NewMark.Run();
        }
        foreach (var (walletNo, record, at, by) in writes.Floors)
        {
            var insert = Statements.NewFloor;
            insert.Bind(walletNo);
            insert.Bind(record.From.ToMicros());
            insert.Bind(record.Until?.ToMicros());
            insert.Bind(record.FloorMicros);
            insert.Bind(at.ToMicros());
            insert.Bind(by);
            insert.Run();
        }
        foreach (var (accountNo, threshold) in writes.Alerts)
        {
            Statements.ChangedAlert.Bind(threshold);
            Statements.ChangedAlert.Bind(accountNo);
            Statements.ChangedAlert.Run();
        }
        foreach (var (walletNo, threshold) in writes.Watches)
        {
            Statements.ChangedWatch.Bind(threshold);
            Statements.ChangedWatch.Bind(walletNo);
            Statements.ChangedWatch.Run();
        }
        foreach (var (walletNo, day, calls, spent) in writes.Days)
        {
            var insert = Statements.NewDay;
            insert.Bind(walletNo);
            insert.Bind(day);
            insert.Bind(calls);
            insert.Bind(spent);
            insert.Run();
        }
    }

    public override BatchFault FaultOf(Exception exception) => exception switch
    {
        // Busy or locked: another process writes, in short steps.
        SqliteException { SqliteErrorCode: 5 or 6 } => BatchFault.TryAgain,
        // Full disk, failing disk, read-only, cannot open, not a database: nothing was written, nothing can be now.
        SqliteException { SqliteErrorCode: 8 or 10 or 11 or 13 or 14 or 26 } => BatchFault.Away,
        SqliteException { SqliteErrorCode: 18 or 19 or 20 } => BatchFault.BadData,
        _ => BatchFault.Bug,
    };

    public override async ValueTask DisposeAsync() => await Close();

    async Task Connect()
    {
        if (connection is not null) return;
        var opened = (SqliteConnection)await database.Connect();
        try
        {
            await using var pragmas = opened.CreateCommand();
            pragmas.CommandText = Pragmas;
            await pragmas.ExecuteNonQueryAsync();
            // Both or neither: a connection without its statements would look like an open one.
            statements = new SqliteBooksStatements(opened);
            connection = opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    async Task Close()
    {
        statements?.Dispose();
        if (connection is { } old) await old.DisposeAsync();
        (connection, statements) = (null, null);
    }

    static void Insert<TRow>(SqliteStatement statement, Table<TRow> table, List<TRow> rows)
    {
        foreach (var row in rows) table.Insert(statement, row);
    }

    static bool Each(SqliteStatement statement, Guid key, Action<RowReader> each)
    {
        statement.Bind(key);
        return Each(statement, each);
    }

    static bool Each(SqliteStatement statement, long key, Action<RowReader> each)
    {
        statement.Bind(key);
        return Each(statement, each);
    }

    /// <summary>True when there was a row.</summary>
    static bool Each(SqliteStatement statement, Action<RowReader> each)
    {
        var any = false;
        for (; statement.Step(); any = true) each(new RowReader(statement));
        return any;
    }

    static void One(SqliteStatement statement) =>
        Demand.That(statement.Run() == 1, "the row that was read is the row that is written");
}

/// <summary>The statements of a batch, each prepared at its first use on one connection.</summary>
sealed class SqliteBooksStatements(SqliteConnection connection) : IDisposable
{
    readonly List<SqliteStatement> prepared = [];

    public SqliteStatement AccountOfHold => field ??= Prepare("select account_no from hold where call_key = ?");

    public SqliteStatement Wallets => field ??= Prepare(
        $"select {BooksStore.WalletColumns} from wallet where account_no = ? order by no");

    public SqliteStatement Account => field ??= Prepare(
        $"select {AccountStore.FactsColumns} from account where no = ?");

    public SqliteStatement Hold => field ??= Prepare(BookRows.Holds.Select + " where call_key = ?");

    public SqliteStatement Call => field ??= Prepare(BookRows.Calls.Select + " where call_key = ?");

    public SqliteStatement Mark => field ??= Prepare(
        "select 1 from end_mark where call_key = ? and until_at_micros > ?");

    public SqliteStatement Renewals => field ??= Prepare(BookRows.Renewals.Select + " where call_key = ?");

    public SqliteStatement Key => field ??= Prepare(BookRows.Keys.Select + " where key = ?");

    public SqliteStatement Entry => field ??= Prepare(BookRows.Entries.Select + " where wallet_no = ? and seq = ?");

    public SqliteStatement Postings => field ??= Prepare(
        "select debit, credit, amount_micros from posting where wallet_no = ? and seq = ? order by n");

    public SqliteStatement ChangedWallet => field ??= Prepare(
        """
        update wallet set balance_micros = balance_micros + ?, held_micros = held_micros + ?, seq = ?, calls = ?,
          chain = ?, last_at_micros = ?, floors = ?, line_use = ?, day = ?, day_calls = ?, day_spent_micros = ?,
          month_spent_micros = ?
        where no = ? and seq = ?
        """);

    public SqliteStatement NewHold => field ??= Prepare(BookRows.Holds.SqliteInsert);

    public SqliteStatement ChangedHold => field ??= Prepare(
        """
        update hold set held_micros = ?, expires_at_micros = ?, expired_at_micros = ?, details = ? where call_key = ?
        """);

    public SqliteStatement GoneHold => field ??= Prepare("delete from hold where call_key = ?");

    public SqliteStatement GoneRenewals => field ??= Prepare("delete from renewal where call_key = ?");

    public SqliteStatement NewRenewal => field ??= Prepare(BookRows.Renewals.SqliteInsert);

    public SqliteStatement NewEntry => field ??= Prepare(BookRows.Entries.SqliteInsert);

    public SqliteStatement NewPosting => field ??= Prepare(BookRows.Postings.SqliteInsert);

    public SqliteStatement NewCall => field ??= Prepare(BookRows.Calls.SqliteInsert);

    public SqliteStatement NewKey => field ??= Prepare(BookRows.Keys.SqliteInsert);

    public SqliteStatement NewCrossing => field ??= Prepare(BookRows.Crossings.SqliteInsert);

    public SqliteStatement NewMark => field ??= Prepare(
        "insert or replace into end_mark (call_key, until_at_micros) values (?, ?)");

    public SqliteStatement NewFloor => field ??= Prepare(
        """
        insert into floor_record (wallet_no, n, from_at_micros, until_at_micros, floor_micros,
            recorded_at_micros, recorded_by)
        select ?1, coalesce(max(n), 0) + 1, ?2, ?3, ?4, ?5, ?6 from floor_record where wallet_no = ?1
        """);

    public SqliteStatement ChangedAlert => field ??= Prepare(
        "update account set alert_threshold_micros = ? where no = ?");

    public SqliteStatement ChangedWatch => field ??= Prepare("update wallet set automatic_micros = ? where no = ?");

    public SqliteStatement NewDay => field ??= Prepare(
        "insert into wallet_day (wallet_no, day, calls, spent_micros) values (?, ?, ?, ?)");

    public void Dispose()
    {
        foreach (var statement in prepared) statement.Dispose();
    }

    SqliteStatement Prepare(string text)
    {
        var statement = new SqliteStatement(connection, text);
        prepared.Add(statement);
        return statement;
    }
}
