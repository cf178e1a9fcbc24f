using NodaTime;
using Tollkeeper.Providers;
using Xunit;

namespace Tollkeeper.Tests.Core.Providers;

public sealed class BillingZoneTests
{
    [Fact]
    public void TZ_01_A_fixed_offset_knows_no_summer_time_and_Toronto_does()
    {
        var (winter, summer) = (Instant.FromUtc(2026, 1, 15, 12, 0), Instant.FromUtc(2026, 7, 15, 12, 0));
        var (fixedZone, toronto) = (Zone("UTC-05"), Zone("America/Toronto"));
        Assert.Equal(Offset.FromHours(-5), fixedZone.GetUtcOffset(winter));
        Assert.Equal(Offset.FromHours(-5), fixedZone.GetUtcOffset(summer));
        Assert.Equal(Offset.FromHours(-5), toronto.GetUtcOffset(winter));
        Assert.Equal(Offset.FromHours(-4), toronto.GetUtcOffset(summer));
    }

    [Fact]
    public void The_zone_data_know_that_Vancouver_stays_at_seven_hours_behind_from_2026()
    {
        var offset = Zone("America/Vancouver").GetUtcOffset(Instant.FromUtc(2026, 12, 15, 12, 0));
        Assert.True(
            offset == Offset.FromHours(-7),
            $"Zone data {BillingZone.DataVersion} are too old: Vancouver on 2026-12-15 is {offset}, not -07.");
    }

    [Theory]
    [InlineData("retail-usd")]
    [InlineData("wholesale-usd")]
    [InlineData("retail-cad")]
    public void The_zone_of_each_shipped_policy_is_known(string preset) =>
        Assert.True(BillingZone.Of(PolicyPresets.All[preset].Calendar).Accepted);

    [Theory]
    [InlineData("Eastern Standard Time")]
    [InlineData("america/toronto")]
    [InlineData("")]
    public void A_zone_that_the_data_do_not_name_is_refused(string zone) =>
        Assert.Equal(Refusal.PolicyInvalid, BillingZone.Of(new CalendarRules(zone)).Refused?.Refusal);

    static DateTimeZone Zone(string name) => BillingZone.Of(new CalendarRules(name)).Value;
}
