using Dapper;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;
using Tollkeeper.Tests.Engine.Charging;
using Xunit;
using Xunit.Abstractions;

namespace Tollkeeper.Tests.Engine.Ledger;

/// <summary>Money from one own wallet to the other (R51, C8).</summary>
public sealed class MoveBetweenWalletsTests(ITestOutputHelper output)
{
    const string Two = "wholesale-usd";

    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task R51_A_move_stands_in_both_wallets_once_and_each_side_names_the_other(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var desk = await Desk.Open(test.Database, clock, Two);
        var account = await desk.Account(balanceMicros: 10_000_000);
        for (var again = 0; again < 3; again++)
        {
            var moved = await Move(desk, account, WalletName.Outbound, 4_000_000, "k1");
            Assert.Equal((2, 6_000_000), (moved.Value.Seq, moved.Value.Balance.Micros));
        }
        Assert.Equal(
            Refusal.RepeatedDifferently,
            (await Move(desk, account, WalletName.Outbound, 4_000_001, "k1")).Refused?.Refusal);
        var (outbound, inbound) = (await Last(desk, account, WalletName.Outbound),
            await Last(desk, account, WalletName.Inbound));
        Assert.Equal(
            (EntryKind.Transfer, -4_000_000, 6_000_000, "to inbound:1"),
            (outbound.Kind, outbound.AmountMicros, outbound.BalanceMicros, outbound.Reference));
        Assert.Equal(
            (EntryKind.Transfer, 4_000_000, 4_000_000, "from outbound:2"),
            (inbound.Kind, inbound.AmountMicros, inbound.BalanceMicros, inbound.Reference));
        // Moved back: nothing is left between.
        Assert.True((await Move(desk, account, WalletName.Inbound, 4_000_000, "k2")).Accepted);
        await using var connection = await test.Database.Connect();
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>(
            """
            select coalesce(sum(case when debit = '2100-between' then amount_micros else -amount_micros end), 0)
            from posting where debit = '2100-between' or credit = '2100-between'
            """));
        await Audited.Clean(test.Database, "after moves");
    }

    [BothDatabases]
    public async Task What_is_held_or_not_there_is_not_moved_and_a_move_is_not_reversed(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var desk = await Desk.Open(test.Database, clock, Two);
        var account = await desk.Account(balanceMicros: 2_000_000);
        Assert.True((await desk.Start(account)).Accepted);
        var held = (await desk.Wallet(account)).HeldMicros;
        var usd = desk.Provider.Currency;
        foreach (var (from, to, amount, refusal) in new[]
        {
            (WalletName.Outbound, WalletName.Inbound, new Money(2_000_001 - held, usd), Refusal.InsufficientFunds),
            (WalletName.Inbound, WalletName.Outbound, new Money(1, usd), Refusal.InsufficientFunds),
            (WalletName.Outbound, WalletName.Outbound, new Money(1, usd), Refusal.SameWallet),
            (WalletName.Outbound, "pocket", new Money(1, usd), Refusal.UnknownAccount),
            (WalletName.Outbound, WalletName.Inbound, new Money(0, usd), Refusal.AmountNotPositive),
            (WalletName.Outbound, WalletName.Inbound, new Money(-5, usd), Refusal.AmountNotPositive),
            (WalletName.Outbound, WalletName.Inbound, new Money(1, Currency.Cad), Refusal.CurrencyMismatch),
        })
            Assert.Equal(refusal, (await Move(desk, account, from, to, amount, "k")).Refused?.Refusal);
        Assert.True((await Move(desk, account, WalletName.Outbound, 2_000_000 - held, "k")).Accepted);
        var wallet = await desk.Wallet(account, WalletName.Inbound);
        var reversed = await new ReverseEntry(desk.Bookkeeper).Reverse(
            desk.Provider.No, await desk.AccountNo(account), new EntryRef(wallet.No, 1), "oops", 0);
        Assert.Equal(Refusal.NothingToReverse, reversed.Refused?.Refusal);
        await Audited.Clean(test.Database, "after refusals");
    }

    [BothDatabases]
    public async Task A_postpaid_account_moves_within_its_limit_and_tells_what_it_crossed(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var desk = await Desk.Open(test.Database, clock, Two);
        var account = await desk.Account(type: AccountType.Postpaid);
        var accountNo = await desk.AccountNo(account);
        Assert.True((await desk.CreditLimit.Set(new CreditLimitChange(
            desk.Provider.No, accountNo, null, new Money(5_000_000, desk.Provider.Currency), null, null, "l", "sam")))
            .Accepted);
        Assert.Equal(
            Refusal.InsufficientFunds,
            (await Move(desk, account, WalletName.Outbound, 5_000_001, "k1")).Refused?.Refusal);
        Assert.True((await Move(desk, account, WalletName.Outbound, 5_000_000, "k2")).Accepted);
        await using var connection = await test.Database.Connect();
        var crossings = await connection.QueryAsync<(string, int, int)>(
            """
            select w.name, c.kind, c.downwards from crossing c join wallet w on w.no = c.wallet_no
            where c.seq > 0 order by w.no, c.n
            """);
        Assert.Contains((WalletName.Outbound, (int)CrossingKind.CreditLimit, 1), crossings);
        await Audited.Clean(test.Database, "after a postpaid move");
    }

    /// <summary>Any number of moves, repeated and contrary, beside calls on both wallets, by two nodes.</summary>
    [BothDatabases]
    public async Task Moves_and_calls_at_once_lose_nothing_make_nothing_and_keep_every_floor(DatabaseKind kind)
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var test = await TestDatabase.New(kind);
        await using var first = await Desk.Open(test.Database, clock, Two);
        await using var second = await first.Another(test.Database);
        var account = await first.Account(balanceMicros: 5_000_000, channels: 1000, cps: 1000);
        await first.Deposit(account, 3_000_000, wallet: WalletName.Inbound);
        var work = Enumerable.Range(0, 300).Select(n =>
        {
            var desk = random.Next(2) == 0 ? first : second;
            var (from, micros) = (random.Next(2) == 0 ? WalletName.Outbound : WalletName.Inbound,
                random.Next(1, 20) * 100_000L);
            var key = $"k{n / 2}";
            if (random.Next(3) > 0) return (Func<Task>)(async () => await Move(desk, account, from, micros, key));
            var (call, direction) = ($"c{n}", (Directions)(1 + random.Next(2)));
            return async () =>
            {
                if ((await desk.Start(account, call: call, direction: direction)).Accepted)
                    await desk.Finish(call, 30);
            };
        }).ToList();
        await Task.WhenAll(work.Select(each => Task.Run(each)));

        var wallets = await WalletStore.Of(test.Database, await first.AccountNo(account), default);
        await using var connection = await test.Database.Connect();
        var (spent, moves, keys) = await connection.QuerySingleAsync<(long, long, long)>(
            """
            select (select coalesce(sum(charge_micros + tax_micros), 0) from call),
              (select count(*) from entry where kind = 11),
              (select count(*) from entry_key)
            """);
        output.WriteLine($"{moves / 2} moves");
        Assert.Equal(8_000_000 - spent, wallets.Sum(wallet => wallet.BalanceMicros));
        Assert.Equal(moves / 2, keys - 2);
        Assert.All(wallets, wallet => Assert.True(wallet is { BalanceMicros: >= 0, HeldMicros: 0 }));
        await Audited.Clean(test.Database, $"seed {seed}");
    }

    [BothDatabases]
    public async Task An_audit_finds_a_side_that_no_other_answers(DatabaseKind kind)
    {
        foreach (var damage in new[]
        {
            "update entry set reference = 'to inbound:7' where kind = 11 and amount_micros < 0",
            "update entry set kind = 7 where kind = 11 and amount_micros < 0",
            "update entry set amount_micros = amount_micros - 1 where kind = 11 and amount_micros < 0",
        })
        {
            await using var test = await TestDatabase.New(kind);
            await using var desk = await Desk.Open(test.Database, clock, Two);
            var account = await desk.Account(balanceMicros: 2_000_000);
            Assert.True((await Move(desk, account, WalletName.Outbound, 1_000_000, "k")).Accepted);
            await using (var connection = await test.Database.Connect())
            {
                Assert.Equal(1, await connection.ExecuteAsync(damage));
            }
            var found = (await new AuditBooks(test.Database, _ => DateTimeZone.Utc).Run()).Findings;
            Assert.Contains(found, finding => finding.Check == AuditCheck.Transfer);
        }
    }

    Task<Result<MoneyMoved>> Move(Desk desk, string account, string from, long micros, string key) => Move(
        desk, account, from, from == WalletName.Outbound ? WalletName.Inbound : WalletName.Outbound,
        new Money(micros, desk.Provider.Currency), key);

    async Task<Result<MoneyMoved>> Move(
        Desk desk, string account, string from, string to, Money amount, string key) =>
        await new MoveBetweenWallets(desk.Bookkeeper, desk.Database, clock).Run(
            new WalletMove(desk.Provider.No, await desk.AccountNo(account), from, to, amount, key), 0,
            Actor.Named("ana"));

    static async Task<Entry> Last(Desk desk, string account, string wallet)
    {
        var at = await desk.Wallet(account, wallet);
        return (await WalletStore.Entries(desk.Database, at.No, at.Seq - 1, null, null, 1, default))[0];
    }
}
