using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Ledger;
using Xunit;

namespace Tollkeeper.Tests.Core.Ledger;

public sealed class CallFilterTests
{
    static readonly LocalDate Today = new(2026, 11, 21);

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(-89, 0, true)]
    [InlineData(-90, 0, false)]
    [InlineData(-90, -90, false)]
    [InlineData(-5, 1, true)]
    [InlineData(-5, 2, false)]
    [InlineData(0, -1, false)]
    [InlineData(2, 2, false)]
    public void R25_Calls_are_shown_for_ninety_days_and_no_other_dates_are(int from, int to, bool shown)
    {
        var refused = new CallFilter(Today.PlusDays(from), Today.PlusDays(to)).Check(Today);
        Assert.Equal(shown, refused is null);
        if (refused is not null) Assert.Equal(Refusal.BadDateRange, refused.Refusal);
    }

    [Fact]
    public void R25_Absurd_dates_are_refused_like_any_others()
    {
        Assert.NotNull(new CallFilter(LocalDate.MinIsoValue, LocalDate.MaxIsoValue).Check(Today));
        Assert.NotNull(new CallFilter(Today, LocalDate.MaxIsoValue).Check(Today));
    }

    [Fact]
    public void Days_are_local_and_one_may_have_25_hours()
    {
        var toronto = DateTimeZoneProviders.Tzdb["America/Toronto"];
        var filter = new CallFilter(new LocalDate(2026, 11, 1), new LocalDate(2026, 11, 1));
        Assert.Equal(Instant.FromUtc(2026, 11, 1, 4, 0), filter.StartsAt(toronto));
        Assert.Equal(Duration.FromHours(25), filter.EndsAt(toronto) - filter.StartsAt(toronto));
    }

    [Fact]
    public void Dates_alone_choose_only_where_nothing_else_is_said()
    {
        var dates = new CallFilter(Today, Today);
        Assert.True(dates.OnlyDates);
        Assert.True((dates with { NumberStarts = [] }).OnlyDates);
        Assert.False((dates with { Direction = Directions.Inbound }).OnlyDates);
        Assert.False((dates with { NumberStarts = ["+1"] }).OnlyDates);
        Assert.False((dates with { Destination = "x" }).OnlyDates);
        Assert.False((dates with { Disposition = Disposition.Busy }).OnlyDates);
    }
}
