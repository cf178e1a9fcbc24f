using NodaTime;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Providers;
using Tollkeeper.Rating;
using Xunit;

namespace Tollkeeper.Tests.Engine.Rating;

public sealed class DeckTests
{
    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task The_rates_of_a_version_come_in_pages_by_the_digits_that_they_begin_with(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var house = new House(test.Database, clock);
        var provider = await house.Provider();
        var deck = await house.Deck(provider);
        var first = (await Import(test, deck, null, Rate("1", 1), Rate("44", 2), Rate("14", 3), Rate("141", 4))).Value;
        await Import(test, deck, null, Rate("1", 9));
        await using var connection = await test.Database.Connect();
        Assert.Equal(["1", "44"], await Page("", 0));
        Assert.Equal(["14", "141"], await Page("", 2));
        Assert.Equal(["1", "14"], await Page("1", 0));
        Assert.Equal(["141"], await Page("1", 3));
        Assert.Equal([2, 1], (await DeckStore.VersionsOf(connection, deck.No)).Select(saved => saved.Version.Version));
        var listed = Assert.Single(await DeckStore.OfProvider(connection, provider.No));
        Assert.Equal((deck, 2), (listed.Deck, listed.Versions.Count));
        var other = await house.Provider(name: "other");
        Assert.Equal(
            Refusal.UnknownDeck, (await DeckStore.FindById(connection, other.No, deck.Id.Text)).Refused?.Refusal);
        Assert.Equal(deck, (await DeckStore.FindById(connection, provider.No, deck.Id.Text)).Value);

        async Task<IEnumerable<string>> Page(string start, int after) =>
            (await RateStore.Page(connection, first, start, after, 2, default)).Select(row => row.Rate.Prefix);
    }

    [BothDatabases]
    public async Task A_new_deck_is_used_from_its_date_on_every_running_node_without_a_restart(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var otherDatabase = test.OpenAgain();
        var house = new House(test.Database, clock);
        var deck = await house.Deck(await house.Provider());
        Assert.True((await Import(test, deck, null, Rate("1", 100))).Accepted);
        await using var here = await RulesInForce.Load(test.Database, clock);
        await using var there = await RulesInForce.Load(otherDatabase, clock);

        var second = (await Import(test, deck, null, Rate("1", 200), Rate("1416", 300))).Value;
        Assert.Equal(clock.Now + Duration.FromSeconds(60), second.EffectiveFrom);
        foreach (var node in new[] { here, there })
        {
            await node.Poll();
            await node.DecksAreBuilt();
            Assert.Equal((1, 100L), await Price(node, clock.Now));
            Assert.Equal((1, 100L), await Price(node, second.EffectiveFrom - Duration.Epsilon));
            Assert.Equal((2, 300L), await Price(node, second.EffectiveFrom));
        }

        clock.Move(Duration.FromMinutes(10));
        await here.Poll();
        Assert.Equal((2, 300L), await Price(here, clock.Now));
        Assert.Equal((1, 100L), await Price(here, clock.Now - Duration.FromMinutes(10)));

        async Task<(int Version, long E8)> Price(RulesInForce node, Instant at)
        {
            var found = (await node.Decks.Find(deck.No, at)).Value;
            return (found.Version, found.Find("14165550100", at).Value.Rate.PerMinute.E8);
        }
    }

    [BothDatabases]
    public async Task A_deck_takes_effect_a_minute_after_it_is_saved_at_the_earliest_but_its_first_version_at_any_time(
        DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var house = new House(test.Database, clock);
        var deck = await house.Deck(await house.Provider());
        var past = clock.Now - Duration.FromDays(30);
        Assert.Equal(past, (await Import(test, deck, past, Rate("1", 100))).Value.EffectiveFrom);
        var soon = clock.Now + Duration.FromSeconds(59);
        Assert.Equal(Refusal.DeckTooSoon, (await Import(test, deck, soon, Rate("1", 200))).Refused?.Refusal);
        Assert.True((await Import(test, deck, soon + Duration.FromSeconds(1), Rate("1", 200))).Accepted);
    }

