using NodaTime;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Taxes;
using Tollkeeper.Taxes;
using Xunit;

namespace Tollkeeper.Tests.Engine.Taxes;

public sealed class SalesTaxTests
{
    static readonly LocalDate NextYear = new(2027, 1, 1);
    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task TAX_CA_01_The_shipped_rates_are_entered_once_and_never_change_what_staff_entered(
        DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var staffs = SalesTaxTable.Shipped.Rows[0] with { PartsPerMillion = 1 };
        Assert.Equal(1, (await new AddSalesTaxes(test.Database, clock).Run([staffs], [], "staff")).Value);
        var seed = new SeedSalesTaxes(test.Database, clock);
        Assert.Equal(SalesTaxTable.Shipped.Rows.Count - 1, await seed.Run());
        Assert.Equal(0, await seed.Run());
        await using var rules = await RulesInForce.Load(test.Database, clock);
        Assert.Equal([staffs, .. SalesTaxTable.Shipped.Rows.Skip(1)], rules.SalesTaxes.Rows);
    }

    [BothDatabases]
    public async Task A_new_rate_ends_the_one_before_and_counts_on_running_nodes(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await new SeedSalesTaxes(test.Database, clock).Run();
        await using var rules = await RulesInForce.Load(test.Database, clock);
        var now = rules.SalesTaxes.Of("CA-ON", NextYear).Value.Single();
        var add = new AddSalesTaxes(test.Database, clock);
        var rise = now with { PartsPerMillion = 140_000, From = NextYear };
        Assert.True((await add.Run([rise], [], "staff")).Accepted);
        Assert.Equal(Refusal.AlreadyExists, (await add.Run([rise], [], "staff")).Refused?.Refusal);
        await rules.Poll();
        Assert.Equal(130_000, rules.SalesTaxes.Of("CA-ON", NextYear.PlusDays(-1)).Value.Single().PartsPerMillion);
        Assert.Equal(140_000, rules.SalesTaxes.Of("CA-ON", NextYear).Value.Single().PartsPerMillion);
    }

    [BothDatabases]
    public async Task One_tax_gives_way_to_others_and_no_province_is_left_without_a_federal_one(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await new SeedSalesTaxes(test.Database, clock).Run();
        await using var rules = await RulesInForce.Load(test.Database, clock);
        var hst = rules.SalesTaxes.Of("CA-ON", NextYear).Value.Single();
        var rst = hst with { Code = "RST", PartsPerMillion = 80_000, From = NextYear };
        var gst = hst with { Code = "GST", PartsPerMillion = 50_000, From = NextYear };
        var add = new AddSalesTaxes(test.Database, clock);
        Assert.Equal(
            Refusal.TaxRateMissing, (await add.Run([rst], [(hst, NextYear)], "staff")).Refused?.Refusal);
        Assert.Equal(2, (await add.Run([rst, gst], [(hst, NextYear)], "staff")).Value);
        await rules.Poll();
        Assert.Equal(["GST", "RST"], rules.SalesTaxes.Of("CA-ON", NextYear).Value.Select(tax => tax.Code));
        Assert.Equal("HST", rules.SalesTaxes.Of("CA-ON", NextYear.PlusDays(-1)).Value.Single().Code);
    }

    [BothDatabases]
    public async Task Two_who_enter_the_same_rate_at_once_enter_it_once(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await new SeedSalesTaxes(test.Database, clock).Run();
        var now = SalesTaxTable.Shipped.Of("CA-AB", NextYear).Value.Single();
        var rise = now with { PartsPerMillion = 60_000, From = NextYear };
        var entered = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            new AddSalesTaxes(test.Database, clock).Run([rise], [], "staff")));
        Assert.Single(entered, one => one.Accepted);
    }
}
