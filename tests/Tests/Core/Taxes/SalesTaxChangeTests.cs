using NodaTime;
using Tollkeeper.Taxes;
using Xunit;

namespace Tollkeeper.Tests.Core.Taxes;

/// <summary>What a new rate would change, before anybody enters it.</summary>
public sealed class SalesTaxChangeTests
{
    static readonly LocalDate Today = new(2026, 3, 2);
    static readonly LocalDate Next = new(2027, 1, 1);
    static readonly SalesTaxTable Table = SalesTaxTable.Shipped;

    [Fact]
    public void A_rate_of_the_same_tax_ends_the_one_before_and_touches_nothing_else()
    {
        var draft = new SalesTaxChange("CA-BC", "PST", 80_000, Next, [], "").On(Table, Today).Value;
        Assert.Equal(
            ("PST", 80_000, true),
            (draft.Added.Code, draft.Added.PartsPerMillion, draft.Added.LiftedByResale));
        Assert.Empty(draft.Ended);
        Assert.Equal([50_000, 70_000], Rates(draft.After, "CA-BC", Next.PlusDays(-1)));
        Assert.Equal([50_000, 80_000], Rates(draft.After, "CA-BC", Next));
        Assert.Equal(Table.Rows.Count + 1, draft.After.Rows.Count);
    }

    [Fact]
    public void One_tax_takes_the_place_of_two()
    {
        var draft = new SalesTaxChange("CA-BC", "HST", 120_000, Next, ["GST", "PST"], "").On(Table, Today).Value;
        Assert.Equal(["GST", "PST"], draft.Ended.Select(row => row.Code));
        Assert.Equal([120_000], Rates(draft.After, "CA-BC", Next));
        Assert.False(draft.Added.LiftedByResale);
        Assert.Equal("TVH", draft.Added.CodeFrench);
    }

    [Theory]
    [InlineData("US-NY", "GST", 1, "2027-01-01", "", "", Refusal.BadPlace)]
    [InlineData("CA-BC", "VAT", 1, "2027-01-01", "", "", Refusal.BadText)]
    [InlineData("CA-BC", "PST", 500_001, "2027-01-01", "", "", Refusal.BadTaxRate)]
    [InlineData("CA-BC", "PST", -1, "2027-01-01", "", "", Refusal.BadTaxRate)]
    [InlineData("CA-BC", "PST", 1, "2033-01-01", "", "", Refusal.BadDate)]
    [InlineData("CA-BC", "PST", 1, "2026-03-01", "", "", Refusal.TaxDatePast)]
    [InlineData("CA-BC", "PST", 1, "2013-01-01", "", "late", Refusal.TaxRateStands)]
    [InlineData("CA-BC", "PST", 1, "2027-01-01", "", "a\u0001", Refusal.BadText)]
    [InlineData("CA-BC", "PST", 1, "2027-01-01", "GST", "", Refusal.TaxRateMissing)]
    public void What_makes_no_sense_is_refused(
        string place, string code, int rate, string from, string ends, string reason, Refusal refusal)
    {
        var change = new SalesTaxChange(
            place, code, rate, NodaTime.Text.LocalDatePattern.Iso.Parse(from).Value,
            ends.Length > 0 ? [ends] : [], reason);
        Assert.Equal(refusal, change.On(Table, Today).Refused?.Refusal);
    }

    [Fact]
    public void A_past_day_needs_its_reason_and_today_none()
    {
        var change = new SalesTaxChange("CA-BC", "PST", 60_000, Today.PlusDays(-3), [], "Told late by the province");
        Assert.True(change.On(Table, Today).Accepted);
        Assert.True((change with { From = Today, Reason = "" }).On(Table, Today).Accepted);
    }

    static IEnumerable<int> Rates(SalesTaxTable table, string place, LocalDate day) =>
        table.Of(place, day).Value.Select(tax => tax.PartsPerMillion);
}
