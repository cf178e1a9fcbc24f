using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Jobs;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Jobs;
using Xunit;

namespace Tollkeeper.Tests.Engine.Jobs;

/// <summary>Each occurrence of a job runs once: however many nodes tick, die or sleep.</summary>
public sealed class RunJobsTests
{
    static readonly DateTimeZone Toronto = DateTimeZoneProviders.Tzdb["America/Toronto"];

    static readonly Person Olga =
        new("s", 7, "usr_x", 1, null, null, Role.Owner, "Olga", "olga@example.com", null, null);

    readonly MovableClock clock = new();
    readonly ConcurrentQueue<JobWork> ran = new();

    [BothDatabases]
    public async Task Many_nodes_that_tick_at_once_run_an_occurrence_once(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var others = kind == DatabaseKind.Postgres ? 4 : 0;
        var databases = Enumerable.Range(0, others).Select(_ => test.OpenAgain()).Append(test.Database).ToList();
        var nodes = databases.Select(database => Node(database, Hourly(CatchUp.AsOne))).ToList();
        await Tick(nodes);
        for (var hour = 1; hour <= 5; hour++)
        {
            clock.Move(Duration.FromHours(1));
            await Tick(nodes);
            await Tick(nodes);
            Assert.Equal(hour, ran.Count);
        }
        Assert.Equal(5, ran.Select(work => work.DueAt).Distinct().Count());
        foreach (var node in nodes) await node.DisposeAsync();
        foreach (var database in databases.Take(others)) await database.DisposeAsync();
    }

    [BothDatabases]
    public async Task What_was_missed_runs_one_by_one_or_as_one_as_the_job_says(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var node = Node(test.Database, Hourly(CatchUp.AsOne), Daily("each", CatchUp.OneByOne));
        await node.Tick();
        clock.Move(Duration.FromDays(3));
        for (var i = 0; i < 6; i++) await Tick([node]);
        var hourly = Assert.Single(ran, work => work.ProviderNo is null);
        Assert.Equal(clock.Now, hourly.DueAt);
        var daily = ran.Where(work => work.ProviderNo == 3).Select(work => work.DueAt.InZone(Toronto).LocalDateTime);
        Assert.Equal(
            [new(2026, 3, 3, 0, 1), new(2026, 3, 4, 0, 1), new LocalDateTime(2026, 3, 5, 0, 1)], daily);
        await using var connection = await test.Database.Connect();
        var run = Assert.Single(await JobStore.Page(connection, "hourly", 3, long.MaxValue, 10, default));
        Assert.Equal((71, JobOutcome.Done, 1), (run.Missed, run.Outcome, run.Attempt));
        Assert.Equal(3, (await JobStore.Page(connection, "each", 3, long.MaxValue, 10, default)).Count);
        Assert.Empty(await JobStore.Page(connection, "each", 4, long.MaxValue, 10, default));
    }

    [BothDatabases]
    public async Task On_the_days_when_clocks_change_a_local_time_comes_once(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var node = Node(test.Database, Daily("each", CatchUp.OneByOne));
        foreach (var (from, dates) in new[]
        {
            (new LocalDate(2026, 3, 7), 3), (new LocalDate(2026, 10, 31), 3),
        })
        {
            clock.MoveTo(from.At(new LocalTime(0, 0, 30)).InZoneLeniently(Toronto).ToInstant());
            for (var i = 0; i < 300; i++) await Tick([node]);
            ran.Clear();
            // Every ten minutes of three days, on one of which there are 23 or 25 hours.
            var end = from.PlusDays(dates).AtStartOfDayInZone(Toronto).ToInstant();
            while (clock.Now < end)
            {
                await Tick([node]);
                clock.Move(Duration.FromMinutes(10));
            }
            Assert.Equal(
                Enumerable.Range(0, dates).Select(day => from.PlusDays(day).At(new LocalTime(0, 1))),
                ran.Select(work => work.DueAt.InZone(Toronto).LocalDateTime));
        }
    }

    [BothDatabases]
    public async Task The_run_of_a_lost_node_is_taken_over_after_its_lease_and_ends_once(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var second = test.OpenAgain();
        var lost = new TaskCompletionSource<JobDone>();
        var begun = 0;
        var job = new Job("slow", JobRule.Every(Duration.FromHours(1)), CatchUp.AsOne, false, _ =>
            Interlocked.Increment(ref begun) == 1 ? lost.Task : Task.FromResult(JobDone.Of("the second node's")));
        var (one, two) = (Node(test.Database, job), Node(second, job));
        await one.Tick();
        clock.Move(Duration.FromHours(1));
        await one.Tick();
        while (Volatile.Read(ref begun) == 0) await Task.Yield();
        await two.Tick();
        clock.Move(RunJobs.Lease);
        await two.Tick();
        Assert.Equal(1, begun);
        clock.Move(Duration.FromSeconds(1));
        await Tick([two]);
        Assert.Equal(2, begun);
        lost.SetResult(JobDone.Of("the lost node's"));
        await one.Idle;
        await using var connection = await test.Database.Connect();
        var run = Assert.Single(await JobStore.Page(connection, "slow", 1, long.MaxValue, 10, default));
        Assert.Equal((JobOutcome.Done, "the second node's", 2), (run.Outcome, run.Detail, run.Attempt));
        await one.DisposeAsync();
        await two.DisposeAsync();
    }

