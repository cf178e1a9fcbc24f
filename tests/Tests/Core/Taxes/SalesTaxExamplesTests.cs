using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using Tollkeeper.Taxes;
using Tollkeeper.Tests.Golden;
using Xunit;

namespace Tollkeeper.Tests.Core.Taxes;

/// <summary>The worked examples of Canadian taxes, to the cent.</summary>
public sealed class SalesTaxExamplesTests
{
    [Fact]
    public void R40_R43_TAX_CA_01_04_Each_worked_deposit_bears_its_taxes()
    {
        var examples = WorkedExamples.WithInputs("province", "tax_date", "deposit_base_cents", "reseller");
        Assert.True(examples.Count >= 9);
        foreach (var (example, given, expected) in Cases(examples))
        {
            var quote = OnTop(given, DateOf(given.Text("tax_date")));
            Check(example, expected, quote);
            if (expected["provincial_tax_exempt"] is { } exempt)
                Assert.Equal(exempt.GetValue<bool>(), quote.Lines.Any(line => line.ExemptBy is not null));
        }
    }

    [Fact]
    public void TAX_CA_03_The_day_of_capture_decides_the_rate()
    {
        var examples = WorkedExamples.WithInputs("province", "payment_captured_at", "deposit_base_cents");
        Assert.NotEmpty(examples);
        foreach (var (example, given, expected) in Cases(examples))
        {
            var captured = InstantPattern.ExtendedIso.Parse(given.Text("payment_captured_at")).Value;
            foreach (var zone in new[] { "America/St_Johns", "America/Toronto", "America/Vancouver" })
            {
                var date = captured.InZone(DateTimeZoneProviders.Tzdb[zone]).Date;
                Assert.Equal(DateOf(expected.Text("tax_date")), date);
                Check(example, expected, OnTop(given, date));
            }
        }
    }

    [Fact]
    public void TAX_CA_05_HST_is_rounded_in_one_part()
    {
        var examples = WorkedExamples.WithInputs("province", "base_cents", "combined_rate");
        Assert.NotEmpty(examples);
        foreach (var (example, given, expected) in Cases(examples))
        {
            Assert.Equal("combined", expected.Text("platform_default"));
            var quote = TaxQuote.OnTop(
                Cents(given, "base_cents"), Table(given, new LocalDate(2026, 2, 10)), _ => null);
            Assert.Equal(
                (example, expected["mode_combined"]!.AsObject().Int("hst_cents")), (example, Count(quote.Tax)));
        }
    }

    [Fact]
    public void TAX_CA_06_Every_cent_of_money_that_holds_its_tax_has_its_place()
    {
        var examples = WorkedExamples.WithInputs("province", "tax_date", "received_gross_cents");
        Assert.NotEmpty(examples);
        foreach (var (example, given, expected) in Cases(examples))
        {
            var sum = Cents(given, "received_gross_cents");
            var quote = TaxQuote.Inside(sum, Table(given, DateOf(given.Text("tax_date"))), _ => null);
            Check(example, expected, quote);
            Assert.Equal((example, sum), (example, quote.Total));
        }
    }

