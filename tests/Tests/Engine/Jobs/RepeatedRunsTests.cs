using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Jobs;
using Tollkeeper.Jobs;
using Xunit;

namespace Tollkeeper.Tests.Engine.Jobs;

/// <summary>What becomes of a run that did not come to its end.</summary>
public sealed class RepeatedRunsTests
{
    const int Provider = 3;

    static readonly Person Olga =
        new("s", 7, "usr_x", Provider, null, null, Role.Owner, "Olga", "olga@example.com", null, null);

    readonly MovableClock clock = new();
    readonly List<string> arguments = [];
    Exception? thrown;

    [BothDatabases]
    public async Task A_run_that_the_database_broke_off_is_repeated_by_itself(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var node = Node(test);
        await Ask(test, "draft");
        thrown = new TimeoutException("away");
        await Tick(node);
        thrown = null;
        await Tick(node);
        Assert.Single(arguments);
        clock.Move(RunJobs.Lease + Duration.FromSeconds(1));
        await Tick(node);
        Assert.Equal(["draft", "draft"], arguments);
        var run = Assert.Single(await Runs(test));
        Assert.Equal((JobOutcome.Done, 2), (run.Outcome, run.Attempt));
    }

    [BothDatabases]
    public async Task A_run_that_the_database_breaks_off_every_time_fails_in_the_end_and_says_why(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var node = Node(test);
        await Ask(test, "draft");
        thrown = new TimeoutException("away");
        for (var minute = 0; minute < 8; minute++)
        {
            await Tick(node);
            clock.Move(RunJobs.Lease + Duration.FromSeconds(1));
        }
        var run = Assert.Single(await Runs(test));
        Assert.Equal((JobOutcome.Failed, 5, "TimeoutException: away"), (run.Outcome, run.Attempt, run.Detail));
    }

    [BothDatabases]
    public async Task A_failed_run_is_started_again_once_about_the_same_thing_and_that_is_on_record(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var node = Node(test);
        await Ask(test, "draft");
        var start = new StartJob(test.Database, clock, node);
        var no = Assert.Single(await Runs(test)).No;
        Assert.Equal(Refusal.UnknownJob, (await start.Again(Olga, "asked", no, "")).Refused?.Refusal);
        thrown = new InvalidOperationException("no");
        await Tick(node);
        Assert.Equal("InvalidOperationException: no", Assert.Single(await Runs(test)).Detail);
        var foreign = Olga with { ProviderNo = 4 };
        Assert.Equal(Refusal.UnknownJob, (await start.Again(foreign, "asked", no, "")).Refused?.Refusal);
        thrown = null;
        var pressed = await Task.WhenAll(
            start.Again(Olga, "asked", no, "192.0.2.7"), start.Again(Olga, "asked", no, "192.0.2.7"));
        Assert.Equal(pressed[0].Value, pressed[1].Value);
        await Tick(node);
        Assert.Equal(["draft", "draft"], arguments);
        var runs = await Runs(test);
        Assert.Equal((JobOutcome.Done, Olga.Email), (runs[0].Outcome, runs[0].AskedBy));
        var record = Assert.Single(
            await AuditTrailStore.Page(test.Database, Provider, new RecordFilter(), null, 10, default)).Written;
        Assert.Equal(("job_started", $"run {runs[0].No}, again after {no}"), (record.Act, record.Details));
    }

    RunJobs Node(TestDatabase test) => new(
        test.Database, clock,
        [
            new Job("asked", JobRule.OnRequest, CatchUp.OneByOne, EachProvider: true, work =>
            {
                arguments.Add(work.Argument);
                return thrown is null ? Task.FromResult(JobDone.Well) : throw thrown;
            }),
        ],
        () => [(Provider, DateTimeZone.Utc)], NullLogger.Instance);

    Task<bool> Ask(TestDatabase test, string argument) =>
        test.Database.InTransaction<bool>(async (connection, transaction) =>
        {
            await JobStore.Ask(connection, transaction, "asked", Provider, "one", argument, clock.Now);
            return true;
        });

    static async Task Tick(RunJobs node)
    {
        await node.Tick();
        await node.Idle;
    }

    static async Task<IReadOnlyList<JobRun>> Runs(TestDatabase test)
    {
        await using var connection = await test.Database.Connect();
        return await JobStore.Page(connection, "asked", Provider, long.MaxValue, 10, default);
    }
}
