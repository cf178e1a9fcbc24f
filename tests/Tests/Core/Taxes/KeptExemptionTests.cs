using NodaTime;
using Tollkeeper.Taxes;
using Xunit;

namespace Tollkeeper.Tests.Core.Taxes;

/// <summary>Exemptions from a province's tax (TAX-CA-04), their numbers (TAX-CA-10) and their proofs (R45).</summary>
public sealed class KeptExemptionTests
{
    static readonly LocalDate Today = new(2026, 2, 10);
    static readonly string[] Regions = ["CA-BC", "CA-MB", "CA-SK"];

    [Theory]
    [InlineData("CA-BC", " pst-1234-5678 ", "PST-1234-5678")]
    [InlineData("CA-BC", "PST 1234-5678", null)]
    [InlineData("CA-BC", "PST-12345678", null)]
    [InlineData("CA-MB", "1234567", "123456-7")]
    [InlineData("CA-MB", "123456-7", "123456-7")]
    [InlineData("CA-MB", "１２３４５６-７", null)]
    [InlineData("CA-SK", "123 4567", "1234567")]
    [InlineData("CA-SK", "123456-7", null)]
    [InlineData("CA-SK", "", null)]
    [InlineData("CA-SK", "<script>", null)]
    [InlineData("CA-SK", "🎈🎈🎈🎈", null)]
    [InlineData("CA-BC", "\u202ePST-1234-5678", null)]
    public void TAX_CA_10_A_number_is_kept_in_one_form_or_refused_at_its_field(string place, string typed, string? kept)
    {
        var claimed = KeptExemption.Claim(place, typed, reviewed: false, Today);
        if (kept is null) Assert.Equal(new Refused(Refusal.BadTaxNumber, "Number"), claimed.Refused);
        else Assert.Equal((kept, ExemptionStatus.Active), (claimed.Value.Number, claimed.Value.Status));
    }

    [Theory]
    [InlineData("CA", "BC", "CA-BC")]
    [InlineData("CA", "SK", "CA-SK")]
    [InlineData("CA", "QC", null)]
    [InlineData("CA", "ON", null)]
    [InlineData("US", "NY", null)]
    [InlineData("", "", null)]
    public void R40_R44_Three_provinces_qualify(string country, string region, string? place) =>
        Assert.Equal(place, KeptExemption.PlaceOf(new TaxPlace(country, region, false), Regions));

    [Fact]
    public void R45_A_certificate_serves_in_British_Columbia_alone_and_waits()
    {
        var claimed = KeptExemption.Claim("CA-BC", null, reviewed: true, Today).Value;
        Assert.Equal((ExemptionStatus.PendingReview, "FIN 490"), (claimed.Status, claimed.Certificate));
        Assert.Equal(
            new Refused(Refusal.ExemptionNotOffered, "File"),
            KeptExemption.Claim("CA-MB", null, reviewed: true, Today).Refused);
    }

    [Fact]
    public void TAX_CA_04_An_exemption_is_over_the_day_after_its_last_one_without_anybody_doing_anything()
    {
        var terms = Number(Today, new LocalDate(2026, 6, 30));
        Assert.Equal(ExemptionStatus.Active, terms.StatusOn(new(2026, 6, 30)));
        Assert.Equal(ExemptionStatus.Expired, terms.StatusOn(new(2026, 7, 1)));
        Assert.Equal(
            ["", "PST-1234-5678", "PST-1234-5678", ""],
            new LocalDate[] { new(2026, 2, 9), new(2026, 2, 10), new(2026, 6, 30), new(2026, 7, 1) }
                .Select(day => terms.Lifts(Pst, day) ?? ""));
        Assert.Null(terms.Lifts(Gst, Today));
    }

    [Fact]
    public void What_was_ended_counted_until_the_day_before_and_what_never_counted_does_not()
    {
        var active = KeptExemption.Of(ExemptionClass.Number, Number(Today, null), Instant.FromUtc(2026, 2, 10, 12, 0));
        var ended = active with
        {
            Terms = active.Terms with { Status = ExemptionStatus.Revoked },
            EndedOn = new(2026, 3, 1),
        };
        Assert.Equal("PST-1234-5678", ended.ForTaxes.Lifts(Pst, new(2026, 2, 28)));
        Assert.Null(ended.ForTaxes.Lifts(Pst, new(2026, 3, 1)));
        Assert.Null((ended with { ActiveAt = null }).ForTaxes.Lifts(Pst, new(2026, 2, 28)));
        Assert.Null((ended with { EndedOn = Today }).ForTaxes.Lifts(Pst, Today));
    }

