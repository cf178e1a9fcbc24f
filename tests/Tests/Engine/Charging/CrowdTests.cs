using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;
using Tollkeeper.Tests.Engine.Ledger;
using Xunit;

namespace Tollkeeper.Tests.Engine.Charging;

/// <summary>Many calls at once, at one node and at two: money, channels and rates are exact.</summary>
public sealed class CrowdTests
{
    const string Satellite = "+870773111632";
    const long FirstQuotaMicros = 22_500_000;

    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task Of_200_calls_at_once_exactly_the_20_that_the_money_affords_are_let_through(DatabaseKind kind)
    {
        await using var crowd = await Crowd.Open(kind, clock, nodes: 1);
        await TwentyOf200(crowd);
    }

    [Fact]
    [Trait("Category", "needs-postgres")]
    public async Task Of_200_calls_at_once_at_two_nodes_exactly_the_20_that_the_money_affords_are_let_through()
    {
        await using var crowd = await Crowd.Open(DatabaseKind.Postgres, clock, nodes: 2);
        await TwentyOf200(crowd);
    }

    static async Task TwentyOf200(Crowd crowd)
    {
        var account = await crowd.Desk.Account(20 * FirstQuotaMicros, channels: 1_000, cps: 1_000);
        var answers = await crowd.Start(account, 200, Satellite);
        Assert.Equal((20, 180), (answers.Count(answer => answer.Accepted), answers.Count(
            answer => answer.Refused?.Refusal == Refusal.InsufficientFunds)));
        var wallet = await crowd.Desk.Wallet(account);
        Assert.Equal((20 * FirstQuotaMicros, 20 * FirstQuotaMicros), (wallet.BalanceMicros, wallet.HeldMicros));
        await Audited.Clean(crowd.Desk.Database, "after the crowd");
    }

    [BothDatabases]
    public async Task R68_Channels_are_exact_for_the_account_across_nodes_and_free_again_at_the_end(DatabaseKind kind)
    {
        await using var crowd = await Crowd.Open(kind, clock, nodes: kind == DatabaseKind.Postgres ? 2 : 1);
        var account = await crowd.Desk.Account(1_000_000_000, channels: 7, cps: 1_000);
        var answers = await crowd.Start(account, 60, "+14165550100", sw: i => $"sw{i % 3}");
        Assert.Equal((7, 53), (answers.Count(answer => answer.Accepted), answers.Count(
            answer => answer.Refused?.Refusal == Refusal.ChannelsExceeded)));
        var up = answers.First(answer => answer.Accepted).Value.Call;
        Assert.True((await crowd.Desk.Finish(up, 5, sw: Crowd.SwitchOf(up, i => $"sw{i % 3}"))).Accepted);
        clock.Move(Duration.FromSeconds(1));
        Assert.Equal(1, (await crowd.Start(account, 9, "+14165550100")).Count(answer => answer.Accepted));
    }

    [BothDatabases]
    public async Task R68_Channels_are_exact_for_each_switch_where_the_policy_counts_per_switch(DatabaseKind kind)
    {
        await using var crowd =
            await Crowd.Open(kind, clock, nodes: kind == DatabaseKind.Postgres ? 2 : 1, preset: "wholesale-usd");
        var account = await crowd.Desk.Account(1_000_000_000, channels: 5, cps: 1_000);
        var answers = await crowd.Start(account, 60, "+14165550100", sw: i => $"sw{i % 3}");
        Assert.Equal(15, answers.Count(answer => answer.Accepted));
    }

