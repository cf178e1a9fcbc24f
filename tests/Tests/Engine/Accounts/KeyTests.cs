using Dapper;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
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
}
