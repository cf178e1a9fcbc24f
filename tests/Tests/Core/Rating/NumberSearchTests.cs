using Tollkeeper.Providers;
using Tollkeeper.Rating;
using Xunit;

namespace Tollkeeper.Tests.Core.Rating;

public sealed class NumberSearchTests
{
    static readonly DialRules Rules = PolicyPresets.All["retail-usd"].Dialling;

    [Theory]
    [InlineData("+1 514 555-0144", "+15145550144")]
    [InlineData("+1514", "+15145550144")]
    [InlineData("514", "+15145550144")]
    [InlineData("(514) 555", "+15145550144")]
    [InlineData("1514555", "+15145550144")]
    [InlineData("514.555.0144", "+15145550144")]
    [InlineData("011 44 20", "+442079460018")]
    [InlineData("44", "+442079460018")]
    [InlineData("+44", "+442079460018")]
    [InlineData("911", "911")]
    [InlineData("*97", "*97")]
    // A caller's number is kept as the switch sent it.
    [InlineData("514555", "5145550144")]
    [InlineData("+1514555", "15145550144")]
    public void What_people_type_finds_the_number(string typed, string stored) =>
        Assert.Contains(
            NumberSearch.Starts(typed, Rules)!, start => stored.StartsWith(start, StringComparison.Ordinal));

    [Theory]
    [InlineData("514", "+442079460018")]
    [InlineData("+44", "+14465550100")]
    [InlineData("*9", "+1911")]
    [InlineData("0", "+15145550144")]
    public void And_no_other(string typed, string stored) =>
        Assert.DoesNotContain(
            NumberSearch.Starts(typed, Rules)!, start => stored.StartsWith(start, StringComparison.Ordinal));

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("+")]
    [InlineData("abc")]
    [InlineData("514%")]
    [InlineData("' or 1=1")]
    [InlineData("５１４")]
    [InlineData("123456789012345678901234567890")]
    public void What_is_no_beginning_of_a_number_is_none(string typed) =>
        Assert.Null(NumberSearch.Starts(typed, Rules));
}
