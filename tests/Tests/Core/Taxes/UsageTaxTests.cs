using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using Tollkeeper.Accounts;
using Tollkeeper.Charging;
using Tollkeeper.Providers;
using Tollkeeper.Rating;
using Tollkeeper.Taxes;
using Tollkeeper.Tests.Core.Charging;
using Tollkeeper.Tests.Golden;
using Xunit;

namespace Tollkeeper.Tests.Core.Taxes;

public sealed class UsageTaxTests
{
    static readonly TaxRules Usage = PolicyPresets.All["wholesale-usd"].Tax;
    static readonly DateTimeZone NewYork = DateTimeZoneProviders.Tzdb["America/New_York"];
    static readonly Instant Noon = Instant.FromUtc(2026, 5, 12, 15, 0);

    [Fact]
    public void R55_R56_TAX_US_01_Each_worked_call_carries_its_tax_inside()
    {
        var examples = WorkedExamples.WithInputs(
            "tax_mode", "call_start", "duration_s", "initial_s", "increment_s", "fusf_factor", "jurisdiction",
            "rate_per_min", "tax_status");
        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            var inputs = example.Inputs;
            var start = InstantOf(inputs.GetProperty("call_start"));
            Assert.Equal(
                PartsPerMillion(inputs.GetProperty("fusf_factor")),
                FactorTable.Shipped.Find("FUSF", start.InZone(NewYork).Date));
            foreach (var (call, expected) in example.Cases())
            {
                var terms = Terms.Of(
                    call.GetProperty("rate_per_min").GetString()!,
                    inputs.GetProperty("initial_s").GetInt32(),
                    inputs.GetProperty("increment_s").GetInt32());
                var tax = UsageTax.Of(
                    Usage, StatusOf(call), JurisdictionOf(call), start, NewYork, FactorTable.Shipped).Value;
                var charge = Charge.Of(terms with { Tax = tax }, inputs.GetProperty("duration_s").GetInt32());
                Assert.Equal(example.Expected.GetProperty("billed_s").GetInt32(), charge.Price.BilledSeconds);
                Assert.Equal(expected.GetProperty("charge_micros").GetInt64(), charge.ChargeMicros);
                Assert.Equal(expected.GetProperty("fusf_micros").GetInt64(), charge.TaxMicros);
                Assert.Equal(expected.GetProperty("total_micros").GetInt64(), charge.TotalMicros);
            }
        }
    }

    [Fact]
    public void TAX_US_02_The_quarter_of_each_worked_call_is_that_of_its_start_in_the_billing_zone()
    {
        var examples = WorkedExamples.WithInputs(
            "tax_mode", "billing_time_zone", "charge_micros", "factors", "call_start");
        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            var inputs = example.Inputs;
            var zone = BillingZone.Of(new CalendarRules(inputs.GetProperty("billing_time_zone").GetString()!)).Value;
            var table = new FactorTable(inputs.GetProperty("factors").EnumerateArray().Select(RowOf));
            foreach (var (call, expected) in example.Cases())
            {
                var start = InstantOf(call.GetProperty("call_start"));
                var tax = UsageTax.Of(Usage, StatusOf(inputs), JurisdictionOf(inputs), start, zone, table).Value;
                Assert.Equal(PartsPerMillion(expected.GetProperty("factor")), tax.PartsPerMillion);
                Assert.Equal(
                    expected.GetProperty("fusf_micros").GetInt64(),
                    tax.Micros(inputs.GetProperty("charge_micros").GetInt64()));
                Assert.Equal(tax, UsageTax.Of(
                    Usage, StatusOf(inputs), JurisdictionOf(inputs), start, zone, FactorTable.Shipped).Value);
            }
        }
    }

    [Theory]
    [InlineData(TaxStatus.ExemptReseller)]
    [InlineData(TaxStatus.ExemptNonUs)]
    public void R56_R57_TAX_US_04_An_exempt_account_pays_no_tax_even_where_the_factor_is_missing(TaxStatus status) =>
        Assert.Equal(UsageTax.None, UsageTax.Of(
            Usage, status, Jurisdiction.Interstate, Noon, NewYork, new FactorTable([])).Value);

    [Theory]
    [InlineData(Jurisdiction.Interstate, false, false, true)]
    [InlineData(Jurisdiction.Intrastate, true, true, false)]
    [InlineData(Jurisdiction.International, true, false, true)]
    [InlineData(Jurisdiction.International, false, true, false)]
    [InlineData(Jurisdiction.Indeterminate, false, true, true)]
    [InlineData(Jurisdiction.Indeterminate, true, false, false)]
    [InlineData(Jurisdiction.None, false, true, true)]
    public void R55_TAX_US_01_The_base_is_interstate_and_what_the_policy_adds(
        Jurisdiction jurisdiction, bool international, bool indeterminate, bool taxed)
    {
        var rules = Usage with { InternationalTaxed = international, IndeterminateTaxed = indeterminate };
        var tax = UsageTax.Of(rules, TaxStatus.NonExempt, jurisdiction, Noon, NewYork, FactorTable.Shipped).Value;
        Assert.Equal(taxed ? new UsageTax("FUSF", 370_000) : UsageTax.None, tax);
    }

    [Fact]
    public void TAX_US_02_A_quarter_without_a_factor_refuses_the_call_and_is_never_zero()
    {
        var start = Instant.FromUtc(2026, 7, 1, 4, 0);
        Assert.True(Taxed(start - Duration.Epsilon).Accepted);
        Assert.Equal(new Refused(Refusal.TaxRateMissing, "FUSF on 2026-07-01"), Taxed(start).Refused);
    }

    [Theory]
    [InlineData("retail-usd")]
    [InlineData("retail-cad")]
    public void R43_A_provider_that_taxes_elsewhere_takes_no_tax_inside_calls(string preset) =>
        Assert.Equal(UsageTax.None, UsageTax.Of(
            PolicyPresets.All[preset].Tax, TaxStatus.NonExempt, Jurisdiction.Interstate, Noon, NewYork,
            new FactorTable([])).Value);

    static Result<UsageTax> Taxed(Instant start) => UsageTax.Of(
        Usage, TaxStatus.NonExempt, Jurisdiction.Interstate, start, NewYork, FactorTable.Shipped);

    static FactorRow RowOf(JsonElement element)
    {
        var quarter = element.GetProperty("quarter").GetString()!;
        var first = new LocalDate(int.Parse(quarter[..4]), 3 * (quarter[5] - '1') + 1, 1);
        var factor = PartsPerMillion(element.GetProperty("factor"));
        return new FactorRow("FUSF", first, first.PlusMonths(3), factor, quarter);
    }

    static TaxStatus StatusOf(JsonElement element) => element.GetProperty("tax_status").GetString() switch
    {
        "NON_EXEMPT" => TaxStatus.NonExempt,
        "EXEMPT_499_RESELLER" => TaxStatus.ExemptReseller,
        "EXEMPT_NON_US" => TaxStatus.ExemptNonUs,
        var other => throw new FormatException(other),
    };

    static Jurisdiction JurisdictionOf(JsonElement element) =>
        Enum.Parse<Jurisdiction>(element.GetProperty("jurisdiction").GetString()!, ignoreCase: true);

    static Instant InstantOf(JsonElement element) => InstantPattern.ExtendedIso.Parse(element.GetString()!).Value;

    static int PartsPerMillion(JsonElement fraction)
    {
        Assert.True(FixedPoint.TryRead(fraction.GetString(), 6, out var millionths));
        return (int)millionths;
    }
}
