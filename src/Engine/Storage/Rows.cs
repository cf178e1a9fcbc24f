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

    public abstract object ValueOf(TRow row);
}

/// <summary>The columns of one table, in the order in which they are written and read.</summary>
public sealed class Table<TRow>
{
    readonly List<Column<TRow>> columns = [];

    public IReadOnlyList<Column<TRow>> Columns => columns;

    public string ColumnList => string.Join(", ", columns.Select(column => column.Name));

    public Table<TRow> Long(string name, Func<TRow, long> value) => Add(name, "bigint", NpgsqlDbType.Bigint, value);

    public Table<TRow> Long(string name, Func<TRow, long?> value) => Add(name, "bigint", NpgsqlDbType.Bigint, value);

    public Table<TRow> Int(string name, Func<TRow, int> value) => Add(name, "int", NpgsqlDbType.Integer, value);

    public Table<TRow> Int(string name, Func<TRow, int?> value) => Add(name, "int", NpgsqlDbType.Integer, value);

    public Table<TRow> Small(string name, Func<TRow, short> value) =>
        Add(name, "smallint", NpgsqlDbType.Smallint, value);

    public Table<TRow> YesNo(string name, Func<TRow, bool> value) =>
        Small(name, row => value(row) ? (short)1 : (short)0);

    public Table<TRow> Text(string name, Func<TRow, string?> value) => Add(name, "text", NpgsqlDbType.Text, value);

    public Table<TRow> Uuid(string name, Func<TRow, Guid> value) => Add(name, "uuid", NpgsqlDbType.Uuid, value);

    public Table<TRow> Bytes(string name, Func<TRow, byte[]> value) => Add(name, "bytea", NpgsqlDbType.Bytea, value);

    public void FillArrays(NpgsqlBatchCommand command, IReadOnlyList<TRow> rows)
    {
        foreach (var column in columns) command.Parameters.Add(column.ArrayOf(rows));
    }

    /// <summary>Sets <c>$1 …</c> of a SQLite statement to one row's values, in the columns' order.</summary>
    public void FillRow(SqliteCommand command, TRow row)
    {
        if (command.Parameters.Count == 0)
            for (var i = 0; i < columns.Count; i++) command.Parameters.Add(new SqliteParameter($"${i + 1}", null));
        for (var i = 0; i < columns.Count; i++) command.Parameters[i].Value = columns[i].ValueOf(row);
    }

    /// <summary><c>$1, $2 …</c> for SQLite, <c>unnest($1::bigint[], …)</c> for PostgreSQL.</summary>
    public string Placeholders => string.Join(", ", columns.Select((_, i) => $"${i + 1}"));

    public string Unnest => $"unnest({string.Join(", ", columns.Select((c, i) => $"${i + 1}::{c.PostgresType}[]"))})";

    Table<TRow> Add<T>(string name, string postgresType, NpgsqlDbType type, Func<TRow, T> value)
    {
        columns.Add(new TypedColumn<T>(name, postgresType, type, value));
        return this;
    }

    sealed class TypedColumn<T>(string name, string postgresType, NpgsqlDbType type, Func<TRow, T> value)
        : Column<TRow>(name, postgresType)
    {
        public override NpgsqlParameter ArrayOf(IReadOnlyList<TRow> rows)
        {
            var values = new T[rows.Count];
            for (var i = 0; i < values.Length; i++) values[i] = value(rows[i]);
            return new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
        }

        public override object ValueOf(TRow row) => value(row) switch
        {
            null => DBNull.Value,
            Guid guid => guid.ToByteArray(bigEndian: true),
            var other => other,
        };
    }
}

/// <summary>Reads a row column after column; what the two databases give differently is one kind here.</summary>
public struct RowReader(DbDataReader reader)
{
    int next = 0;

    /// <summary>The row itself, for who reads it as a whole.</summary>
    public readonly DbDataReader Row => reader;

    public long Long() => reader.GetInt64(next++);

    public long? LongOrNull() => reader.IsDBNull(next) ? Skip<long?>() : Long();

    public int Int() => reader.GetInt32(next++);

    public int? IntOrNull() => reader.IsDBNull(next) ? Skip<int?>() : Int();

    public short Small() => reader.GetInt16(next++);

    public bool YesNo() => reader.GetInt16(next++) != 0;

    public string Text() => reader.GetString(next++);

    public string? TextOrNull() => reader.IsDBNull(next) ? Skip<string?>() : Text();

    public byte[] Bytes() => reader.GetFieldValue<byte[]>(next++);

    public Guid Uuid() => reader is SqliteDataReader
        ? new Guid(reader.GetFieldValue<byte[]>(next++), bigEndian: true)
        : reader.GetGuid(next++);

    T? Skip<T>()
    {
        next++;
        return default;
    }
}
