using NodaTime;
using Tollkeeper.Taxes;
using Xunit;

namespace Tollkeeper.Tests.Core.Taxes;

public sealed class FactorTableTests
{
    const string Header = "code,effective_from,effective_to_exclusive,factor,source\n";

    [Fact]
    public void The_shipped_factors_follow_one_another_without_a_gap_and_name_their_source()
    {
        var rows = FactorTable.Shipped.Rows;
        Assert.Equal(14, rows.Count);
        Assert.All(rows, row => Assert.Equal("FUSF", row.Code));
        Assert.All(rows, row => Assert.NotEmpty(row.Source));
        foreach (var (row, next) in rows.Zip(rows.Skip(1))) Assert.Equal(row.To, next.From);
    }

    [Fact]
    public void TAX_US_02_Days_before_and_after_the_table_have_no_factor()
    {
        Assert.Null(FactorTable.Shipped.Find("FUSF", new LocalDate(2022, 12, 31)));
        Assert.Equal(326_000, FactorTable.Shipped.Find("FUSF", new LocalDate(2023, 1, 1)));
        Assert.Equal(370_000, FactorTable.Shipped.Find("FUSF", new LocalDate(2026, 6, 30)));
        Assert.Null(FactorTable.Shipped.Find("FUSF", new LocalDate(2026, 7, 1)));
        Assert.Null(FactorTable.Shipped.Find("STX", new LocalDate(2026, 6, 30)));
    }

    [Theory]
    [InlineData("FUSF,2026-01-01,2026-04-01,0.3760001,x")]
    [InlineData("FUSF,2026-01-01,2026-04-01,-0.376,x")]
    [InlineData("FUSF,2026-04-01,2026-01-01,0.376,x")]
    [InlineData("FUSF,2026-13-01,2026-04-01,0.376,x")]
    [InlineData("FUSF,2026-01-01,2026-04-01,0.376")]
    [InlineData("FUSF,2026-01-01,2026-04-01,0.376,x\nFUSF,2026-03-31,2026-07-01,0.370,x")]
    public void A_table_with_a_bad_or_overlapping_row_is_not_read(string rows) =>
        Assert.Throws<FormatException>(() => FactorTable.Parse(Header + rows));
}