    [BothDatabases]
    public async Task An_import_that_is_refused_or_broken_off_leaves_nothing_to_be_seen(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var house = new House(test.Database, clock);
        var deck = await house.Deck(await house.Provider());
        Assert.Equal(Refusal.DeckEmpty, (await Import(test, deck, null)).Refused?.Refusal);
        Assert.Equal(Refusal.DeckZeroRate,
            (await Import(test, deck, null, Rate("1", 100), Rate("2", 0))).Refused?.Refusal);
        Assert.Equal(Refusal.UnknownDeck,
            (await Import(test, deck with { No = 99 }, null, Rate("1", 1))).Refused?.Refusal);

        using var stop = new CancellationTokenSource();
        var many = Enumerable.Range(1_000, 9_000).Select(n => Rate(n.ToString(), n)).ToArray();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new ImportDeck(test.Database, clock).Run(
            new DeckImport(deck.No, Rounding.Micros, false, null, many, "00", "test"), _ => stop.Cancel(),
            ct: stop.Token));

        await using var rules = await RulesInForce.Load(test.Database, clock);
        Assert.Equal(Refusal.NoRate, (await rules.Decks.Find(deck.No, clock.Now)).Refused?.Refusal);
        await using var connection = await test.Database.Connect();
        Assert.Empty(await DeckStore.Versions(connection));
        Assert.Empty(await RateStore.Read(connection, new DeckVersion(deck.No, 1, clock.Now, Rounding.Micros, 0),
            default));
    }

    [BothDatabases]
    public async Task Every_part_of_a_rate_comes_back_as_it_was(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var house = new House(test.Database, clock);
        var deck = await house.Deck(await house.Provider());
        var full = new Rate
        {
            Prefix = "1416",
            Destination = "Toronto, “the six”",
            PerMinute = new PerMinute(123_456_789_012),
            FirstSeconds = 30,
            NextSeconds = 6,
            ConnectFeeMicros = 1,
            MinimumMicros = 2,
            Interstate = new PerMinute(3),
            Intrastate = new PerMinute(4),
            Indeterminate = new PerMinute(5),
            From = clock.Now,
            To = clock.Now + Duration.FromDays(1),
        };
        var blocked = Rate("1900", 0) with { Blocked = true };
        await Import(test, deck, null, full, blocked);
        await using var connection = await test.Database.Connect();
        Assert.Equal([full, blocked],
            await RateStore.Read(connection, Assert.Single(await DeckStore.Versions(connection)), default));
    }

    [BothDatabases]
    public async Task Writers_get_their_turn_while_a_long_deck_is_written(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var otherDatabase = test.OpenAgain();
        var house = new House(test.Database, clock);
        var provider = await house.Provider();
        var deck = await house.Deck(provider);
        var many = Enumerable.Range(1_000_000, 60_000).Select(n => Rate(n.ToString(), n)).ToArray();
        var rows = 0;
        var import = Task.Run(() => new ImportDeck(otherDatabase, clock).Run(
            new DeckImport(deck.No, Rounding.Micros, false, null, many, "00", "test"), n => rows = n));
        var longest = TimeSpan.Zero;
        for (var i = 0; !import.IsCompleted; i++)
        {
            var started = System.Diagnostics.Stopwatch.GetTimestamp();
            var again = new NewDeck(provider.No, deck.Name, deck.Currency);
            var refused = (await new CreateDeck(test.Database, clock).Run(again)).Refused;
            Assert.Equal(Refusal.AlreadyExists, refused?.Refusal);
            var took = System.Diagnostics.Stopwatch.GetElapsedTime(started);
            if (took > longest) longest = took;
            await Task.Delay(5);
        }
        Assert.True((await import).Accepted);
        Assert.Equal(60_000, rows);
        Assert.True(longest < TimeSpan.FromSeconds(2), $"another writer waited {longest.TotalMilliseconds:0} ms");
    }

    static Rate Rate(string prefix, long e8) => SomeRates.Row(prefix, "Somewhere", e8, 6, 6);

    Task<Result<DeckVersion>> Import(TestDatabase test, Deck deck, Instant? from, params Rate[] rates) =>
        new ImportDeck(test.Database, clock)
            .Run(new DeckImport(deck.No, Rounding.Micros, false, from, rates, "00", "test"));
}
