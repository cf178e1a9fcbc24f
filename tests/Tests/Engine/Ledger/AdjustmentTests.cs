using Dapper;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Ledger;
using Tollkeeper.Providers;
using Tollkeeper.Tests.Engine.Charging;
using Xunit;

namespace Tollkeeper.Tests.Engine.Ledger;

/// <summary>Credits and debits by hand, from the proposal to the books.</summary>
public sealed class AdjustmentTests
{
    static readonly Actor Sam = Actor.Named("sam@example.com");
    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task ACC_01_Goodwill_promotion_and_debit_post_to_their_accounts_once_however_often_applied(
        DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var desk = await Desk.Open(test.Database, clock);
        var account = await desk.Account();
        Adjustment[] wanted =
        [
            new(AdjustmentKind.Goodwill, WalletName.Main, 10_000_000, "Outage of 3 March"),
            new(AdjustmentKind.Promotion, WalletName.Main, 5_000_000, "Welcome ¡hola! 🎁"),
            new(AdjustmentKind.Debit, WalletName.Main, 2_500_000, "Courier"),
        ];
        foreach (var (adjustment, n) in wanted.Select((one, n) => (one, n)))
            for (var again = 0; again < 3; again++)
                Assert.True((await Apply(test, desk, account, adjustment, $"apv_{n}")).Accepted);
        Assert.Equal(12_500_000, (await desk.Wallet(account)).BalanceMicros);
        await using var connection = await test.Database.Connect();
        Assert.Equal(
            ["6300 2100 10000000", "2150 2100 5000000", "2100 4300 2500000"],
            (await connection.QueryAsync<(string D, string C, long M)>(
                "select debit, credit, amount_micros from posting order by seq"))
                .Select(one => $"{one.D} {one.C} {one.M}"));
        Assert.Equal((3, 3), await connection.QuerySingleAsync<(long, long)>(
            """
            select (select count(*) from notice where kind = 50),
              (select count(*) from audit_record where act = 'balance_adjusted')
            """));
        await Audited.Clean(test.Database, "after adjustments");
    }

    [BothDatabases]
    public async Task A_debit_takes_no_more_than_may_be_spent_and_many_at_once_take_it_once(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var desk = await Desk.Open(test.Database, clock);
        var account = await desk.Account(balanceMicros: 10_000_000);
        Assert.True((await desk.Start(account)).Accepted);
        var held = (await desk.Wallet(account)).HeldMicros;
        Assert.True(held > 0);
        var all = new Adjustment(AdjustmentKind.Debit, WalletName.Main, 10_000_000, "all of it");
        Assert.Equal(
            Refusal.InsufficientFunds, (await Apply(test, desk, account, all, "apv_1")).Refused?.Refusal);
        var some = all with { AmountMicros = 3_000_000 };
        var applied = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(n => Apply(test, desk, account, some, $"apv_{n}")));
        Assert.Equal(3, applied.Count(one => one.Accepted));
        Assert.Equal(1_000_000, (await desk.Wallet(account)).BalanceMicros);
        await Audited.Clean(test.Database, "after debits");
    }

    [BothDatabases]
    public async Task Above_the_limit_it_waits_for_somebody_else_and_at_the_limit_it_does_not(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var desk = await Desk.Open(test.Database, clock);
        var accountNo = await desk.AccountNo(await desk.Account());
        var rules = new AdjustmentRules(25_000_000, AdjustmentRules.Cents);
        var propose = new ProposeAdjustment(test.Database, clock);
        var at = new Adjustment(AdjustmentKind.Goodwill, WalletName.Main, 25_000_000, "Outage");
        Assert.Equal(ApprovalOutcome.Approved, (await Ask(at)).Value.Outcome);
        Assert.Null((await Ask(at with { AmountMicros = 25_010_000 })).Value.Outcome);
        foreach (var (wrong, refusal) in new[]
        {
            (at with { AmountMicros = 0 }, Refusal.AmountNotPositive),
            (at with { AmountMicros = -10_000 }, Refusal.AmountNotPositive),
            (at with { AmountMicros = 15_001_000 }, Refusal.AmountTooFine),
            (at with { AmountMicros = TypedAmount.MostMicros + 10_000 }, Refusal.BadAmount),
            (at with { Reason = "" }, Refusal.FieldEmpty),
            (at with { Reason = new string('x', 201) }, Refusal.BadText),
            (at with { Reason = "a\u0000b" }, Refusal.BadText),
        })
            Assert.Equal(refusal, (await Ask(wrong)).Refused?.Refusal);
        await using var connection = await test.Database.Connect();
        Assert.Equal(2, (await ApprovalStore.OfAccount(connection, null, accountNo, 10)).Count);

        Task<Result<Approval>> Ask(Adjustment adjustment) =>
            propose.Run(desk.Provider.No, accountNo, "a credit", adjustment, rules, Sam);
    }

    [Theory]
    [InlineData("retail-usd", "25", "0.01")]
    [InlineData("retail-cad", "25", "0.01")]
    [InlineData("wholesale-usd", "500", "0.000001")]
    public void Each_preset_says_what_one_of_the_staff_gives_alone_and_how_finely(
        string preset, string limit, string unit)
    {
        var policy = PolicyPresets.All[preset];
        Assert.Null(PolicyCheck.Problem(policy));
        Assert.Equal(
            (Micros(limit), Micros(unit)),
            (policy.Accounts.Adjustments.SecondPersonAboveMicros, policy.Accounts.Adjustments.UnitMicros));
        Assert.Equal(policy.Accounts.Adjustments, Policy.FromJson(policy.ToJson()).Accounts.Adjustments);
        foreach (var wrong in new AdjustmentRules[] { new(-1, AdjustmentRules.Cents), new(0, 100) })
            Assert.StartsWith(
                "accounts.adjustments",
                PolicyCheck.Problem(policy with { Accounts = policy.Accounts with { Adjustments = wrong } }),
                StringComparison.Ordinal);

        static long Micros(string text) =>
            Money.TryParse(text, Currency.Usd, out var money) ? money.Micros : throw new FormatException(text);
    }

    static async Task<Result<MoneyMoved>> Apply(
        TestDatabase test, Desk desk, string account, Adjustment adjustment, string key) =>
        await new ApplyAdjustment(test.Database, desk.Money, desk.Clock).Run(
            desk.Provider.No, await desk.AccountNo(account), desk.Provider.Currency, adjustment, key, 0, Sam);
}
