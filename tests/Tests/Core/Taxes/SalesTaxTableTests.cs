using NodaTime;
using NodaTime.Text;
using Tollkeeper.Taxes;
using Tollkeeper.Tests.Golden;
using Xunit;

namespace Tollkeeper.Tests.Core.Taxes;

public sealed class SalesTaxTableTests
{
    /// <summary>Each province on the days around every change, as its laws say.</summary>
    [Theory]
    [InlineData("AB", "2010-01-01", "GST 50000")]
    [InlineData("AB", "2026-11-22", "GST 50000")]
    [InlineData("NT", "2026-11-22", "GST 50000")]
    [InlineData("NU", "2026-11-22", "GST 50000")]
    [InlineData("YT", "2026-11-22", "GST 50000")]
    [InlineData("BC", "2010-06-30", "GST 50000, PST 70000")]
    [InlineData("BC", "2010-07-01", "HST 120000")]
    [InlineData("BC", "2013-03-31", "HST 120000")]
    [InlineData("BC", "2013-04-01", "GST 50000, PST 70000")]
    [InlineData("MB", "2013-06-30", "GST 50000, RST 70000")]
    [InlineData("MB", "2013-07-01", "GST 50000, RST 80000")]
    [InlineData("MB", "2019-06-30", "GST 50000, RST 80000")]
    [InlineData("MB", "2019-07-01", "GST 50000, RST 70000")]
    [InlineData("MB", "2020-07-01", "GST 50000, RST 70000")]
    [InlineData("MB", "2026-11-22", "GST 50000, RST 70000")]
    [InlineData("NB", "2016-06-30", "HST 130000")]
    [InlineData("NB", "2016-07-01", "HST 150000")]
    [InlineData("NL", "2016-06-30", "HST 130000")]
    [InlineData("NL", "2016-07-01", "HST 150000")]
    [InlineData("NS", "2010-06-30", "HST 130000")]
    [InlineData("NS", "2010-07-01", "HST 150000")]
    [InlineData("NS", "2025-03-31", "HST 150000")]
    [InlineData("NS", "2025-04-01", "HST 140000")]
    [InlineData("ON", "2010-06-30", "GST 50000, RST 80000")]
    [InlineData("ON", "2010-07-01", "HST 130000")]
    [InlineData("PE", "2013-03-31", "GST 50000, PST 100000 on GST")]
    [InlineData("PE", "2013-04-01", "HST 140000")]
    [InlineData("PE", "2016-09-30", "HST 140000")]
    [InlineData("PE", "2016-10-01", "HST 150000")]
    [InlineData("QC", "2010-12-31", "GST 50000, QST 75000 on GST")]
    [InlineData("QC", "2011-01-01", "GST 50000, QST 85000 on GST")]
    [InlineData("QC", "2012-12-31", "GST 50000, QST 95000 on GST")]
    [InlineData("QC", "2013-01-01", "GST 50000, QST 99750")]
    [InlineData("SK", "2017-03-22", "GST 50000, PST 50000")]
    [InlineData("SK", "2017-03-23", "GST 50000, PST 60000")]
    public void TAX_CA_01_A_province_has_its_rates_of_the_day(string province, string date, string rates)
    {
        var taxes = SalesTaxTable.Shipped.Of("CA-" + province, DateOf(date)).Value;
        Assert.Equal(rates, string.Join(", ", taxes.Select(tax =>
            $"{tax.Code} {tax.PartsPerMillion}{(tax.Base == TaxedOn.NetPlusGst ? " on GST" : "")}")));
    }

    [Fact]
    public void The_shipped_table_is_the_one_that_was_reviewed() => Assert.Equal(
        File.ReadAllText(Path.Combine(Repository.Root, "tests", "Tests", "Golden", "ca-tax-rates.csv")),
        File.ReadAllText(Path.Combine(Repository.Root, "src", "Core", "Taxes", "ca-tax-rates.csv")));

    [Theory]
    [InlineData("CA-ON", "2009-12-31")]
    [InlineData("CA-XX", "2026-11-22")]
    public void A_place_or_day_without_a_rate_is_refused_and_never_untaxed(string place, string date) => Assert.Equal(
        Refusal.TaxRateMissing, SalesTaxTable.Shipped.Of(place, DateOf(date)).Refused?.Refusal);