    /// <summary>
    /// The bucket of five a second and ten channels of EX-33, the calls of each moment spread over the nodes.
    /// </summary>
    [BothDatabases]
    public async Task R69_Calls_per_second_are_exact_across_nodes_as_in_EX_33(DatabaseKind kind)
    {
        await using var crowd = await Crowd.Open(kind, clock, nodes: kind == DatabaseKind.Postgres ? 2 : 1);
        var account = await crowd.Desk.Account(1_000_000_000, channels: 10, cps: 5);
        Assert.Equal((5, 3), await At(0, 8));
        Assert.Equal((1, 1), await At(200, 2));
        Assert.Equal((4, 1), await At(800, 5));
        clock.Move(Duration.FromSeconds(1));
        var last = await crowd.Start(account, 1, "+14165550100");
        Assert.Equal(Refusal.ChannelsExceeded, last[0].Refused?.Refusal);

        async Task<(int Admitted, int Refused)> At(int later, int calls)
        {
            clock.Move(Duration.FromMilliseconds(later));
            var answers = await crowd.Start(account, calls, "+14165550100");
            return (answers.Count(answer => answer.Accepted), answers.Count(
                answer => answer.Refused?.Refusal == Refusal.CpsExceeded));
        }
    }

    [BothDatabases]
    public async Task Accounts_asked_in_opposite_order_at_two_nodes_do_not_block_one_another(DatabaseKind kind)
    {
        await using var crowd =
            await Crowd.Open(kind, clock, nodes: kind == DatabaseKind.Postgres ? 2 : 1, preset: "wholesale-usd");
        var accounts = new List<long>();
        for (var i = 0; i < 6; i++) accounts.Add(await crowd.Desk.AccountNo(await crowd.Desk.Account()));
        var asked = new List<Task<Result<MoneyMoved>>>();
        for (var i = 0; i < 600; i++)
        {
            var account = accounts[i / 2 % 2 == 0 ? i % 6 : 5 - i % 6];
            var move = new MoneyMove(
                crowd.Desk.Provider.No, account, i % 2 == 0 ? WalletName.Inbound : WalletName.Outbound,
                    EntryKind.Deposit,
                new Money(1 + i, Currency.Usd), LedgerCode.InTransit, $"k{i}", "a crowd");
            asked.Add(crowd.Node(i).Money.Post(move, 0));
        }
        Assert.All(await Task.WhenAll(asked), answer => Assert.Null(answer.Refused));
        await Audited.Clean(crowd.Desk.Database, "after the crowd");
    }

    /// <summary>One or two nodes over one database.</summary>
    sealed class Crowd : IAsyncDisposable
    {
        readonly TestDatabase test;
        readonly List<Database> opened = [];
        readonly List<Desk> desks = [];
        int asked;

        Crowd(TestDatabase test) => this.test = test;

        public Desk Desk => desks[0];

        public Desk Node(int i) => desks[i % desks.Count];

        public static async Task<Crowd> Open(
            DatabaseKind kind, MovableClock clock, int nodes, string preset = "retail-usd")
        {
            var crowd = new Crowd(await TestDatabase.New(kind));
            crowd.desks.Add(await Desk.Open(crowd.test.Database, clock, preset));
            for (var i = 1; i < nodes; i++)
            {
                crowd.opened.Add(crowd.test.OpenAgain());
                crowd.desks.Add(await crowd.Desk.Another(crowd.opened[^1]));
            }
            return crowd;
        }

        public static string SwitchOf(string call, Func<int, string> sw) => sw(int.Parse(call[1..], null));

        /// <summary>All at once, in turn at the nodes; what a busy machine dropped undecided is asked again.</summary>
        public async Task<Result<CallGrant>[]> Start(
            string account, int calls, string to, Func<int, string>? sw = null)
        {
            var first = asked;
            asked += calls;
            return await Task.WhenAll(Enumerable.Range(first, calls).Select(i => Task.Run(async () =>
            {
                while (true)
                {
                    var answer = await Node(i).Start(account, to, $"c{i}", sw?.Invoke(i) ?? "sw1");
                    if (answer.Refused?.Refusal != Refusal.Busy) return answer;
                }
            })));
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var desk in desks) await desk.DisposeAsync();
            foreach (var database in opened) await database.DisposeAsync();
            await test.DisposeAsync();
        }
    }
}
