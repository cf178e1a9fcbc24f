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