    [BothDatabases]
    public async Task A_node_that_ends_gives_its_run_back_and_it_runs_to_its_end_elsewhere(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var begun = 0;
        var job = new Job("long", JobRule.Every(Duration.FromHours(1)), CatchUp.AsOne, false, async work =>
        {
            if (Interlocked.Increment(ref begun) == 1) await Task.Delay(Timeout.Infinite, work.Stop);
            return JobDone.Well;
        });
        var one = Node(test.Database, job);
        await one.Tick();
        clock.Move(Duration.FromHours(1));
        await one.Tick();
        while (Volatile.Read(ref begun) == 0) await Task.Yield();
        await one.DisposeAsync();
        await using var two = Node(test.Database, job);
        await Tick([two]);
        Assert.Equal(2, begun);
    }

    [BothDatabases]
    public async Task A_job_that_fails_says_so_and_comes_again_at_its_next_time(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var node = Node(test.Database, new Job(
            "broken", JobRule.Every(Duration.FromHours(1)), CatchUp.AsOne, false,
            _ => ran.IsEmpty ? Fail() : Task.FromResult(new JobDone("", [new(3, "floor", "too low")], 2))));
        await node.Tick();
        for (var hour = 0; hour < 2; hour++)
        {
            clock.Move(Duration.FromHours(1));
            await Tick([node]);
        }
        await using var connection = await test.Database.Connect();
        var runs = await JobStore.Page(connection, "broken", 3, long.MaxValue, 10, default);
        Assert.Equal([JobOutcome.Found, JobOutcome.Failed], runs.Select(run => run.Outcome!.Value));
        Assert.Equal(("InvalidOperationException", 2L), (runs[1].Detail, runs[0].Findings));
        Assert.Single(await JobStore.Findings(connection, runs[0].No, 3, -1, 10, default));
        Assert.Empty(await JobStore.Findings(connection, runs[0].No, 4, -1, 10, default));

        Task<JobDone> Fail()
        {
            ran.Enqueue(null!);
            throw new InvalidOperationException("no");
        }
    }

    [BothDatabases]
    public async Task A_job_is_started_by_hand_once_at_a_time_and_that_is_on_record(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var go = new TaskCompletionSource<JobDone>();
        await using var node = Node(test.Database,
            new Job("nightly", JobRule.DailyAt(new LocalTime(4, 10)), CatchUp.AsOne, false, _ => go.Task),
            new Job("asked", JobRule.OnRequest, CatchUp.AsOne, false, _ => go.Task));
        var start = new StartJob(test.Database, clock, node);
        Assert.Equal(Refusal.UnknownJob, (await start.Run(Olga, "asked", "")).Refused?.Refusal);
        Assert.Equal(Refusal.UnknownJob, (await start.Run(Olga, "none", "")).Refused?.Refusal);
        var both = await Task.WhenAll(start.Run(Olga, "nightly", "192.0.2.7"), start.Run(Olga, "nightly", ""));
        Assert.Equal(Refusal.JobRunning, Assert.Single(both, one => !one.Accepted).Refused?.Refusal);
        await node.Tick();
        Assert.Equal(Refusal.JobRunning, (await start.Run(Olga, "nightly", "")).Refused?.Refusal);
        go.SetResult(JobDone.Well);
        await node.Idle;
        await using var connection = await test.Database.Connect();
        var run = Assert.Single(await JobStore.Page(connection, "nightly", 1, long.MaxValue, 10, default));
        Assert.Equal((Olga.Email, JobOutcome.Done), (run.AskedBy, run.Outcome));
        var record = Assert.Single(
            await AuditTrailStore.Page(test.Database, 1, new RecordFilter(), null, 10, default)).Written;
        Assert.Equal(("job_started", "nightly", 7L), (record.Act, record.Subject, record.UserNo));
    }

    [BothDatabases]
    public async Task Old_runs_are_forgotten_but_the_newest_of_each_job_and_no_time_comes_twice(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var node = Node(test.Database, Hourly(CatchUp.AsOne));
        await node.Tick();
        for (var i = 0; i < 3; i++)
        {
            clock.Move(Duration.FromHours(1));
            await Tick([node]);
        }
        clock.Move(Duration.FromDays(100));
        await new ForgetOldRuns(test.Database, clock).Run();
        await using var connection = await test.Database.Connect();
        Assert.Single(await JobStore.Page(connection, "hourly", 1, long.MaxValue, 10, default));
        await Tick([node]);
        await Tick([node]);
        Assert.Equal(4, ran.Count);
    }

    Job Hourly(CatchUp catchUp) => new("hourly", JobRule.Every(Duration.FromHours(1)), catchUp, false, Note);

    Job Daily(string name, CatchUp catchUp) =>
        new(name, JobRule.DailyAt(new LocalTime(0, 1)), catchUp, EachProvider: true, Note);

    Task<JobDone> Note(JobWork work)
    {
        ran.Enqueue(work);
        return Task.FromResult(JobDone.Well);
    }

    RunJobs Node(Database database, params Job[] jobs) =>
        new(database, clock, jobs, () => [(3, Toronto)], NullLogger.Instance);

    static async Task Tick(IReadOnlyList<RunJobs> nodes)
    {
        await Task.WhenAll(nodes.Select(node => Task.Run(() => node.Tick())));
        foreach (var node in nodes) await node.Idle;
    }
}
