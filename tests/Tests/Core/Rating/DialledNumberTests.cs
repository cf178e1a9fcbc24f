using Tollkeeper.Providers;
using Tollkeeper.Rating;
using Xunit;

namespace Tollkeeper.Tests.Rating;

public sealed class DialledNumberTests
{
    static readonly DialRules Rules = PolicyPresets.All["retail-usd"].Dialling;

    [Theory]
    [InlineData("+14165550100", "+14165550100")]
    [InlineData("14165550100", "+14165550100")]
    [InlineData("4165550100", "+14165550100")]
    [InlineData("(416) 555-0100", "+14165550100")]
    [InlineData("416.555.0100", "+14165550100")]
    [InlineData("011442071234567", "+442071234567")]
    [InlineData("+442071234567", "+442071234567")]
    [InlineData("442071234567", "+442071234567")]
    [InlineData("01114165550100", "+14165550100")]
    [InlineData("+911123456789", "+911123456789")]
    [InlineData("+9111", "+9111")]
    [InlineData("011911123456789", "+911123456789")]
    [InlineData("+870773111632", "+870773111632")]
    public void R103_what_is_dialled_becomes_E164(string dialled, string e164)
    {
        var number = DialledNumber.Read(dialled, Rules).Value;
        Assert.Equal(DialledKind.Number, number.Kind);
        Assert.Equal(e164, number.E164);
        Assert.True(number.Billable);
    }

    [Theory]
    [InlineData("911")]
    [InlineData("933")]
    [InlineData("988")]
    public void Emergency_numbers_are_matched_whole_before_anything_else(string dialled)
    {
        Assert.Equal(new DialledNumber(DialledKind.Emergency, dialled), DialledNumber.Read(dialled, Rules).Value);
        Assert.Equal(DialledKind.Emergency, DialledNumber.Read("+" + dialled, Rules).Value.Kind);
        Assert.NotEqual(DialledKind.Emergency, (DialledNumber.Read("+" + dialled + "1", Rules).Value).Kind);
    }

    [Theory]
    [InlineData("*97")]
    [InlineData("*1")]
    [InlineData("*1234")]
    public void R103_star_codes_are_feature_codes_and_not_billed(string dialled)
    {
        var code = DialledNumber.Read(dialled, Rules).Value;
        Assert.Equal(new DialledNumber(DialledKind.StarCode, dialled), code);
        Assert.False(code.Billable);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("+")]
    [InlineData("*")]
    [InlineData("*674165550100")]
    [InlineData("*97\0")]
    [InlineData("#31#")]
    [InlineData("411")]
    [InlineData("5550100")]
    [InlineData("0")]
    [InlineData("00442071234567")]
    [InlineData("+0442071234567")]
    [InlineData("011")]
    [InlineData("01144")]
    [InlineData("+1416555010")]
    [InlineData("+141655501000")]
    [InlineData("1416555010")]
    [InlineData("+11165550100")]
    [InlineData("+1234567890123456")]
    [InlineData("-14165550100")]
    [InlineData("1416555010O")]
    [InlineData("4165550100\0")]
    [InlineData("4165550100\n")]
    [InlineData("٤١٦٥٥٥٠١٠٠")]
    [InlineData("sip:4165550100@example.test")]
    [InlineData("anonymous")]
    [InlineData("++14165550100")]
    [InlineData("41655501004165550100416555010041655501004165550100")]
    public void What_is_no_number_is_refused(string? dialled) =>
        Assert.Equal(Refusal.BadNumber, DialledNumber.Read(dialled, Rules).Refused!.Refusal);

    [Theory]
    [InlineData("+14165550100", "14165550100")]
    [InlineData("4165550100", "14165550100")]
    [InlineData("anonymous", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    [InlineData("911", null)]
    [InlineData("\ud800", null)]
    public void A_caller_number_that_is_none_is_no_reason_to_refuse(string? sent, string? digits) =>
        Assert.Equal(digits, DialledNumber.CallerDigits(sent, Rules));
}
