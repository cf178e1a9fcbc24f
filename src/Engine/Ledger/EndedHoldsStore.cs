using System.Data.Common;
using Npgsql;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// Frees the room of holds that ended. On PostgreSQL each leaves a dead row behind, and its own vacuum comes once a
/// minute: by then a busy hour's table and index are a hundred times what the calls that are up need, and every call
/// searches through them.
/// </summary>
sealed class EndedHoldsStore(Database database)
{
    /// <summary>Some seconds of a busy node, and a few megabytes.</summary>
    const int WorthFreeing = 20_000;

    int ended;
    Task freeing = Task.CompletedTask;

    /// <summary>Told after each commit, by one thread at a time; never waits.</summary>
    public void Count(int more)
    {
        ended += more;
        if (ended < WorthFreeing || !freeing.IsCompleted) return;
        ended = 0;
        freeing = Task.Run(Free);
    }

    public Task Finish() => freeing;

    async Task Free()
    {
        try
        {
            await using var connection = await database.Postgres.OpenConnectionAsync();
            // Where another node is at it already there is nothing to do.
            await using var vacuum = new NpgsqlCommand("vacuum (skip_locked, truncate off) hold", connection);
            await vacuum.ExecuteNonQueryAsync();
        }
        catch (Exception exception) when (exception is DbException or TimeoutException or IOException)
        {
            // PostgreSQL's own vacuum does it later; what is wrong with the database the next batch will say.
        }
    }
}
