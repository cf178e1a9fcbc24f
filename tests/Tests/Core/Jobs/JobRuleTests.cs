using NodaTime;
using NodaTime.Text;
using Tollkeeper.Jobs;
using Xunit;

namespace Tollkeeper.Tests.Core.Jobs;

/// <summary>When jobs are due, on ordinary days and on those when clocks change.</summary>
public sealed class JobRuleTests
{
    [Theory]
    // Toronto: 2026-03-08 02:00 → 03:00, 2026-11-01 02:00 → 01:00.
    [InlineData("America/Toronto", "00:01", "2026-03-07", "2026-03-08T05:01:00Z")]
    [InlineData("America/Toronto", "00:01", "2026-03-08", "2026-03-09T04:01:00Z")]
    [InlineData("America/Toronto", "00:01", "2026-10-31", "2026-11-01T04:01:00Z")]
    [InlineData("America/Toronto", "00:01", "2026-11-01", "2026-11-02T05:01:00Z")]
    // A time that the clocks skip comes an hour later, one that they show twice the first time.
    [InlineData("America/Toronto", "02:30", "2026-03-07", "2026-03-08T07:30:00Z")]
    [InlineData("America/Toronto", "01:30", "2026-10-31", "2026-11-01T05:30:00Z")]
    // Havana changes at midnight: 00:01 does not exist on 2026-03-08, and is twice there on 2026-11-01.
    [InlineData("America/Havana", "00:01", "2026-03-07", "2026-03-08T05:01:00Z")]
    [InlineData("America/Havana", "00:01", "2026-10-31", "2026-11-01T04:01:00Z")]
    // A fixed offset knows no change.
    [InlineData("UTC-05", "00:01", "2026-03-08", "2026-03-09T05:01:00Z")]
    // Samoa had no 30 December 2011: that date's run comes on the next, beside the next one's own.
    [InlineData("Pacific/Apia", "00:01", "2011-12-29", "2011-12-30T10:01:00Z")]
    public void A_daily_job_comes_once_a_date_whatever_the_clocks_do(
        string zone, string at, string last, string next)
    {
        var rule = JobRule.DailyAt(LocalTimePattern.CreateWithInvariantCulture("HH:mm").Parse(at).Value);
        var cursor = new JobCursor(Instant.FromUtc(2000, 1, 1, 0, 0), last);
        var found = rule.Next(cursor, DateTimeZoneProviders.Tzdb[zone]);
        Assert.Equal(next, InstantPattern.ExtendedIso.Format(found!.Value.At));
    }

    [Theory]
    [InlineData("America/Toronto", 365)]
    [InlineData("America/Havana", 365)]
    [InlineData("Australia/Lord_Howe", 365)]
    public void A_year_of_a_daily_job_has_every_date_once_and_in_order(string zone, int days)
    {
        var rule = JobRule.DailyAt(new LocalTime(0, 1));
        var from = Instant.FromUtc(2026, 1, 1, 12, 0);
        var due = rule.Due(
            new JobCursor(from, null), DateTimeZoneProviders.Tzdb[zone], from + Duration.FromDays(365), 1_000);
        Assert.Equal(days, due.Count);
        Assert.Equal(due.Select(each => each.Key), due.Select(each => each.Key).Distinct());
        Assert.Equal(due.Select(each => each.At), due.Select(each => each.At).Order());
        Assert.All(due.Zip(due.Skip(1)), pair => Assert.InRange(
            (pair.Second.At - pair.First.At).TotalHours, 22.9, 25.1));
    }

    [Fact]
    public void A_job_of_every_hour_comes_at_the_full_hour_on_every_node()
    {
        var rule = JobRule.Every(Duration.FromHours(1));
        var since = Instant.FromUtc(2026, 3, 2, 15, 20);
        var due = rule.Due(
            new JobCursor(since, null), DateTimeZone.Utc, since + Duration.FromHours(3), 10);
        Assert.Equal(["2026-03-02T16:00:00Z", "2026-03-02T17:00:00Z", "2026-03-02T18:00:00Z"],
            due.Select(each => each.Key));
        Assert.Equal(due[1], rule.Next(new JobCursor(since, due[0].Key), DateTimeZone.Utc));
    }

    [Fact]
    public void Nothing_before_a_job_was_first_seen_is_due_and_what_is_on_request_never_is()
    {
        var since = Instant.FromUtc(2026, 3, 2, 15, 20);
        var cursor = new JobCursor(since, null);
        Assert.Empty(JobRule.Every(Duration.FromHours(1)).Due(cursor, DateTimeZone.Utc, since, 10));
        Assert.Empty(JobRule.DailyAt(new LocalTime(15, 20)).Due(cursor, DateTimeZone.Utc, since, 10));
        Assert.Single(JobRule.DailyAt(new LocalTime(15, 21)).Due(
            cursor, DateTimeZone.Utc, since + Duration.FromMinutes(1), 10));
        Assert.Null(JobRule.OnRequest.Next(cursor, DateTimeZone.Utc));
    }
}
