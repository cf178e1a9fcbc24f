using NodaTime;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Providers;
using Xunit;

namespace Tollkeeper.Tests.Engine.Providers;

public sealed class ProviderTests
{
    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task A_provider_is_found_by_its_host_and_has_a_policy_at_once(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var provider = await new House(test.Database, clock).Provider("retail-cad");
        var node = new ProvidersInForce();
        await node.Refresh(test.Database, default);
        Assert.Equal(provider, node.ByHost("Retail-CAD.localhost").Value);
        Assert.Equal(Refusal.UnknownProvider, node.ByHost("nobody.localhost").Refused?.Refusal);
        var policy = node.PolicyOf(provider.No, clock.Now).Value;
        Assert.Equal(1, policy.Version);
        Assert.Equal(PolicyPresets.All["retail-cad"].ToJson(), policy.Policy.ToJson());
    }

    [BothDatabases]
    public async Task A_name_or_host_is_taken_once(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await new House(test.Database, clock).Provider();
        var again =
            new NewProvider("other", "retail-usd.localhost", Currency.Usd, PolicyPresets.All["retail-usd"], "test");
        var create = new CreateProvider(test.Database, clock);
        Assert.Equal(Refusal.AlreadyExists, (await create.Run(again)).Refused?.Refusal);
        Assert.Equal(Refusal.BadText, (await create.Run(again with { Host = "Not a host" })).Refused?.Refusal);
        Assert.Equal(Refusal.BadText, (await create.Run(again with { Name = "\0" })).Refused?.Refusal);
    }

    [BothDatabases]
    public async Task A_policy_takes_effect_at_its_date_and_never_sooner_than_a_minute_after_it_is_saved(
        DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var provider = await new House(test.Database, clock).Provider();
        var save = new SavePolicy(test.Database, clock);
        var later = PolicyPresets.All["retail-usd"] with { Alert = new(LowBalanceMicros: 7_000_000) };

        var soon = clock.Now + Duration.FromSeconds(59);
        Assert.Equal(Refusal.PolicyTooSoon, (await save.Run(provider.No, later, soon, "test")).Refused?.Refusal);
        var saved = (await save.Run(provider.No, later, clock.Now + Duration.FromSeconds(60), "test")).Value;

        var node = new ProvidersInForce();
        await node.Refresh(test.Database, default);
        Assert.Equal(2, saved.Version);
        Assert.Equal(1, node.PolicyOf(provider.No, saved.EffectiveFrom - Duration.FromMilliseconds(1)).Value.Version);
        Assert.Equal(2, node.PolicyOf(provider.No, saved.EffectiveFrom).Value.Version);
    }

    [BothDatabases]
    public async Task A_policy_that_cannot_work_is_refused_with_its_key(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var provider = await new House(test.Database, clock).Provider();
        var broken = PolicyPresets.All["retail-usd"] with { Calls = new(0, 800_000, 14_400, 180, 60) };
        var refused = (await new SavePolicy(test.Database, clock).Run(provider.No, broken, null, "test")).Refused;
        Assert.Equal(Refusal.PolicyInvalid, refused?.Refusal);
        Assert.StartsWith("calls.quotaSeconds", refused?.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_policy_of_an_older_release_says_nothing_of_decks_and_is_read()
    {
        var policy = PolicyPresets.All["wholesale-usd"];
        Assert.Equal(new RateDeckRules(7, true), policy.RateDecks);
        var older = System.Text.Json.Nodes.JsonNode.Parse(policy.ToJson())!.AsObject();
        Assert.True(older.Remove("rateDecks"));
        Assert.Equal(new RateDeckRules(7, false), Policy.FromJson(older.ToJsonString()).RateDecks);
        Assert.Contains("rateDecks", PolicyCheck.Problem(policy with { RateDecks = new(91, false) }));
        Assert.Contains("rateDecks", PolicyCheck.Problem(policy with { RateDecks = new(-1, false) }));
    }

    [Fact]
    public void Every_shipped_policy_is_a_sound_one() =>
        Assert.All(PolicyPresets.All.Values, policy => Assert.Null(PolicyCheck.Problem(policy)));

    [BothDatabases]
    public async Task A_switch_is_registered_at_its_first_use_and_keeps_its_number(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var house = new House(test.Database, clock);
        var (one, two) = (await house.Provider(), await house.Provider("retail-cad"));
        var nodes = Enumerable.Range(0, 4).Select(_ => new SwitchDirectory(test.Database, clock)).ToList();
        var numbers = await Task.WhenAll(nodes.Select(node => Task.Run(() => node.Find(one.No, "sbc-1").AsTask())));
        Assert.Single(numbers.Select(number => number.Value).Distinct());
        Assert.NotEqual(numbers[0].Value, (await nodes[0].Find(two.No, "sbc-1")).Value);
        Assert.Equal(Refusal.BadSwitch, (await nodes[0].Find(one.No, "sbc 1")).Refused?.Refusal);
    }

    [BothDatabases]
    public async Task When_a_switch_was_last_seen_is_written_once_a_minute(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var provider = await new House(test.Database, clock).Provider();
        var node = new SwitchDirectory(test.Database, clock);
        var no = (await node.Find(provider.No, "sbc-1")).Value;
        await node.WriteSightings(default);
        var first = clock.Now;
        clock.Move(Duration.FromSeconds(59));
        await node.Find(provider.No, "sbc-1");
        await node.WriteSightings(default);
        Assert.Equal(first, await LastSeen());
        clock.Move(Duration.FromSeconds(1));
        await node.Find(provider.No, "sbc-1");
        await node.WriteSightings(default);
        Assert.Equal(clock.Now, await LastSeen());

        async Task<Instant> LastSeen()
        {
            await using var connection = await test.Database.Connect();
            return await SwitchStore.LastSeen(connection, no);
        }
    }
}
