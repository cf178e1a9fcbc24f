using System.Data.Common;
using Npgsql;

namespace Tollkeeper.Engine.Storage;

/// <summary>Many numbers as one parameter: an array on PostgreSQL, a text for <c>json_each</c> on SQLite.</summary>
public static class NumberList
{
    /// <summary>What follows a column's name: whether it is one of the numbers of a parameter.</summary>
    public static string IsOneOf(DbConnection connection, string parameter) =>
        connection is NpgsqlConnection ? $"= any({parameter})" : $"in (select value from json_each({parameter}))";

    public static object Value(DbConnection connection, IEnumerable<long> numbers) =>
        connection is NpgsqlConnection ? numbers.ToArray() : $"[{string.Join(',', numbers)}]";
}
