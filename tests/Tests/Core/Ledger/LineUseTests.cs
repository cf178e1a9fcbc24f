using Tollkeeper.Ledger;
using Xunit;

namespace Tollkeeper.Tests.Core.Ledger;

/// <summary>What an account's limits count, as a wallet's row keeps it.</summary>
public sealed class LineUseTests
{
    [Fact]
    public void Counts_are_read_as_they_were_written()
    {
        LineCount[] counts = [new(0, 2, 3, 4, 5, 6), new(7, -1, 0, 0)];
        Assert.Equal("0:2:3:4:5:6,7:-1:0:0:0:0", LineUse.Write(counts));
        Assert.Equal(counts, LineUse.Read(LineUse.Write(counts)));
        Assert.Empty(LineUse.Read(""));
    }

    /// <summary>Ten calls a second, evenly, from 5 s to 7 s.</summary>
    [Theory]
    [InlineData(6_990_000, 10)]
    [InlineData(7_000_000, 10)]
    [InlineData(7_500_000, 5)]
    [InlineData(7_960_000, 0)]
    [InlineData(8_000_000, 0)]
    [InlineData(60_000_000, 0)]
    public void R69_The_calls_of_the_last_second_are_those_of_this_one_and_a_share_of_the_one_before(
        long nowMicros, int started)
    {
        var line = new LineCount(1, 0, 0, 0);
        for (var at = 5_000_000; at < 7_000_000; at += 100_000)
        {
            line = line.WithTry(0, at, started: true);
            line = line.WithTry(0, at + 1, started: false);
        }
        Assert.Equal((10, 10), (line.Started, line.StartedBefore));
        Assert.Equal(started, line.StartedInTheLastSecond(nowMicros));
    }
}
