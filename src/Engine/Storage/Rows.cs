using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;

namespace Tollkeeper.Engine.Storage;

/// <summary>
/// One column of a table that is written many rows at a time: its name and how a row gives its value. PostgreSQL gets
/// all rows' values as one array, SQLite one value after the other; yes and no are 1 and 0, uuids 16 bytes.
/// </summary>
public abstract class Column<TRow>(string name, string postgresType)
{
    public string Name { get; } = name;
    public string PostgresType { get; } = postgresType;

    public abstract NpgsqlParameter ArrayOf(IReadOnlyList<TRow> rows);

    public abstract void Bind(SqliteStatement statement, TRow row);
}

/// <summary>
/// The columns of one table, in the order in which they are written and read. Its texts are made once.
/// </summary>
public sealed class Table<TRow>(string name)
{
    readonly List<Column<TRow>> columns = [];

    public IReadOnlyList<Column<TRow>> Columns => columns;

    public string ColumnList => field ??= string.Join(", ", columns.Select(column => column.Name));

    public string Select => field ??= $"select {ColumnList} from {name}";

    /// <summary>
    /// One array a column. They are taken apart in the select list, row by row: <c>from unnest(a, b, …)</c> would first
    /// put each column into a store of its own, which doubles the time of an insert.
    /// </summary>
    public string PostgresInsert => field ??= $"insert into {name} ({ColumnList}) select "
        + string.Join(", ", columns.Select((column, i) => $"unnest(${i + 1}::{column.PostgresType}[])"));

    /// <summary>One row.</summary>
    public string SqliteInsert => field ??=
        $"insert into {name} ({ColumnList}) values ({string.Join(", ", columns.Select(_ => "?"))})";

    public Table<TRow> Long(string name, Func<TRow, long> value) =>
        Add(name, "bigint", NpgsqlDbType.Bigint, value, static (to, number) => to.Bind(number));

    public Table<TRow> Long(string name, Func<TRow, long?> value) =>
        Add(name, "bigint", NpgsqlDbType.Bigint, value, static (to, number) => to.Bind(number));

    public Table<TRow> Int(string name, Func<TRow, int> value) =>
        Add(name, "int", NpgsqlDbType.Integer, value, static (to, number) => to.Bind(number));

    public Table<TRow> Int(string name, Func<TRow, int?> value) =>
        Add(name, "int", NpgsqlDbType.Integer, value, static (to, number) => to.Bind(number));

    public Table<TRow> Small(string name, Func<TRow, short> value) =>
        Add(name, "smallint", NpgsqlDbType.Smallint, value, static (to, number) => to.Bind(number));

    public Table<TRow> YesNo(string name, Func<TRow, bool> value) =>
        Small(name, row => value(row) ? (short)1 : (short)0);

    public Table<TRow> Text(string name, Func<TRow, string?> value) =>
        Add(name, "text", NpgsqlDbType.Text, value, static (to, text) => to.Bind(text));

    public Table<TRow> Uuid(string name, Func<TRow, Guid> value) =>
        Add(name, "uuid", NpgsqlDbType.Uuid, value, static (to, uuid) => to.Bind(uuid));

    public Table<TRow> Bytes(string name, Func<TRow, byte[]> value) =>
        Add(name, "bytea", NpgsqlDbType.Bytea, value, static (to, bytes) => to.Bind(bytes));

    public void FillArrays(NpgsqlBatchCommand command, IReadOnlyList<TRow> rows)
    {
        foreach (var column in columns) command.Parameters.Add(column.ArrayOf(rows));
    }

    /// <summary>Writes one row by a statement prepared from <see cref="SqliteInsert"/>.</summary>
    public void Insert(SqliteStatement statement, TRow row)
    {
        foreach (var column in columns) column.Bind(statement, row);
        statement.Run();
    }

    Table<TRow> Add<T>(string name, string postgresType, NpgsqlDbType type, Func<TRow, T> value,
        Action<SqliteStatement, T> bind)
    {
        columns.Add(new TypedColumn<T>(name, postgresType, type, value, bind));
        return this;
    }

    sealed class TypedColumn<T>(string name, string postgresType, NpgsqlDbType type, Func<TRow, T> value,
        Action<SqliteStatement, T> bind)
        : Column<TRow>(name, postgresType)
    {
        public override NpgsqlParameter ArrayOf(IReadOnlyList<TRow> rows)
        {
            var values = new T[rows.Count];
            for (var i = 0; i < values.Length; i++) values[i] = value(rows[i]);
            return new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
        }

        public override void Bind(SqliteStatement statement, TRow row) => bind(statement, value(row));
    }
}

/// <summary>Reads a row column after column; what the two databases give differently is one kind here.</summary>
public struct RowReader
{
    readonly DbDataReader? reader;
    readonly SqliteStatement? statement;
    int next;

    public RowReader(DbDataReader reader) => this.reader = reader;

    /// <summary>The row that the statement stands on.</summary>
    public RowReader(SqliteStatement statement) => this.statement = statement;

    public long Long() => statement?.Long(next++) ?? reader!.GetInt64(next++);

    public long? LongOrNull() => IsNull ? Skip<long?>() : Long();

    /// <summary>A sum of whole numbers, which PostgreSQL gives as numeric.</summary>
    public long Sum() => statement?.Long(next++) ?? Convert.ToInt64(reader!.GetValue(next++), null);

    public int Int() => statement is null ? reader!.GetInt32(next++) : checked((int)statement.Long(next++));

    public int? IntOrNull() => IsNull ? Skip<int?>() : Int();

    public short Small() => statement is null ? reader!.GetInt16(next++) : checked((short)statement.Long(next++));

    public bool YesNo() => Small() != 0;

    /// <summary>The outcome of a comparison in the statement.</summary>
    public bool Truth() => statement is null ? reader!.GetBoolean(next++) : statement.Long(next++) != 0;

    public string Text() => statement?.Text(next++) ?? reader!.GetString(next++);

    public string? TextOrNull() => IsNull ? Skip<string?>() : Text();

    public byte[] Bytes() => statement?.Bytes(next++).ToArray() ?? reader!.GetFieldValue<byte[]>(next++);

    public Guid Uuid()
    {
        if (statement is not null) return new Guid(statement.Bytes(next++), bigEndian: true);
        return reader is SqliteDataReader
            ? new Guid(reader.GetFieldValue<byte[]>(next++), bigEndian: true)
            : reader!.GetGuid(next++);
    }

    readonly bool IsNull => statement?.IsNull(next) ?? reader!.IsDBNull(next);

    T? Skip<T>()
    {
        next++;
        return default;
    }
}
