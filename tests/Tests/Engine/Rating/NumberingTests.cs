using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Rating;
using Xunit;

namespace Tollkeeper.Tests.Engine.Rating;

public sealed class NumberingTests
{
    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task A_new_table_replaces_the_old_one_whole(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var rules = await RulesInForce.Load(test.Database, clock);
        Assert.Equal(0, rules.Numbering.Count);
        var import = new ImportNumbering(test.Database, clock);
        Assert.Equal(Refusal.DeckEmpty, (await import.Run([], "00", "test")).Refused?.Refusal);
        NumberingEntry[] first = [new("1416555", "ON", "CA"), new("1201200", "NY", "US"), new("1201200", "NJ", "US")];
        Assert.Equal(2, (await import.Run(first, "00", "test")).Value);
        await rules.Poll();
        Assert.Equal(("NJ", "US"), rules.Numbering.PlaceOf("12012000000"));

        Assert.Equal(1, (await import.Run([new("1416555", "QC", "CA")], "00", "test")).Value);
        await rules.Poll();
        Assert.Equal(("QC", "CA"), rules.Numbering.PlaceOf("14165550100"));
        Assert.Null(rules.Numbering.PlaceOf("12012000000"));
    }
}
