using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

static class OpenHoldsStore
{
    static readonly string OnPostgres = BookRows.Holds.Select
        + " where account_no = any($1) and expired_at_micros is null and billable = 1";

    static readonly string OnSqlite = BookRows.Holds.Select
        + " where account_no in (select value from json_each($1)) and expired_at_micros is null and billable = 1";

    /// <summary>One scan of all holds, however many accounts are asked for.</summary>
    public static async Task<IReadOnlyList<Hold>> Read(Database database, long[] accountNos)
    {
        var found = new List<Hold>();
        var text = database.IsPostgres ? OnPostgres : OnSqlite;
        await database.Reads.Ask(
            new PageQuestion(text, row => found.Add(BookRows.ReadHold(ref row)), accountNos), CancellationToken.None);
        return found;
    }
}
