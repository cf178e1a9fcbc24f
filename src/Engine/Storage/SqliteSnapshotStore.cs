using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Tollkeeper.Engine.Storage;

/// <summary>
/// Snapshots of SQLite: a read transaction, rows stepped through in the library itself, because a reader of the
/// provider costs several times what SQLite does.
/// </summary>
sealed class SqliteSnapshotStore(SqliteConnection connection) : SnapshotStore
{
    public override bool IsPostgres => false;

    public override void Begin() => Execute("begin deferred");

    public override void End() => Execute("commit");

    public override SnapshotRows Read(string query)
    {
        var result = raw.sqlite3_prepare_v2(connection.Handle, query, out var statement);
        SqliteException.ThrowExceptionForRC(result, connection.Handle);
        return new SteppedRows(connection.Handle!, statement);
    }

    public override async ValueTask DisposeAsync()
    {
        // The pool must not keep a connection inside a transaction.
        if (raw.sqlite3_get_autocommit(connection.Handle) == 0) Execute("rollback");
        await connection.DisposeAsync();
    }

    void Execute(string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }

    sealed class SteppedRows(sqlite3 handle, sqlite3_stmt statement) : SnapshotRows
    {
        int column;

        public override bool Next()
        {
            column = 0;
            var result = raw.sqlite3_step(statement);
            if (result == raw.SQLITE_ROW) return true;
            if (result != raw.SQLITE_DONE) SqliteException.ThrowExceptionForRC(result, handle);
            return false;
        }

        public override bool TryLong(out long value)
        {
            value = raw.sqlite3_column_int64(statement, column);
            var present = value != 0 || raw.sqlite3_column_type(statement, column) != raw.SQLITE_NULL;
            column++;
            return present;
        }

        public override bool TryBytes(out ReadOnlySpan<byte> value)
        {
            value = raw.sqlite3_column_blob(statement, column);
            var present = value.Length > 0 || raw.sqlite3_column_type(statement, column) != raw.SQLITE_NULL;
            column++;
            return present;
        }

        public override void Dispose() => statement.Dispose();
    }
}
