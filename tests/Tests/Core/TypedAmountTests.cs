using Tollkeeper.Providers;
using Xunit;

namespace Tollkeeper.Tests.Core;

public sealed class TypedAmountTests
{
    [Theory]
    [InlineData("12.50", 12_500_000)]
    [InlineData(" 12.5 ", 12_500_000)]
    [InlineData("0.01", 10_000)]
    [InlineData("1000000000000", TypedAmount.MostMicros)]
    public void Plain_digits_above_zero_are_an_amount(string text, long micros) =>
        Assert.Equal(micros, TypedAmount.Read(text, Currency.Usd).Value.Micros);

    [Theory]
    [InlineData("", Refusal.BadAmount)]
    [InlineData("1e3", Refusal.BadAmount)]
    [InlineData("15,00", Refusal.BadAmount)]
    [InlineData("1 000", Refusal.BadAmount)]
    [InlineData("+5", Refusal.BadAmount)]
    [InlineData("0x10", Refusal.BadAmount)]
    [InlineData("١٥", Refusal.BadAmount)]
    [InlineData("15.", Refusal.BadAmount)]
    [InlineData("1000000000000.01", Refusal.BadAmount)]
    [InlineData("99999999999999999999", Refusal.BadAmount)]
    [InlineData("-5", Refusal.AmountNotPositive)]
    [InlineData("0", Refusal.AmountNotPositive)]
    [InlineData("0.00", Refusal.AmountNotPositive)]
    [InlineData("15.001", Refusal.AmountTooFine)]
    public void Everything_else_is_refused_with_its_sentence(string text, Refusal refusal) =>
        Assert.Equal(refusal, TypedAmount.Read(text, Currency.Usd).Refused?.Refusal);

    [Fact]
    public void Micros_are_an_amount_where_the_rules_say_so() => Assert.Equal(
        15_001_000, TypedAmount.Read("15.001", Currency.Usd, AdjustmentRules.Micros).Value.Micros);
}
