using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Tollkeeper.Engine.Storage;

/// <summary>
/// One statement of SQLite, prepared once and run many times through SQLite's own interface. Values are bound and
/// columns read by place: looking each parameter up by its name at each run costs several times the work itself.
/// </summary>
public sealed class SqliteStatement : IDisposable
{
    const int ShortText = 256;

    readonly sqlite3 sqlite;
    readonly sqlite3_stmt statement;
    int bound;

    /// <param name="text">Its parameters are written <c>?</c>, and bound in their order.</param>
    public SqliteStatement(SqliteConnection connection, string text)
    {
        sqlite = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(sqlite, text, out statement));
    }

    public void Bind(long value) => Check(raw.sqlite3_bind_int64(statement, ++bound, value));

    public void Bind(long? value)
    {
        if (value is { } known) Bind(known);
        else BindNull();
    }

    public void Bind(string? value)
    {
        if (value is null)
        {
            BindNull();
            return;
        }
        var length = Encoding.UTF8.GetMaxByteCount(value.Length);
        Span<byte> bytes = length <= ShortText ? stackalloc byte[ShortText] : new byte[length];
        Check(raw.sqlite3_bind_text(statement, ++bound, bytes[..Encoding.UTF8.GetBytes(value, bytes)]));
    }

    public void Bind(ReadOnlySpan<byte> value) => Check(raw.sqlite3_bind_blob(statement, ++bound, value));

    public void Bind(Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        Demand.That(value.TryWriteBytes(bytes, bigEndian: true, out _), "a uuid has 16 bytes");
        Bind(bytes);
    }

    /// <summary>True when it stands on a row; false when it is done, and then it may be bound and run again.</summary>
    public bool Step()
    {
        var stepped = raw.sqlite3_step(statement);
        if (stepped == raw.SQLITE_ROW) return true;
        bound = 0;
        var outcome = raw.sqlite3_reset(statement);
        if (stepped != raw.SQLITE_DONE) Check(outcome);
        return false;
    }

    /// <summary>Runs it to its end and gives how many rows it changed.</summary>
    public int Run()
    {
        while (Step())
        {
        }
        return raw.sqlite3_changes(sqlite);
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public long Long(int column) => raw.sqlite3_column_int64(statement, column);

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(statement, column);

    public void Dispose() => statement.Dispose();

    void BindNull() => Check(raw.sqlite3_bind_null(statement, ++bound));

    void Check(int outcome) => SqliteException.ThrowExceptionForRC(outcome, sqlite);
}