    [Fact]
    public void TAX_CA_07_The_last_of_several_refunds_closes_exactly()
    {
        var examples = WorkedExamples.WithInputs("original", "refunds_base_cents");
        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            var (inputs, expected) = (example.Inputs.Object(), example.Expected.Object());
            var original = inputs["original"]!.AsObject();
            var quote = TaxQuote.OnTop(
                Cents(original, "deposit_base_cents"), Table(inputs, DateOf(original.Text("tax_date"))), _ => null);
            var before = Money.Zero(Currency.Cad);
            var sums = quote.Lines.ToDictionary(line => line.Tax.Code, _ => 0);
            foreach (var refund in expected["refunds"]!.AsArray().Select(one => one!.AsObject()))
            {
                var part = Cents(refund, "refund_base_cents");
                var given = quote.Refund(before, part);
                Assert.Equal(refund.Int("refund_total_cents"), Count(given.Total));
                foreach (var line in refund["tax_lines"]!.AsArray().Select(one => one!.AsObject()))
                {
                    var code = line.Text("tax_code");
                    var amount = Count(given.Lines.Single(one => one.Tax.Code == code).Amount);
                    Assert.Equal((code, line.Int("tax_refund_cents")), (code, amount));
                    sums[code] += amount;
                }
                before += part;
            }
            Assert.Equal(
                (expected.Int("total_gst_cents"), expected.Int("total_qst_cents")), (sums["GST"], sums["QST"]));
            Assert.Equal(quote.Base, before);
        }
    }

    [Fact]
    public void TAX_CA_08_A_return_converts_the_base_first()
    {
        var examples = WorkedExamples.WithInputs("province", "deposit_base_cents", "fx_cad_per_usd");
        Assert.NotEmpty(examples);
        foreach (var (_, given, expected) in Cases(examples))
        {
            var amount = new Money(given.Int("deposit_base_cents") * Money.MicrosPerCent, Currency.Usd);
            var quote = TaxQuote.OnTop(amount, Table(given, DateOf(given.Text("tax_date"))), _ => null);
            Assert.Equal(expected.Int("payment_total_cents"), Count(quote.Total));
            Assert.True(FixedPoint.TryRead(given.Text("fx_cad_per_usd"), 8, out var rate));
            var reported = quote.In(Currency.Cad, rate);
            Assert.Equal(expected.Int("base_cad_cents"), Count(reported.Base));
            foreach (var (line, n) in expected["tax_lines"]!.AsArray().Select((one, n) => (one!.AsObject(), n)))
            {
                Assert.Equal(
                    (line.Text("tax_code"), line.Int("tax_usd_cents"), line.Int("tax_cad_cents")),
                    (quote.Lines[n].Tax.Code, Count(quote.Lines[n].Amount), Count(reported.Lines[n].Amount)));
            }
        }
    }

    [Fact]
    public void TAX_CA_09_What_a_document_must_say_goes_by_its_total()
    {
        var examples = WorkedExamples.WithInputs("document_date", "totals_cents");
        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            var date = DateOf(example.Inputs.Object().Text("document_date"));
            foreach (var tier in example.Expected.Object()["tiers"]!.AsArray().Select(one => one!.AsObject()))
            {
                var name = TaxDocumentTiers.Of(tier.Int("total_cents") * Money.MicrosPerCent, date) switch
                {
                    TaxDocumentTier.Under100 => "UNDER_100",
                    TaxDocumentTier.From100Under500 => "FROM_100_UNDER_500",
                    TaxDocumentTier.From500 => "FROM_500",
                };
                Assert.Equal(tier.Text("tier"), name);
            }
        }
    }

    [Fact]
    public void TAX_CA_10_A_registration_number_has_its_form_and_check_digit()
    {
        var examples = WorkedExamples.WithInputs("type", "value");
        Assert.NotEmpty(examples);
        foreach (var (_, given, expected) in Cases(examples))
        {
            var register = given.Text("type") switch
            {
                "GST_HST" => TaxRegister.GstHst,
                "QST" => TaxRegister.Qst,
                "BC_PST" => TaxRegister.BcPst,
                "MB_RST" => TaxRegister.MbRst,
                "SK_PST" => TaxRegister.SkPst,
                var other => throw new NotSupportedException(other),
            };
            var number = given.Text("value");
            Assert.Equal(
                (number, expected["valid"]!.GetValue<bool>()), (number, TaxNumber.Fits(register, number)));
        }
    }

    [Fact]
    public void TAX_CA_11_A_levy_is_in_the_base_of_the_taxes_on_its_document()
    {
        var examples = WorkedExamples.WithInputs("e911_fee_cents", "municipal_911_tax_cents", "lines");
        Assert.NotEmpty(examples);
        foreach (var (example, given, expected) in Cases(examples))
        {
            var quote = TaxQuote.OnTop(
                Cents(expected, "taxable_base_cents"), Table(given, DateOf(given.Text("tax_date"))), _ => null);
            Assert.Equal(
                (example, expected.Int("gst_cents"), expected.Int("qst_cents"), expected.Int("document_total_cents")),
                (example, Count(quote.Lines[0].Amount), Count(quote.Lines[1].Amount), Count(quote.Total)));
        }
    }

    /// <summary>Each case with what all of an example share.</summary>
    static IEnumerable<(WorkedExample, JsonObject Given, JsonObject Expected)> Cases(
        IEnumerable<WorkedExample> examples)
    {
        foreach (var example in examples)
        {
            foreach (var (given, expected) in example.Cases())
            {
                var all = given.Object();
                foreach (var (name, value) in example.Inputs.Object())
                    if (name != "cases" && !all.ContainsKey(name)) all[name] = value?.DeepClone();
                yield return (example, all, expected.Object());
            }
        }
    }

    static TaxQuote OnTop(JsonObject given, LocalDate date)
    {
        var amount = Cents(given, "deposit_base_cents");
        var exemption = given["exemption_status"] is null ? null : ExemptionOf(given);
        return TaxQuote.OnTop(amount, Table(given, date), tax => exemption?.Lifts(tax, date));
    }

    static TaxExemption ExemptionOf(JsonObject given) => new(
        "CA-" + given.Text("province"), given["provincial_tax_id"]?.GetValue<string>(),
        given["exemption_certificate"]?.GetValue<string>(), given["reseller"]!.GetValue<bool>(),
        given.Text("exemption_status") switch
        {
            "ACTIVE" => ExemptionStatus.Active,
            "PENDING_REVIEW" => ExemptionStatus.PendingReview,
            var other => throw new NotSupportedException(other),
        },
        DateOf(given.Text("exemption_from")),
        given["exemption_to"] is { } to ? DateOf(to.GetValue<string>()) : null);

    static void Check(WorkedExample example, JsonObject expected, TaxQuote quote)
    {
        if (expected["tax_lines"] is { } lines)
        {
            var written = lines.AsArray().Select(one => one!.AsObject()).Select(line => (
                line.Text("tax_code"), line.Text("rate"), line.Int("base_cents"), line.Int("tax_cents"),
                line["exempt"]!.GetValue<bool>()));
            Assert.Equal(written, quote.Lines.Select(line => (
                line.Tax.Code, Rate(line.Tax), Count(line.Base), Count(line.Amount), line.ExemptBy is not null)));
        }
        Assert.Equal((example, expected.Int("tax_total_cents")), (example, Count(quote.Tax)));
        if (expected["payment_total_cents"] is { } total)
            Assert.Equal((example, total.GetValue<int>()), (example, Count(quote.Total)));
        if (expected["balance_credit_cents"] is { } credit)
            Assert.Equal((example, credit.GetValue<int>()), (example, Count(quote.Base)));
    }

    static IReadOnlyList<SalesTaxRow> Table(JsonObject given, LocalDate date) =>
        SalesTaxTable.Shipped.Of("CA-" + given.Text("province"), date).Value;

    static string Rate(SalesTaxRow tax) => FixedPoint.Write(tax.PartsPerMillion, 6).TrimEnd('0');

    static Money Cents(JsonObject holder, string field) =>
        new(holder.Int(field) * Money.MicrosPerCent, Currency.Cad);

    static int Count(Money money) => checked((int)(money.Micros / Money.MicrosPerCent));

    static LocalDate DateOf(string text) => LocalDatePattern.Iso.Parse(text).Value;
}
