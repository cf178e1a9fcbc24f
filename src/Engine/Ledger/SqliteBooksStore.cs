using System.Data.Common;
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
    readonly Dictionary<string, SqliteCommand> commands = new(StringComparer.Ordinal);
    DbConnection? connection;
    SqliteTransaction? transaction;

    public override async Task<Dictionary<CallKey, long>> AccountsOfCalls(Guid[] calls)
    {
        await Connect();
        transaction = null;
        var found = new Dictionary<CallKey, long>();
        foreach (var call in calls)
            Each("select account_no from hold where call_key = $1", row => found[new CallKey(call)] = row.Long(),
                Blob(call));
        return found;
    }

    public override async Task Transact(BatchKeys keys, Instant now, Func<BatchRead, BatchWrites> decide)
    {
        await Connect();
        try
        {
            await database.InTransaction(
                connection!,
                (_, begun) =>
                {
                    transaction = (SqliteTransaction)begun;
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
            Each($"select {WalletColumns} from wallet where account_no = $1 order by no",
                row => read.Wallets.Add(ReadWallet(ref row)), account);
            Each($"select {AccountStore.FactsColumns} from account where no = $1",
                row => read.Accounts.Add(AccountStore.ReadFacts(row.Row)),
                account);
        }
        foreach (var call in keys.Calls)
        {
            var key = Blob(call);
            Each($"select {BookRows.Holds.ColumnList} from hold where call_key = $1",
                row => read.Holds.Add(BookRows.ReadHold(ref row)), key);
            Each($"select {BookRows.Calls.ColumnList} from call where call_key = $1",
                row => read.Calls.Add(BookRows.ReadCall(ref row)), key);
            Each("select 1 from end_mark where call_key = $1 and until_at_micros > $2",
                _ => read.Marks.Add(new CallKey(call)), key, now.ToMicros());
            Each($"select {BookRows.Renewals.ColumnList} from renewal where call_key = $1",
                row => read.Renewals.Add(BookRows.ReadRenewal(ref row)), key);
        }
        foreach (var key in keys.Keys)
            Each($"select {BookRows.Keys.ColumnList} from entry_key where key = $1",
                row => read.Keys.Add(BookRows.ReadKey(ref row)), Blob(key));
        ReadEntries(keys.Entries, read);
        return read;
    }

    void ReadEntries(EntryRef[] entries, BatchRead read)
    {
        var postings = new List<(EntryRef, Posting)>();
        foreach (var entry in entries)
        {
            Each($"select {BookRows.Entries.ColumnList} from entry where wallet_no = $1 and seq = $2",
                row => read.Entries.Add(BookRows.ReadEntry(ref row)), entry.WalletNo, entry.Seq);
            Each("select debit, credit, amount_micros from posting where wallet_no = $1 and seq = $2 order by n",
                row =>
                    postings.Add((entry, new Posting(row.Text(), row.Text(), row.Long()))), entry.WalletNo, entry.Seq);
        }
        read.AddPostings(postings);
    }

    void Write(BatchWrites writes)
    {
        foreach (var wallet in writes.Wallets) WriteWallet(wallet);
        Insert("hold", BookRows.Holds, writes.NewHolds);
        foreach (var hold in writes.ChangedHolds) WriteChangedHold(hold);
        foreach (var hold in writes.GoneHolds)
        {
            One("delete from hold where call_key = $1", Blob(hold.Key.Value));
            if (hold.Renewals > 0) Run("delete from renewal where call_key = $1", Blob(hold.Key.Value));
        }
        Insert("renewal", BookRows.Renewals, writes.Renewals);
        Insert("entry", BookRows.Entries, writes.Entries);
        Insert("posting", BookRows.Postings, BookRows.PostingsOf(writes.Entries));
        Insert("call", BookRows.Calls, writes.Calls);
        Insert("entry_key", BookRows.Keys, writes.Keys);
        Insert("crossing", BookRows.Crossings, writes.Crossings);
        WriteRare(writes);
    }

    void WriteWallet(WalletBooks wallet) => One(
        """
        update wallet set balance_micros = balance_micros + $1, held_micros = held_micros + $2, seq = $3, calls = $4,
          chain = $5, last_at_micros = $6, floors = $7, line_use = $8, day = $9, day_calls = $10,
          day_spent_micros = $11, month_spent_micros = $12
        where no = $13 and seq = $14
        """,
        wallet.BalanceMicros - wallet.Read.BalanceMicros, wallet.HeldMicros - wallet.Read.HeldMicros, wallet.Seq,
        wallet.Calls, wallet.Chain, wallet.LastAt.ToMicros(), Floor.Write(wallet.Floors), wallet.LineUse,
        wallet.Day, wallet.DayCalls, wallet.DaySpentMicros, wallet.MonthSpentMicros, wallet.No, wallet.Read.Seq);

    void WriteChangedHold(Hold hold) => One(
        """
        update hold set granted_seconds = $1, held_micros = $2, final = $3, renewals = $4, expires_at_micros = $5,
          expired_at_micros = $6 where call_key = $7
        """,
        hold.GrantedSeconds, hold.HeldMicros, hold.Final ? 1 : 0, hold.Renewals, hold.ExpiresAt.ToMicros(),
        hold.ExpiredAt?.ToMicros(), Blob(hold.Key.Value));

    void WriteRare(BatchWrites writes)
    {
        foreach (var (call, until) in writes.Marks)
            Run("insert or replace into end_mark (call_key, until_at_micros) values ($1, $2)",
                Blob(call.Value), until.ToMicros());
        foreach (var (walletNo, record, at, by) in writes.Floors)
            Run(
                """
                insert into floor_record (wallet_no, n, from_at_micros, until_at_micros, floor_micros,
                    recorded_at_micros, recorded_by)
                select $1, coalesce(max(n), 0) + 1, $2, $3, $4, $5, $6 from floor_record where wallet_no = $1
                """,
                walletNo, record.From.ToMicros(), record.Until?.ToMicros(),
                record.FloorMicros, at.ToMicros(), by);
        foreach (var (walletNo, day, calls, spent) in writes.Days)
            Run("insert into wallet_day (wallet_no, day, calls, spent_micros) values ($1, $2, $3, $4)", walletNo, day,
                calls, spent);
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

    async Task Connect() => connection ??= await database.Connect();

    async Task Close()
    {
        foreach (var command in commands.Values) await command.DisposeAsync();
        commands.Clear();
        if (connection is { } old) await old.DisposeAsync();
        (connection, transaction) = (null, null);
    }

    void Insert<TRow>(string table, Table<TRow> columns, IReadOnlyList<TRow> rows)
    {
        if (rows.Count == 0) return;
        var command = Prepared(table, columns);
        foreach (var row in rows)
        {
            columns.FillRow(command, row);
            command.ExecuteNonQuery();
        }
    }

    SqliteCommand Prepared<TRow>(string table, Table<TRow> columns) =>
        CommandOf("into " + table, () => $"insert into {table} ({columns.ColumnList}) values ({columns.Placeholders})");

    void Each(string text, Action<RowReader> each, params ReadOnlySpan<object?> values)
    {
        using var reader = Filled(text, values).ExecuteReader();
        while (reader.Read()) each(new RowReader(reader));
    }

    int Run(string text, params ReadOnlySpan<object?> values) => Filled(text, values).ExecuteNonQuery();

    void One(string text, params ReadOnlySpan<object?> values) =>
        Demand.That(Run(text, values) == 1, "the row that was read is the row that is written");

    SqliteCommand Filled(string text, ReadOnlySpan<object?> values)
    {
        var command = CommandOf(text, () => text);
        if (command.Parameters.Count == 0)
            for (var i = 0; i < values.Length; i++) command.Parameters.Add(new SqliteParameter($"${i + 1}", null));
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return command;
    }

    SqliteCommand CommandOf(string name, Func<string> text)
    {
        if (!commands.TryGetValue(name, out var command))
        {
            command = (SqliteCommand)connection!.CreateCommand();
            command.CommandText = text();
            commands.Add(name, command);
        }
        command.Transaction = transaction;
        return command;
    }

    static byte[] Blob(Guid value) => value.ToByteArray(bigEndian: true);
}
