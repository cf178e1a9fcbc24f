using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Tollkeeper.Tests;

public sealed class MoneyTests
{
    [Theory]
    [InlineData("0.012500", 12_500)]
    [InlineData("-0.000001", -1)]
    [InlineData("9223372036854.775807", long.MaxValue)]
    [InlineData("-9223372036854.775808", long.MinValue)]
    public void An_amount_is_written_with_six_decimals_and_read_back(string text, long micros)
    {
        Assert.True(Money.TryParse(text, Currency.Usd, out var money));
        Assert.Equal(micros, money.Micros);
        Assert.Equal(text, money.Amount);
    }
}

public sealed class RoundingTests
{
    [Fact]
    public void RND_01_small_and_large_divisions_round_alike()
    {
        Prop.ForAll<int, int>((numerator, given) =>
        {
            Int128 large = (Int128)1 << 70;
            var denominator = Math.Abs((long)given) + 1;
            foreach (var mode in Enum.GetValues<RoundingMode>())
            {
                // The same fraction, once in 64 bits and once far beyond them.
                Assert.Equal(
                    Rounding.Divide(numerator * large, denominator * large, mode),
                    Rounding.Divide(numerator, denominator, mode));
            }
        }).QuickCheckThrowOnFailure();
    }
}
