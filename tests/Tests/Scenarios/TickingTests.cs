using System.Diagnostics;
using NodaTime;
using Tollkeeper.Engine.Jobs;
using Tollkeeper.Jobs;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>Real processes, woken by the clock: what waits is run once, and by whoever is left.</summary>
public sealed class TickingTests
{
    const string Job = "forget-sign-ins";

    static readonly TimeSpan Soon = TimeSpan.FromSeconds(90);

    [Fact]
    [Trait("Category", "needs-postgres")]
    public async Task Two_processes_run_what_waits_once_and_when_one_is_killed_the_other_goes_on()
    {
        await using var one = await KilledServer.Furnish(DatabaseKind.Postgres, 1_000_000);
        await using var two = one.Another();
        await Task.WhenAll(one.Start(), two.Start());
        await AllRunOnce(one.Test, 3);
        await one.Kill();
        await AllRunOnce(one.Test, 5);
        await two.Kill();
    }

    [Fact]
    public async Task On_SQLite_the_one_process_runs_what_waits_after_a_kill_too()
    {
        await using var server = await KilledServer.Furnish(DatabaseKind.Sqlite, 1_000_000);
        await server.Start();
        await AllRunOnce(server.Test, 2);
        await server.Kill();
        await server.Start();
        await AllRunOnce(server.Test, 3);
        await server.Kill();
    }

    /// <summary>Asks for runs until there are so many, and waits for their ends.</summary>
    static async Task AllRunOnce(TestDatabase test, int count)
    {
        await using var database = test.OpenAgain();
        await database.InTransaction<bool>(async (connection, transaction) =>
        {
            for (var n = 0; n < count; n++)
            {
                await JobStore.Insert(connection, transaction, Job, null,
                    new Occurrence($"test {n}", SystemClock.Instance.GetCurrentInstant()));
            }
            return true;
        });
        var begun = Stopwatch.GetTimestamp();
        await using var looking = await database.Connect();
        while (true)
        {
            var runs = (await JobStore.Page(looking, Job, 1, long.MaxValue, 100, default))
                .Where(run => run.Occurrence.StartsWith("test", StringComparison.Ordinal)).ToList();
            if (runs.Count == count && runs.All(run => run.EndedAt is not null))
            {
                Assert.All(runs, run => Assert.Equal((JobOutcome.Done, 1), (run.Outcome, run.Attempt)));
                return;
            }
            Assert.True(Stopwatch.GetElapsedTime(begun) < Soon, string.Join("\n", runs));
            await Task.Delay(300);
        }
    }
}
