using Tollkeeper.Rating;
using Xunit;

namespace Tollkeeper.Tests.Rating;

public sealed class CallJurisdictionTests
{
    static readonly NumberingTable Table = NumberingTable.Build(
    [
        new("1212", "NY", "US"), new("1973", "NJ", "US"), new("1416", "ON", "CA"), new("1514", "QC", "CA"),
        new("1787", "PR", "US"), new("1671", "GU", "GU"), new("1876", "JM", "JM"), new("18005551", "NY", "US"),
        new("19735550", "PA", "US"),
    ]);

    [Theory]
    [InlineData("12125550100", "19735560100", RateColumn.Interstate, Jurisdiction.Interstate)]
    [InlineData("12125550100", "12125550100", RateColumn.Intrastate, Jurisdiction.Intrastate)]
    [InlineData("14165550100", "12125550100", RateColumn.Interstate, Jurisdiction.International)]
    [InlineData("12125550100", "14165550100", RateColumn.Interstate, Jurisdiction.International)]
    [InlineData("14165550100", "15145550100", RateColumn.Interstate, Jurisdiction.Interstate)]
    [InlineData("12125550100", "18765550100", RateColumn.Interstate, Jurisdiction.International)]
    [InlineData("12125550100", "17875550100", RateColumn.Indeterminate, Jurisdiction.Indeterminate)]
    [InlineData("16715550100", "12125550100", RateColumn.Indeterminate, Jurisdiction.Indeterminate)]
    [InlineData("18005551234", "12125550100", RateColumn.Indeterminate, Jurisdiction.Indeterminate)]
    [InlineData("12125550100", "18005551234", RateColumn.Indeterminate, Jurisdiction.Indeterminate)]
    [InlineData("", "12125550100", RateColumn.Indeterminate, Jurisdiction.Indeterminate)]
    [InlineData("442071234567", "12125550100", RateColumn.Indeterminate, Jurisdiction.Indeterminate)]
    [InlineData("12125550100", "442071234567", RateColumn.Flat, Jurisdiction.International)]
    public void RATE_05_two_ends_give_a_rate_column_and_a_tax_jurisdiction(
        string caller, string dialled, RateColumn column, Jurisdiction tax) =>
        Assert.Equal(new CallJurisdiction(column, tax), CallJurisdiction.Of(caller, dialled, "", Table));

    [Fact]
    public void RATE_05_the_LRN_of_a_ported_number_decides_and_the_longest_prefix_of_the_table()
    {
        var ported = CallJurisdiction.Of("12125550100", "12125550199", "19735559999", Table);
        Assert.Equal(RateColumn.Interstate, ported.Column);
        Assert.Equal(("PA", "US"), Table.PlaceOf("19735550100"));
        Assert.Equal(("NJ", "US"), Table.PlaceOf("19735560100"));
        Assert.Null(Table.PlaceOf("13125550100"));
    }

    [Theory]
    [InlineData("18005550100", true)]
    [InlineData("18335550100", true)]
    [InlineData("18885550100", true)]
    [InlineData("18115550100", false)]
    [InlineData("18225550100", false)]
    [InlineData("18995550100", false)]
    [InlineData("18475550100", false)]
    [InlineData("18", false)]
    public void Seven_codes_are_toll_free(string number, bool tollFree) =>
        Assert.Equal(tollFree, CallJurisdiction.IsTollFree(number));
}
