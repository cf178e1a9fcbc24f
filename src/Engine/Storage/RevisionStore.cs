using System.Data.Common;
using Dapper;

namespace Tollkeeper.Engine.Storage;

/// <summary>What every node keeps in memory and reads again when its revision has grown.</summary>
public enum Watched
{
    Provider = 0,
    Policy = 1,
    Deck = 2,
    Numbering = 3,
    Factor = 4,
    Key = 5,
    Session = 6,
    SalesTax = 7,
}

/// <summary>
/// One counter for each thing that nodes keep in memory. Whoever changes such a thing counts it up in the same
/// transaction. The row is locked until the commit: last where others are not to wait, first where they are.
/// </summary>
public static class RevisionStore
{
    static readonly string[] Names =
        ["provider", "policy", "deck", "numbering", "factor", "key", "session",
        "sales_tax"];

    /// <summary>Counts up and gives the new revision.</summary>
    public static Task<long> Raise(DbConnection connection, DbTransaction transaction, Watched what) =>
        connection.ExecuteScalarAsync<long>(
            "update revision set number = number + 1 where what = @what returning number",
            new { what = Names[(int)what] }, transaction);

    /// <summary>All revisions in one round trip, indexed by <see cref="Watched"/>.</summary>
    public static async Task<long[]> All(DbConnection connection, CancellationToken ct)
    {
        var revisions = new long[Names.Length];
        var rows = await connection.QueryAsync<(string What, long Number)>(
            new CommandDefinition("select what, number from revision", cancellationToken: ct));
        foreach (var (what, number) in rows)
        {
            var index = Array.IndexOf(Names, what);
            if (index >= 0) revisions[index] = number;
        }
        return revisions;
    }
}