    [Theory]
    [InlineData("PE", "2012-05-01", "5.00, 10.50")]
    [InlineData("QC", "2012-05-01", "5.00, 9.98")]
    [InlineData("QC", "2026-05-01", "5.00, 9.98")]
    public void TAX_CA_13_A_tax_on_a_tax_is_taken_of_what_was_not_rounded(string province, string date, string taxes)
    {
        var rows = SalesTaxTable.Shipped.Of("CA-" + province, DateOf(date)).Value;
        var quote = TaxQuote.OnTop(new Money(100_000_000, Currency.Cad), rows, _ => null);
        Assert.Equal(taxes, string.Join(", ", quote.Lines.Select(line =>
            FixedPoint.Write(line.Amount.Micros / Money.MicrosPerCent, 2))));
    }

    [Fact]
    public void TAX_CA_06_TAX_CA_07_No_cent_is_lost_whatever_is_paid_and_however_it_comes_back()
    {
        var random = new Random(20261122);
        var places = SalesTaxTable.Shipped.Rows.Select(row => row.Place).Distinct().ToList();
        for (var n = 0; n < 20_000; n++)
        {
            var date = new LocalDate(2010, 1, 1).PlusDays(random.Next(6_000));
            var rows = SalesTaxTable.Shipped.Of(places[random.Next(places.Count)], date).Value;
            var sum = new Money(random.NextInt64(1, 1_000_000) * Money.MicrosPerCent, Currency.Cad);
            var quote = random.Next(2) == 0
                ? TaxQuote.OnTop(sum, rows, _ => null)
                : TaxQuote.Inside(sum, rows, _ => null);
            Assert.True(quote.Total == sum || quote.Base == sum);
            Assert.All(quote.Lines, line => Assert.Equal(0, line.Amount.Micros % Money.MicrosPerCent));
            var (before, back) = (Money.Zero(Currency.Cad), Money.Zero(Currency.Cad));
            while (before < quote.Base)
            {
                var left = (quote.Base - before).Micros / Money.MicrosPerCent;
                var part = new Money(random.NextInt64(1, left + 1) * Money.MicrosPerCent, Currency.Cad);
                var refund = quote.Refund(before, part);
                Assert.All(refund.Lines, line => Assert.True(line.Amount.Micros >= 0));
                (before, back) = (before + part, back + refund.Total);
            }
            Assert.Equal(quote.Total, back);
        }
    }

    [Fact]
    public void TAX_CA_15_R39_A_tax_is_charged_while_the_provider_is_registered_for_it()
    {
        var registrations = new TaxRegistrations(
        [
            new TaxRegistration(TaxRegister.GstHst, "123026635RT0001", new(2015, 1, 1), null),
            new TaxRegistration(TaxRegister.BcPst, "PST-1234-5678", new(2022, 4, 1), new(2026, 6, 30)),
        ]);
        Assert.Equal("GST", Charged(new(2022, 3, 31)));
        Assert.Equal("GST, PST", Charged(new(2022, 4, 1)));
        Assert.Equal("GST, PST", Charged(new(2026, 6, 30)));
        Assert.Equal("GST", Charged(new(2026, 7, 1)));
        Assert.Equal("", Charged(new(2014, 12, 31)));

        string Charged(LocalDate date) => string.Join(", ", SalesTaxTable.Shipped.Of("CA-BC", date).Value
            .Where(tax => registrations.For(tax, date) is not null).Select(tax => tax.Code));
    }

    [Theory]
    [InlineData(TaxRegister.MbRst, " 1234567 ", "123456-7")]
    [InlineData(TaxRegister.BcPst, "pst-1234-5678", "PST-1234-5678")]
    [InlineData(TaxRegister.GstHst, "123026635 rt 0001", "123026635RT0001")]
    [InlineData(TaxRegister.SkPst, "1234567", "1234567")]
    public void TAX_CA_10_A_number_is_stored_in_one_form(TaxRegister register, string typed, string stored)
    {
        Assert.Equal(stored, TaxNumber.Normal(register, typed));
        Assert.True(TaxNumber.Fits(register, stored));
    }

    [Theory]
    [InlineData("PST-1234-5678\n")]
    [InlineData("PST-١٢٣٤-5678")]
    public void A_number_of_other_digits_or_with_a_line_end_is_none(string number) =>
        Assert.False(TaxNumber.Fits(TaxRegister.BcPst, number));

    [Fact]
    public void Rates_that_overlap_or_end_before_they_begin_are_no_table()
    {
        var row = SalesTaxTable.Shipped.Rows[0];
        Assert.Throws<FormatException>(() => new SalesTaxTable([row, row with { From = row.From.PlusDays(1) }]));
        Assert.Throws<FormatException>(() => new SalesTaxTable([row with { To = row.From }]));
        Assert.Throws<FormatException>(() => new SalesTaxTable([row with { PartsPerMillion = -1 }]));
    }

    static LocalDate DateOf(string text) => LocalDatePattern.Iso.Parse(text).Value;
}
