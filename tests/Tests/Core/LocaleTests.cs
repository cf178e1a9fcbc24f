using NodaTime;
using Tollkeeper.Providers;
using Xunit;

namespace Tollkeeper.Tests.Core;

/// <summary>How readers of the three languages see figures (R2).</summary>
public sealed class LocaleTests
{
    static readonly DateTimeZone Toronto = BillingZone.Of(new CalendarRules("America/Toronto")).Value;

    [Theory]
    [InlineData(Language.English, 48_137_249, 4, "$48.1372 USD")]
    [InlineData(Language.French, 48_137_249, 4, "48,1372 $ US")]
    [InlineData(Language.Spanish, 48_137_249, 4, "$48.1372 USD")]
    [InlineData(Language.English, 1_234_567_000_000, 2, "$1,234,567.00 USD")]
    [InlineData(Language.French, 1_234_567_000_000, 2, "1 234 567,00 $ US")]
    [InlineData(Language.English, 12_345_000_000, 0, "$12,345 USD")]
    [InlineData(Language.English, 99, 4, "$0.0000 USD")]
    [InlineData(Language.English, -1, 4, "−$0.0001 USD")]
    [InlineData(Language.French, -3_160_000, 2, "−3,16 $ US")]
    [InlineData(Language.English, 0, 6, "$0.000000 USD")]
    [InlineData(Language.English, long.MinValue, 6, "−$9,223,372,036,854.775808 USD")]
    public void R2_An_amount_is_written_as_the_language_writes_it_and_never_rounded_up(
        Language language, long micros, int decimals, string expected) =>
        Assert.Equal(
            expected, Plain(new Locale(language, Toronto).Money(new Money(micros, Currency.Usd), decimals)));

    [Fact]
    public void A_currency_that_is_no_dollar_is_written_by_its_code() =>
        Assert.Equal(
            "1.50 EUR", Plain(new Locale(Language.English, Toronto).Money(new(1_500_000, Currency.Of("EUR")), 2)));

    [Theory]
    [InlineData(Language.English, "Mar 8, 2026 01:30")]
    [InlineData(Language.French, "8 mars 2026 1 h 30")]
    [InlineData(Language.Spanish, "8 mar 2026 01:30")]
    public void R2_An_instant_is_written_in_the_zone_of_the_provider(Language language, string expected) =>
        Assert.Equal(
            expected, Plain(new Locale(language, Toronto).DateAndTime(Instant.FromUtc(2026, 3, 8, 6, 30))));

    [Fact]
    public void R2_The_first_of_a_month_is_an_ordinal_in_French() =>
        Assert.Equal("1er août 2026", new Locale(Language.French, Toronto).Date(new LocalDate(2026, 8, 1)));

    [Theory]
    [InlineData(Language.English, "12.5177%", "1,000.0011")]
    [InlineData(Language.French, "12,5177 %", "1 000,0011")]
    [InlineData(Language.Spanish, "12.5177 %", "1,000.0011")]
    public void R2_A_tax_rate_and_an_amount_before_rounding_are_written_whole(
        Language language, string rate, string amount)
    {
        var locale = new Locale(language, Toronto);
        Assert.Equal(rate, Plain(locale.Percent(125_177)));
        Assert.Equal(amount, Plain(locale.Decimals("1000.0011")));
        Assert.Equal("3", locale.Decimals("3"));
        Assert.Equal("10", locale.Percent(100_000)[..2]);
        Assert.Equal("0", locale.Percent(0)[..1]);
    }

    [Theory]
    [InlineData("+15145550144", "+1 514 555 0144")]
    [InlineData("+442079460018", "+44 2079 460 018")]
    [InlineData("+33199000123", "+33 199 000 123")]
    [InlineData("+88160000000", "+881 600 000 00")]
    [InlineData("+4912", "+49 12")]
    [InlineData("+1", "+1")]
    [InlineData("*97", "*97")]
    [InlineData("anonymous", "anonymous")]
    [InlineData("<script>", "<script>")]
    [InlineData("", "")]
    public void A_number_is_grouped_and_loses_no_digit(string number, string expected)
    {
        Assert.Equal(expected, Plain(Locale.Phone(number)));
        Assert.Equal(number, Plain(Locale.Phone(number)).Replace(" ", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, "0:00")]
    [InlineData(271, "4:31")]
    [InlineData(3_723, "1:02:03")]
    public void A_length_is_minutes_and_seconds(long seconds, string expected) =>
        Assert.Equal(expected, Locale.Length(seconds));

    [Theory]
    [InlineData(1_250_000, "0.0125")]
    [InlineData(123_456_789, "1.23456789")]
    [InlineData(450_000_000, "4.5000")]
    public void A_price_per_minute_keeps_every_digit_that_matters(long e8, string expected) =>
        Assert.Equal(expected, new Locale(Language.English, Toronto).PerMinute(e8));

    [Theory]
    [InlineData("fr-CA,fr;q=0.9,en;q=0.8", Language.French)]
    [InlineData("de, es;q=0.5, en;q=0.4", Language.Spanish)]
    [InlineData("en;q=0.1, es;q=bad", Language.English)]
    [InlineData("de", null)]
    [InlineData("", null)]
    public void R2_The_language_that_the_browser_prefers_is_found(string header, Language? expected) =>
        Assert.Equal(expected, Languages.Accepted(header));

    /// <summary>Fixed and narrow spaces as plain ones, so that the expected texts can be read.</summary>
    static string Plain(string text) =>
        text.Replace('\u00a0', ' ').Replace('\u202f', ' ');
}
