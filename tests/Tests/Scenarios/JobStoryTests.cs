using NodaTime;
using Tollkeeper.Engine.Jobs;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>What staff see of jobs, and how they start one.</summary>
public sealed class JobStoryTests
{
    [BothDatabases]
    public async Task Staff_see_when_jobs_ran_and_start_one_which_is_on_record_and_happens_once(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var staff = await served.Staff();
        using var sam = await served.SignedIn(staff.Provider, staff.Email);
        var list = await sam.Open("/office/jobs");
        Assert.Equal(200, list.Status);
        Assert.Contains("Audit of the books", list.Text, StringComparison.Ordinal);
        Assert.Contains("Daily at 04:10", list.Text, StringComparison.Ordinal);
        Assert.Contains("Not yet", list.Text, StringComparison.Ordinal);

        var page = await sam.Open("/office/jobs/audit-books");
        var pressed = await Task.WhenAll(sam.Submit(page, "start"), sam.Submit(page, "start"));
        Assert.All(pressed, answer => Assert.Equal(303, answer.Status));
        Assert.Equal(pressed[0].Location, pressed[1].Location);
        await served.Installation.Jobs.Idle;
        var run = await sam.Follow(pressed[0]);
        Assert.Contains("Done", run.Text, StringComparison.Ordinal);
        Assert.Contains(staff.Email, run.Text, StringComparison.Ordinal);
        Assert.Contains("entries 0", run.Text, StringComparison.Ordinal);
        Assert.Single(await served.Acts(staff.Provider), act => act == "job_started");
        Assert.Single(await Runs(served));
    }

    [BothDatabases]
    public async Task After_downtime_the_nightly_audit_runs_once_for_all_missed_nights(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var staff = await served.Staff();
        await served.Installation.Jobs.Tick();
        await served.Move(Duration.FromDays(4));
        for (var i = 0; i < 10; i++)
        {
            await served.Installation.Jobs.Tick();
            await served.Installation.Jobs.Idle;
        }
        var run = Assert.Single(await Runs(served));
        Assert.Equal((3, (string?)null, JobOutcome.Done), (run.Missed, run.AskedBy, run.Outcome));
        // The zone of the first provider: UTC-05.
        Assert.Equal(Instant.FromUtc(2026, 3, 6, 9, 10), run.DueAt);
        using var sam = await served.SignedIn(staff.Provider, staff.Email);
        Assert.Contains("stands for 3 missed times", (await sam.Open("/office/jobs/audit-books")).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_run_has_a_button_to_run_it_again()
    {
        await using var served = await Served.Start(DatabaseKind.Sqlite);
        var staff = await served.Staff();
        using var sam = await served.SignedIn(staff.Provider, staff.Email);
        await served.Installation.Database.InTransaction<bool>(async (connection, transaction) =>
        {
            await JobStore.Ask(
                connection, transaction, DecideDraft.CheckJob, staff.Provider.No, "one", "none", served.Clock.Now);
            return true;
        });
        await served.Installation.Jobs.Tick();
        await served.Installation.Jobs.Idle;
        var failed = await sam.FollowLink(
            await sam.Open("/office/jobs/deck-check"), "main a[href^='/office/jobs/deck-check/']");
        Assert.Contains("Failed", failed.Text, StringComparison.Ordinal);
        var again = await sam.Submit(failed, "again");
        Assert.Equal(303, again.Status);
        Assert.NotEqual(failed.Path, again.Location);
        Assert.Contains(staff.Email, (await sam.Follow(again)).Text, StringComparison.Ordinal);
        Assert.Equal(again.Location, (await sam.Submit(failed, "again")).Location);
        var since = await sam.Open(failed.Path);
        Assert.Contains(since.Document.QuerySelectorAll("main a"), a => a.GetAttribute("href") == again.Location);
        Assert.Single(await served.Acts(staff.Provider), act => act == "job_started");
    }

    [Fact]
    public async Task No_job_is_there_for_customers_or_by_an_unknown_name_and_a_stale_form_starts_nothing()
    {
        await using var served = await Served.Start(DatabaseKind.Sqlite);
        var shop = await served.Shop();
        var customer = await served.House.Account(shop.Provider, shop.DeckNo);
        await served.User(shop.Provider, "ana@example.com", Served.Password, customer.No);
        await served.User(shop.Provider, "sam@example.com", Served.Password);
        using var ana = await served.SignedIn(shop.Provider, "ana@example.com");
        using var sam = await served.SignedIn(shop.Provider, "sam@example.com");
        var page = await sam.Open("/office/jobs/audit-books");
        Assert.Equal(404, (await ana.Open("/office/jobs")).Status);
        Assert.Equal(404, (await ana.Open("/office/jobs/audit-books")).Status);
        Assert.Equal(404, (await sam.Open("/office/jobs/no-such-job")).Status);
        Assert.Equal(404, (await sam.Open("/office/jobs/audit-books/77")).Status);
        Assert.Equal("form_sent", (await sam.Submit(page, "start", ("FormKey", "none"))).Refusal);
        Assert.Equal("form_expired", (await sam.Submit(page, "start", ("form_token", ""))).Refusal);
        Assert.Empty(await Runs(served));
    }

    static async Task<IReadOnlyList<JobRun>> Runs(Served served)
    {
        await using var connection = await served.Installation.Database.Connect();
        return await JobStore.Page(connection, "audit-books", 1, long.MaxValue, 10, default);
    }
}