    [Fact]
    public void C12_C13_Another_reason_lifts_the_one_tax_that_it_is_for()
    {
        var terms = new TaxExemption("CA-ON", null, "Status card 42", false, ExemptionStatus.Active, Today, null)
        {
            TaxCode = "HST",
        };
        var hst = SalesTaxTable.Shipped.Of("CA-ON", Today).Value[0];
        Assert.Equal("Status card 42", terms.Lifts(hst, Today));
        Assert.Null(terms.Lifts(Gst, Today));
        Assert.Null((terms with { Status = ExemptionStatus.PendingReview }).Lifts(hst, Today));
    }

    [Theory]
    [InlineData("2026-02-10", "2026-02-10", null)]
    [InlineData("2025-01-01", null, null)]
    [InlineData("2026-03-01", "2026-02-28", Refusal.DatesReversed)]
    [InlineData("2025-01-01", "2026-02-09", Refusal.DatePast)]
    [InlineData("2009-12-31", null, Refusal.BadDate)]
    [InlineData("2026-02-10", "9999-12-31", Refusal.BadDate)]
    public void Dates_that_say_nothing_are_refused(string from, string? to, Refusal? refusal)
    {
        var pattern = NodaTime.Text.LocalDatePattern.Iso;
        Assert.Equal(refusal, KeptExemption.DatesProblem(
            pattern.Parse(from).Value, to is null ? null : pattern.Parse(to).Value, Today)?.Refusal);
    }

    [Fact]
    public void R45_A_certificate_is_what_its_content_and_its_name_say_it_is()
    {
        byte[] pdf = [.. "%PDF-1.4\n"u8, .. new byte[20], .. "\n%%EOF\n"u8];
        byte[] png =
        [
            0x89, .. "PNG\r\n"u8, 0x1a, 0x0a, 0, 0, 0, 13, .. "IHDR"u8, .. new byte[30], .. "IEND"u8, 0xae, 0x42, 0x60,
            0x82,
        ];
        byte[] jpeg = [0xff, 0xd8, 0xff, 0xe0, .. new byte[20], 0xff, 0xd9];
        foreach (var (name, content, type) in new[]
        {
            ("form.pdf", pdf, "application/pdf"), ("C:\\my files\\Scan.PDF", pdf, "application/pdf"),
            ("a.png", png, "image/png"), ("a.JPG", jpeg, "image/jpeg"), ("a.jpeg", jpeg, "image/jpeg"),
        })
            Assert.Equal((name, type), (name, CertificateFile.Read(name, content).Value.MediaType));
        Assert.Equal("Scan.PDF", CertificateFile.Read("C:\\my files\\Scan.PDF", pdf).Value.Name);
        foreach (var (name, content) in new[]
        {
            ("form.exe", pdf), ("form.png", pdf), ("form.pdf", png), ("form.pdf", "<html>"u8.ToArray()),
            ("form.pdf", "%PDF-1.4 and no end"u8.ToArray()), ("a.png", png[..20]), ("form", pdf), ("a\u0001.pdf", pdf),
            (new string('a', 130) + ".pdf", pdf), ("a.pdf", [.. pdf, .. new byte[CertificateFile.MostBytes], .. pdf]),
        })
            Assert.Equal(
                (name, Refusal.BadCertificate), (name, CertificateFile.Read(name, content).Refused?.Refusal));
        Assert.Equal(Refusal.CertificateMissing, CertificateFile.Read("a.pdf", []).Refused?.Refusal);
        Assert.Equal("exm_a.pdf", CertificateFile.Read("x.pdf", pdf).Value.NameToSave("exm_a"));
    }

    static TaxExemption Number(LocalDate from, LocalDate? to) =>
        new("CA-BC", "PST-1234-5678", null, true, ExemptionStatus.Active, from, to);

    static SalesTaxRow Gst => SalesTaxTable.Shipped.Of("CA-BC", Today).Value[0];

    static SalesTaxRow Pst => SalesTaxTable.Shipped.Of("CA-BC", Today).Value[1];
}
