using System.Data.Common;
using System.Diagnostics;
using Npgsql;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// Frees the room of holds that ended. On PostgreSQL each leaves a dead row behind, and its own vacuum comes once a
/// minute: by then a busy hour's table and index are a hundred times what the calls that are up need, and every call
/// searches through them.
/// </summary>
sealed class EndedHoldsStore(Database database) : IAsyncDisposable
{
    /// <summary>Some seconds of a busy node, and a few megabytes.</summary>
    const int WorthFreeing = 20_000;

    /// <summary>Where a long snapshot keeps the dead rows, each run takes longer and frees nothing.</summary>
    const int PauseToRun = 10;

    readonly CancellationTokenSource stopping = new();
    int ended;
    long notBefore;
    Task freeing = Task.CompletedTask;

    /// <summary>Told after each commit, by one thread at a time; never waits.</summary>
    public void Count(int more)
    {
        ended += more;
        if (ended < WorthFreeing || !freeing.IsCompleted || Stopwatch.GetTimestamp() < notBefore) return;
        ended = 0;
        freeing = Task.Run(Free);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await freeing;
        stopping.Dispose();
    }

    async Task Free()
    {
        var begun = Stopwatch.GetTimestamp();
        try
        {
            await using var connection = await database.Postgres.OpenConnectionAsync(stopping.Token);
            // Where another node is at it already there is nothing to do.
            await using var vacuum = new NpgsqlCommand("vacuum (skip_locked, truncate off) hold", connection);
            await vacuum.ExecuteNonQueryAsync(stopping.Token);
        }
        catch (Exception exception)
            when (exception is DbException or TimeoutException or IOException or OperationCanceledException)
        {
            // PostgreSQL's own vacuum does it later; what is wrong with the database the next batch will say.
        }
        var ran = Stopwatch.GetTimestamp();
        notBefore = ran + PauseToRun * (ran - begun);
    }
}
