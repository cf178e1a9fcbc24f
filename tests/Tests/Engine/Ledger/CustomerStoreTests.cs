using Tollkeeper.Engine.Ledger;
using Xunit;

namespace Tollkeeper.Tests.Engine.Ledger;

public sealed class CustomerStoreTests
{
    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task Customers_come_in_pages_each_once_and_only_those_of_the_provider(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var house = new House(test.Database, clock);
        var (one, other) = (await house.Provider(), await house.Provider(name: "other"));
        var (deck, foreign) = (await house.Deck(one), await house.Deck(other));
        for (var i = 0; i < CustomerStore.PageRows + 7; i++) await house.Account(one, deck.No, $"Customer {i}");
        await house.Account(other, foreign.No, "Customer of another");

        var first = await Page(test, one.No, 0);
        Assert.Equal(CustomerStore.PageRows + 1, first.Count);
        var second = await Page(test, one.No, first[CustomerStore.PageRows - 1].No);
        var all = first.Take(CustomerStore.PageRows).Concat(second).Select(row => row.Name);
        Assert.Equal(Enumerable.Range(0, CustomerStore.PageRows + 7).Select(i => $"Customer {i}"), all);
    }

    [BothDatabases]
    public async Task A_row_has_each_of_the_account_s_wallets(DatabaseKind kind)
    {
        await using var books = await SomeBooks.Keep(kind);
        var provider = (int)await books.Number("select min(no) from provider");
        var rows = await CustomerStore.Page(books.Test.Database, provider, 0, default);
        Assert.NotEmpty(rows);
        foreach (var row in rows)
        {
            Assert.Equal(
                await books.Number($"select count(*) from wallet where account_no = {row.No}"), row.Wallets.Count);
            foreach (var wallet in row.Wallets)
            {
                Assert.Equal(await Kept("balance_micros", row, wallet), wallet.BalanceMicros);
                Assert.Equal(await Kept("held_micros", row, wallet), wallet.HeldMicros);
            }
        }
        Assert.Contains(rows, row => row.Wallets.Any(wallet => wallet.BalanceMicros != 0));

        Task<long> Kept(string column, CustomerRow row, CustomerWallet wallet) => books.Number(
            $"select {column} from wallet where account_no = {row.No} and name = '{wallet.Name}'");
    }

    static Task<IReadOnlyList<CustomerRow>> Page(TestDatabase test, int providerNo, long after) =>
        CustomerStore.Page(test.Database, providerNo, after, default);
}
