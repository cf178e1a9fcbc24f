using NodaTime;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Taxes;
using Tollkeeper.Taxes;
using Xunit;

namespace Tollkeeper.Tests.Engine.Taxes;

public sealed class FactorTests
{
    static readonly FactorRow Later = new("FUSF", new(2026, 7, 1), new(2026, 10, 1), 371_000, "entered by staff");
    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task TAX_US_02_The_shipped_factors_are_entered_once_and_never_change_what_staff_entered(
        DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var staffs = FactorTable.Shipped.Rows[^1] with { PartsPerMillion = 1, Source = "entered by staff" };
        Assert.Equal(1, (await new AddFactors(test.Database, clock).Run([staffs], "staff")).Value);
        var seed = new SeedFactors(test.Database, clock);
        Assert.Equal(FactorTable.Shipped.Rows.Count - 1, await seed.Run());
        Assert.Equal(0, await seed.Run());
        await using var rules = await RulesInForce.Load(test.Database, clock);
        Assert.Equal([.. FactorTable.Shipped.Rows.SkipLast(1), staffs], rules.Factors.Rows);
    }

    [BothDatabases]
    public async Task A_factor_that_is_entered_counts_on_running_nodes_and_no_day_has_two(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await new SeedFactors(test.Database, clock).Run();
        await using var rules = await RulesInForce.Load(test.Database, clock);
        Assert.Null(rules.Factors.Find("FUSF", Later.From));
        var add = new AddFactors(test.Database, clock);
        Assert.True((await add.Run([Later], "staff")).Accepted);
        var overlapping = Later with { From = Later.To - Period.FromDays(1), To = Later.To + Period.FromDays(1) };
        Assert.Equal(Refusal.AlreadyExists, (await add.Run([overlapping], "staff")).Refused?.Refusal);
        await rules.Poll();
        Assert.Equal(371_000, rules.Factors.Find("FUSF", Later.From));
    }
}
