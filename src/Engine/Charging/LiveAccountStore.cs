using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Charging;

/// <summary>What moves, of many accounts in one round trip, each row found by its key.</summary>
static class LiveAccountStore
{
    static readonly (string Facts, string Suspensions, string Wallets) OnPostgres = Texts("= any($1)");
    static readonly (string Facts, string Suspensions, string Wallets) OnSqlite =
        Texts("in (select value from json_each($1))");

    /// <summary>Unknown numbers are left out.</summary>
    public static async Task<IReadOnlyCollection<LiveRows>> Read(
        Database database, long[] accountNos, CancellationToken ct)
    {
        var (facts, suspensions, wallets) = database.IsPostgres ? OnPostgres : OnSqlite;
        var rows = new Dictionary<long, LiveRows>(accountNos.Length);
        await database.Reads.Ask(
            [
                new PageQuestion(facts, row => Add(AccountStore.ReadFacts(ref row)), accountNos),
                new PageQuestion(
                    suspensions,
                    row => rows[row.Long()].Suspensions.Add(AccountSummaryStore.ReadSuspension(ref row)), accountNos),
                new PageQuestion(
                    wallets, row => rows[row.Long()].Wallets.Add(SummaryRows.Wallet.Read(ref row)), accountNos),
            ],
            ct);
        return rows.Values;

        void Add(AccountFacts account) => rows.Add(account.No, new LiveRows(account, [], []));
    }

    static (string Facts, string Suspensions, string Wallets) Texts(string isOne) => (
        $"select {AccountStore.FactsColumns} from account where no {isOne}",
        $"""
        select account_no, {AccountStore.SuspensionColumns} from suspension
        where account_no {isOne} and cleared_at_micros is null order by no
        """,
        $"select account_no, {SummaryRows.Wallet.Columns} from wallet where account_no {isOne} order by no");
}

/// <summary>One account's rows as they were read.</summary>
sealed record LiveRows(AccountFacts Facts, List<Suspension> Suspensions, List<SummaryRows.Wallet> Wallets);
