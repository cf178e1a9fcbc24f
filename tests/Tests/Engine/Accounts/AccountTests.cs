using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Rating;
using Xunit;

namespace Tollkeeper.Tests.Engine.Accounts;

public sealed class AccountTests
{
    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task An_account_is_found_by_its_id_and_its_sip_users_within_its_provider_only(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var house = new House(test.Database, clock);
        var (mine, other) = (await house.Provider(), await house.Provider("retail-cad"));
        var account = await house.Account(mine, (await house.Deck(mine)).No, "One", "alice", "bob");
        var directory = new AccountDirectory(test.Database, capacity: 4);
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(account.No, (await directory.Find(mine.No, account.Id.Text)).Value);
            Assert.Equal(account.No, (await directory.Find(mine.No, "alice")).Value);
            Assert.Equal(account.No, (await directory.Find(mine.No, "bob")).Value);
            Assert.Equal(Refusal.UnknownAccount, (await directory.Find(mine.No, "Alice")).Refused?.Refusal);
            Assert.Equal(Refusal.UnknownAccount, (await directory.Find(other.No, "alice")).Refused?.Refusal);
            Assert.Equal(Refusal.UnknownAccount, (await directory.Find(other.No, account.Id.Text)).Refused?.Refusal);
            Assert.Equal(Refusal.UnknownAccount, (await directory.Find(mine.No, "a\0b")).Refused?.Refusal);
        }
    }

    [BothDatabases]
    public async Task The_facts_of_many_accounts_are_read_at_once(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var house = new House(test.Database, clock);
        var provider = await house.Provider("wholesale-usd");
        var (outbound, inbound) = (await house.Deck(provider), await house.Deck(provider, "inbound"));
        var plain = await house.Account(provider, outbound.No);
        var full = (await new CreateAccount(test.Database, clock).Run(new NewAccount(
            provider.No, "Full", AccountType.Postpaid, Currency.Usd, TaxStatus.ExemptNonUs,
            outbound.No, inbound.No, 7, 3, 5_000_000, []))).Value;
        await new SuspendAccount(test.Database, clock).Run(
            full.No, "violation", Directions.Outbound, Actor.Named("staff"));

        await using var connection = await test.Database.Connect();
        await using var transaction = await connection.BeginTransactionAsync();
        var facts = await AccountStore.LoadFacts(connection, transaction, [plain.No, full.No, 999_999]);

        Assert.Equal(2, facts.Count);
        Assert.Equal(
            new AccountFacts(
                plain.No, provider.No, AccountType.Prepaid, Currency.Usd, TaxStatus.NonExempt, Directions.None, false,
                10, 10, outbound.No, null, null),
            facts[plain.No]);
        Assert.Equal(
            new AccountFacts(
                full.No, provider.No, AccountType.Postpaid, Currency.Usd, TaxStatus.ExemptNonUs, Directions.Outbound,
                false,
                7, 3, outbound.No, inbound.No, 5_000_000),
            facts[full.No]);
    }

    [BothDatabases]
    public async Task C20_Each_reason_of_a_suspension_is_cleared_by_itself(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var house = new House(test.Database, clock);
        var provider = await house.Provider();
        var account = await house.Account(provider, (await house.Deck(provider)).No);
        var suspend = new SuspendAccount(test.Database, clock);
        var clear = new ClearSuspension(test.Database, clock);

        Assert.True((await suspend.Run(account.No, "violation", Directions.Outbound, Actor.Named("staff"))).Accepted);
        Assert.True((await suspend.Run(account.No, "fraud", Directions.Both, Actor.Named("staff"))).Accepted);
        Assert.Equal(Refusal.AlreadyExists,
            (await suspend.Run(account.No, "fraud", Directions.Both, Actor.Named("staff"))).Refused?.Refusal);
        Assert.Equal(Refusal.BadText,
            (await suspend.Run(account.No, "", Directions.Both, Actor.Named("staff"))).Refused?.Refusal);
        Assert.Equal(Refusal.UnknownAccount,
            (await suspend.Run(0, "fraud", Directions.Both, Actor.Named("staff"))).Refused?.Refusal);
        Assert.Equal(Directions.Both, await Blocks());

        Assert.Equal(["violation"], (await clear.Run(account.No, "fraud", Actor.Named("staff"))).Value
            .Select(one => one.Reason));
        Assert.Equal(Directions.Outbound, await Blocks());
        Assert.Equal(["violation"], (await clear.Run(account.No, "financial", Actor.Named("payment"))).Value
            .Select(one => one.Reason));
        Assert.Equal(Directions.Outbound, await Blocks());
        Assert.Empty((await clear.Run(account.No, "violation", Actor.Named("staff"))).Value);
        Assert.Equal(Directions.None, await Blocks());
        Assert.True((await suspend.Run(account.No, "violation", Directions.Inbound, Actor.Named("staff"))).Accepted);
        Assert.Equal(Directions.Inbound, await Blocks());

        async Task<Directions> Blocks()
        {
            await using var connection = await test.Database.Connect();
            return (await AccountStore.LoadFacts(connection, null, [account.No]))[account.No].Blocks;
        }
    }

    [BothDatabases]
    public async Task Reasons_set_at_the_same_moment_all_count(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var house = new House(test.Database, clock);
        var provider = await house.Provider();
        var account = await house.Account(provider, (await house.Deck(provider)).No);
        var suspend = new SuspendAccount(test.Database, clock);
        await Task.WhenAll(
            Task.Run(() => suspend.Run(account.No, "violation", Directions.Outbound, Actor.Named("staff"))),
            Task.Run(() => suspend.Run(account.No, "fraud", Directions.Inbound, Actor.Named("staff"))));
        await using var connection = await test.Database.Connect();
        Assert.Equal(Directions.Both,
            (await AccountStore.LoadFacts(connection, null, [account.No]))[account.No].Blocks);
    }

    [BothDatabases]
    public async Task An_account_needs_a_deck_of_its_provider_and_currency(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var house = new House(test.Database, clock);
        var (usd, cad) = (await house.Provider(), await house.Provider("retail-cad"));
        var (usdDeck, cadDeck) = (await house.Deck(usd), await house.Deck(cad));
        var wanted = new NewAccount(
            usd.No, "One", AccountType.Prepaid, Currency.Usd, TaxStatus.NonExempt, usdDeck.No, null, 1, 1, null,
            ["alice"]);
        var create = new CreateAccount(test.Database, clock);
        Assert.Equal(Refusal.UnknownDeck,
            (await create.Run(wanted with { OutboundDeckNo = cadDeck.No })).Refused?.Refusal);
        Assert.Equal(Refusal.CurrencyMismatch,
            (await create.Run(wanted with { Currency = Currency.Cad })).Refused?.Refusal);
        Assert.Equal(Refusal.UnknownProvider, (await create.Run(wanted with { ProviderNo = 99 })).Refused?.Refusal);
        Assert.Equal(Refusal.BadAmount, (await create.Run(wanted with { Channels = -1 })).Refused?.Refusal);
        Assert.Equal(Refusal.BadText, (await create.Run(wanted with { SipUsers = ["acc_x"] })).Refused?.Refusal);
        Assert.True((await create.Run(wanted)).Accepted);
        Assert.Equal(Refusal.AlreadyExists, (await create.Run(wanted)).Refused?.Refusal);
        var cadDeckOfUsd = new NewDeck(usd.No, "cad", Currency.Cad);
        Assert.Equal(Refusal.CurrencyMismatch,
            (await new CreateDeck(test.Database, clock).Run(cadDeckOfUsd)).Refused?.Refusal);
    }
}
