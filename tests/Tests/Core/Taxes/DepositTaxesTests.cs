using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Providers;
using Tollkeeper.Taxes;
using Xunit;

namespace Tollkeeper.Tests.Core.Taxes;

public sealed class DepositTaxesTests
{
    static readonly LocalDate Day = new(2026, 2, 10);
    static readonly Money Hundred = new(100_000_000, Currency.Cad);

    static readonly TaxRegistrations Everywhere = new(
    [
        new(TaxRegister.GstHst, "123026635RT0001", new(2010, 1, 1), null),
        new(TaxRegister.Qst, "1234567890TQ0001", new(2010, 1, 1), null),
        new(TaxRegister.BcPst, "PST-1234-5678", new(2022, 4, 1), null),
        new(TaxRegister.MbRst, "123456-7", new(2022, 4, 1), null),
        new(TaxRegister.SkPst, "1234567", new(2022, 4, 1), null),
    ]);

    static readonly DepositTaxes Taxes = new(
        PolicyPresets.All["retail-cad"].Tax, SalesTaxTable.Shipped, Everywhere, []);

    [Theory]
    [InlineData("CA", "ON", "113.000000 CAD")]
    [InlineData("CA", "QC", "114.980000 CAD")]
    [InlineData("CA", "BC", "112.000000 CAD")]
    [InlineData("US", "NY", "100.000000 CAD")]
    [InlineData("FR", "", "100.000000 CAD")]
    public void R43_TAX_CA_12_A_deposit_bears_the_taxes_of_its_place(string country, string region, string total) =>
        Assert.Equal(total, $"{Taxes.OnTop(Hundred, new TaxPlace(country, region, false), Day).Value.Total}");

    [Theory]
    [InlineData("", "")]
    [InlineData("CA", "")]
    [InlineData("CA", "NY")]
    public void A_place_that_is_not_known_is_refused_and_never_untaxed(string country, string region) => Assert.Equal(
        Refusal.BadPlace, Taxes.OnTop(Hundred, new TaxPlace(country, region, false), Day).Refused?.Refusal);

    [Fact]
    public void R39_TAX_CA_15_Before_the_provider_was_registered_there_is_no_provincial_tax()
    {
        var place = new TaxPlace("CA", "BC", false);
        Assert.Equal(105_000_000, Taxes.OnTop(Hundred, place, new(2022, 3, 31)).Value.Total.Micros);
        Assert.Equal(112_000_000, Taxes.OnTop(Hundred, place, new(2022, 4, 1)).Value.Total.Micros);
        // Money that holds its tax holds none that may not be charged.
        var sum = new Money(105_000_000, Currency.Cad);
        Assert.Equal(Hundred, Taxes.Inside(sum, place, new(2022, 3, 31)).Value.Base);
    }

    [Fact]
    public void R40_R42_A_reseller_is_not_charged_the_provincial_tax_and_the_line_says_why()
    {
        var exempt = Taxes with
        {
            Exemptions =
            [
                new("CA-BC", "PST-1234-5678", null, true, ExemptionStatus.Active, new(2026, 1, 1), new(2026, 6, 30)),
            ],
        };
        var quote = exempt.OnTop(Hundred, new TaxPlace("CA", "BC", false), Day).Value;
        Assert.Equal(105_000_000, quote.Total.Micros);
        Assert.Equal(["", "PST-1234-5678"], quote.Lines.Select(line => line.ExemptBy ?? ""));
        Assert.Equal(
            112_000_000, exempt.OnTop(Hundred, new TaxPlace("CA", "BC", false), new(2026, 7, 1)).Value.Total.Micros);
        Assert.Equal(
            112_000_000, exempt.OnTop(Hundred, new TaxPlace("CA", "MB", false), Day).Value.Total.Micros);
    }

    [Fact]
    public void C10_Where_usage_is_taxed_deposits_are_not()
    {
        var usage = Taxes with { Rules = PolicyPresets.All["wholesale-usd"].Tax };
        Assert.Empty(usage.OnTop(Hundred, new TaxPlace("CA", "ON", false), Day).Value.Lines);
    }

    [Fact]
    public void R63_R64_The_service_address_decides_and_another_billing_province_is_marked()
    {
        var (quebec, ontario) = (In("CA", "QC"), In("CA", "ON"));
        Assert.Equal(new TaxPlace("CA", "QC", false), TaxPlace.Of(Profile.Empty with { Service = quebec }));
        Assert.Equal(
            new TaxPlace("CA", "QC", true), TaxPlace.Of(Profile.Empty with { Service = quebec, Billing = ontario }));
        Assert.Equal(
            new TaxPlace("CA", "ON", false),
            TaxPlace.Of(Profile.Empty with { Service = Address.Empty with { Country = "US" }, Billing = ontario }));
        Assert.Equal(new TaxPlace("", "", false), TaxPlace.Of(Profile.Empty));
    }

    static Address In(string country, string region) => new("1 Rue", "", "Ville", region, "H2Y 1C6", country);
}
