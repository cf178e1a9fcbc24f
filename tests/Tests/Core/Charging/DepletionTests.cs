using NodaTime;
using Tollkeeper.Charging;
using Xunit;

namespace Tollkeeper.Tests.Core.Charging;

public sealed class DepletionTests
{
    static readonly LocalDate Today = new(2026, 11, 21);

    [Theory]
    // 48.1372 at 3.70 a day on average: 13 days.
    [InlineData(48_137_200, new long[] { 2_000_000, 3_000_000, 4_000_000, 5_000_000, 4_500_000, 7_400_000, 0 }, 0, 13)]
    [InlineData(7_000_000, new long[] { 0, 0, 0, 0, 0, 0, 7_000_000 }, 0, 7)]
    [InlineData(6_999_999, new long[] { 0, 0, 0, 0, 0, 0, 7_000_000 }, 0, 6)]
    // Less than a day's spending lasts until today.
    [InlineData(999_999, new long[] { 0, 0, 0, 0, 0, 0, 7_000_000 }, 0, 0)]
    // An account of two days is judged by two days, one of today by today.
    [InlineData(8_000_000, new long[] { 1_000_000, 3_000_000 }, 500_000, 4)]
    [InlineData(8_000_000, new long[0], 500_000, 16)]
    // Nothing before today: today is what there is to judge by.
    [InlineData(8_000_000, new long[] { 0, 0, 0, 0, 0, 0, 0 }, 4_000_000, 2)]
    // Used up already.
    [InlineData(0, new long[] { 1 }, 0, 0)]
    [InlineData(-5, new long[] { 1 }, 0, 0)]
    public void R62_It_lasts_as_many_days_as_the_average_of_the_last_week_goes_into_it(
        long available, long[] former, long today, int days) =>
        Assert.Equal(Today.PlusDays(days), Depletion.On(available, former, today, Today));

    [Theory]
    [InlineData(48_137_200, new long[] { 0, 0, 0, 0, 0, 0, 0 }, 0)]
    [InlineData(48_137_200, new long[0], 0)]
    // More is given back than spent.
    [InlineData(48_137_200, new long[] { -5 }, 0)]
    // Longer than ten years, and far beyond every calendar.
    [InlineData(3_651, new long[] { 1 }, 0)]
    [InlineData(long.MaxValue, new long[] { 1, 0, 0, 0, 0, 0, 0 }, 0)]
    public void R62_Where_nothing_is_spent_or_it_lasts_for_ever_there_is_no_date(
        long available, long[] former, long today) =>
        Assert.Null(Depletion.On(available, former, today, Today));
}
