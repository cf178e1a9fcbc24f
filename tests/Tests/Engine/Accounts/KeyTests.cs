using Dapper;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Storage;
using Xunit;

namespace Tollkeeper.Tests.Engine.Accounts;

public sealed class KeyTests
{
    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task A_key_opens_with_its_whole_text_and_nothing_else(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var provider = await new House(test.Database, clock).Provider();
        var key = (await new IssueKey(test.Database, clock).Run(KeyHolder.Switch(provider.No), "test")).Value;
        var text = key.Reveal();
        var node = new KeysInForce(test.Database, clock);
        for (var round = 0; round < 2; round++)
        {
            var found = (await node.Find(text)).Value;
            Assert.Equal((KeyKind.Switch, provider.No, null), (found.Kind, found.ProviderNo, found.AccountNo));
            var otherSecret = text[..^2] + (text[^2] == 'A' ? "BA" : "AA");
            Assert.Equal(Refusal.UnknownKey, (await node.Find(otherSecret)).Refused?.Refusal);
            Assert.Equal(Refusal.UnknownKey,
                (await node.Find(text.Replace("tk_switch", "tk_operator"))).Refused?.Refusal);
            Assert.Equal(Refusal.UnknownKey, (await node.Find(text + "A")).Refused?.Refusal);
            Assert.Equal(Refusal.UnknownKey, (await node.Find(null)).Refused?.Refusal);
        }
        Assert.DoesNotContain(text, key.ToString(), StringComparison.Ordinal);
    }

    [BothDatabases]
    public async Task The_secret_itself_is_not_kept(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var key = (await new IssueKey(test.Database, clock).Run(KeyHolder.Operator, "test")).Value;
        await using var connection = await test.Database.Connect();
        var stored = await connection.QuerySingleAsync<byte[]>("select secret_sha256 from access_key");
        Assert.Equal(key.SecretSha256(), stored);
        Assert.Equal(32, stored.Length);
    }

    [BothDatabases]
    public async Task An_accounts_key_knows_its_account_and_provider(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var house = new House(test.Database, clock);
        var provider = await house.Provider();
        var account = await house.Account(provider, (await house.Deck(provider)).No);
        var issue = new IssueKey(test.Database, clock);
        var key = (await issue.Run(KeyHolder.Account(account.No), "test")).Value;
        var found = (await new KeysInForce(test.Database, clock).Find(key.Reveal())).Value;
        Assert.Equal((provider.No, account.No), (found.ProviderNo, found.AccountNo));
        Assert.Equal(Refusal.UnknownAccount, (await issue.Run(KeyHolder.Account(99), "test")).Refused?.Refusal);
        Assert.Equal(Refusal.UnknownProvider, (await issue.Run(KeyHolder.Switch(99), "test")).Refused?.Refusal);
    }

    [BothDatabases]
    public async Task A_revoked_key_opens_nothing_on_any_node_after_the_next_poll(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var otherDatabase = test.OpenAgain();
        var (here, there) = (new KeysInForce(test.Database, clock), new KeysInForce(otherDatabase, clock));
        var key = (await new IssueKey(test.Database, clock).Run(KeyHolder.Operator, "test")).Value;
        var kept = (await new IssueKey(test.Database, clock).Run(KeyHolder.Operator, "test")).Value;
        await Poll();
        foreach (var node in new[] { here, there }) Assert.True((await node.Find(key.Reveal())).Accepted);

        var revoke = new RevokeKey(test.Database, clock);
        Assert.Equal(clock.Now, (await revoke.Run(key.IdPart, "test")).Value.RevokedAt);
        Assert.Equal(Refusal.UnknownKey, (await revoke.Run("unknown", "test")).Refused?.Refusal);
        await Poll();
        foreach (var node in new[] { here, there })
        {
            Assert.Equal(Refusal.KeyRevoked, (await node.Find(key.Reveal())).Refused?.Refusal);
            Assert.True((await node.Find(kept.Reveal())).Accepted);
        }

        async Task Poll()
        {
            await using var connection = await test.Database.Connect();
            var revision = (await RevisionStore.All(connection, default))[(int)Watched.Key];
            await here.Refresh(revision, default);
            await there.Refresh(revision, default);
        }
    }

    [BothDatabases]
    public async Task When_keys_were_used_is_written_a_part_at_a_time_and_not_by_whoever_polls(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var provider = await new House(test.Database, clock).Provider();
        var issue = new IssueKey(test.Database, clock);
        var keys = new List<KeyText>();
        for (var i = 0; i <= KeysInForce.MostUsesAtOnce; i++)
            keys.Add((await issue.Run(KeyHolder.Switch(provider.No), "test")).Value);
        await using var rules = await RulesInForce.Load(test.Database, clock);
        foreach (var key in keys) Assert.True((await rules.Keys.Find(key.Reveal())).Accepted);
        await rules.Poll();
        Assert.Equal(0, await Used());
        await rules.Keys.WriteUses(default);
        Assert.Equal(KeysInForce.MostUsesAtOnce, await Used());
        await rules.Keys.WriteUses(default);
        Assert.Equal(KeysInForce.MostUsesAtOnce + 1, await Used());

        async Task<long> Used()
        {
            await using var connection = await test.Database.Connect();
            return await connection.ExecuteScalarAsync<long>(
                "select count(*) from access_key where last_used_at_micros is not null");
        }
    }

    [BothDatabases]
    public async Task An_expired_key_makes_room_for_another_and_is_listed_apart(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var house = new House(test.Database, clock);
        var provider = await house.Provider();
        var account = await house.Account(provider, (await house.Deck(provider)).No);
        var (issue, holder) = (new IssueKey(test.Database, clock), KeyHolder.Account(account.No));
        var brief = new KeyTerms("brief", KeyScopes.Balance, clock.Now + Duration.FromHours(1));
        for (var i = 0; i < IssueKey.MostOfAccount; i++)
            Assert.True((await issue.Run(holder, brief, Actor.Named("test"))).Accepted);
        var lasting = brief with { Name = "lasting", ExpiresAt = null };
        Assert.Equal(
            Refusal.TooManyKeys, (await issue.Run(holder, lasting, Actor.Named("test"))).Refused?.Refusal);

        clock.Move(Duration.FromHours(1));
        Assert.True((await issue.Run(holder, lasting, Actor.Named("test"))).Accepted);
        var keys = await KeyStore.Of(test.Database, holder, clock.Now, null, default);
        Assert.Equal("lasting", Assert.Single(keys.InForce).Name);
        Assert.Equal(HeldKeys.MostFormer, keys.Former.Count);
        Assert.All(keys.Former, key => Assert.Equal("brief", key.Name));
    }

    [BothDatabases]
    public async Task A_key_that_somebody_makes_has_a_name(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var issue = new IssueKey(test.Database, clock);
        var provider = await new House(test.Database, clock).Provider();
        foreach (var (name, refusal) in new[]
            { ("", Refusal.FieldEmpty), (new string('x', 61), Refusal.BadText), ("a\u0001", Refusal.BadText) })
        {
            var made = await issue.Run(
                KeyHolder.Switch(provider.No), new KeyTerms(name, KeyScopes.Calls, null), Actor.Named("test"));
            Assert.Equal(refusal, made.Refused?.Refusal);
        }
    }
}
