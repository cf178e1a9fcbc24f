using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Tollkeeper.Ledger;
using Xunit;

namespace Tollkeeper.Tests.Core.Ledger;

public sealed class FloorTests
{
    static readonly Instant May = Instant.FromUtc(2026, 5, 1, 0, 0);
    static readonly Instant June = Instant.FromUtc(2026, 6, 1, 0, 0);
    static readonly Instant July = Instant.FromUtc(2026, 7, 1, 0, 0);

    [Fact]
    public void R58_Without_any_record_the_floor_is_zero()
    {
        Assert.Equal(0, Floor.At([], May));
        Assert.Equal(0, Floor.At([new(June, null, -5)], May));
        Assert.Equal(0, Floor.At([new(May, June, -5)], June));
    }

    [Fact]
    public void R49_A_credit_limit_for_June_lifts_the_one_that_lasts_and_then_gives_way_to_it()
    {
        FloorRecord[] records = [new(May, null, -500), new(June, July, -900)];
        Assert.Equal(-500, Floor.At(records, June - Duration.Epsilon));
        Assert.Equal(-900, Floor.At(records, June));
        Assert.Equal(-900, Floor.At(records, July - Duration.Epsilon));
        Assert.Equal(-500, Floor.At(records, July));
    }

    [Fact]
    public void Of_records_in_force_the_one_recorded_last_rules_even_if_it_began_earlier() =>
        Assert.Equal(-100, Floor.At([new(June, null, -500), new(May, null, -100)], July));

    [Fact]
    public void Records_are_written_as_one_short_text() => Assert.Equal(
        "1777593600000000/=-500;1780272000000000/1782864000000000=0",
        Floor.Write([new(May, null, -500), new(June, July, 0)]));

    [Fact]
    public void Records_written_are_read_back_as_they_were()
    {
        var instants = Gen.Choose(int.MinValue, int.MaxValue)
            .Select(i => Instant.FromUnixTimeTicks(i * 10L * 1_000_003));
        var records =
            from start in instants
            from until in Gen.OneOf(Gen.Constant<Instant?>(null), instants.Select(i => (Instant?)i))
            from floor in Gen.Elements(0, -1, 7, long.MinValue, long.MaxValue, -500_000_000)
            select new FloorRecord(start, until, floor);
        Prop.ForAll(records.ListOf().ToArbitrary(), list => Floor.Read(Floor.Write(list)).SequenceEqual(list))
            .QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("x")]
    [InlineData("1/2")]
    [InlineData("1=5")]
    [InlineData("1/2=5;")]
    [InlineData("=1/2")]
    public void A_text_that_was_damaged_is_no_floor(string text) =>
        Assert.Throws<FormatException>(() => Floor.Read(text));
}
