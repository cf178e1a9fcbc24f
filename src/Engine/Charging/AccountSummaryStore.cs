using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;
using Tollkeeper.Taxes;

namespace Tollkeeper.Engine.Charging;

/// <summary>The rows that a summary is made of, in one round trip, each found by its key.</summary>
static class AccountSummaryStore
{
    const string Account =
        $"select {AccountStore.FactsColumns}, id, name, created_at_micros from account where no = $1";

    const string Suspensions =
        $"""
        select {AccountStore.SuspensionColumns} from suspension
        where account_no = $1 and cleared_at_micros is null order by no
        """;

    const string Place =
        """
        select service_line1 || service_line2 || service_city || service_postal_code, service_region, service_country,
          billing_same, billing_region, billing_country
        from account_profile where account_no = $1
        """;

    const string Wallets =
        $"select {SummaryRows.Wallet.Columns} from wallet where account_no = $1 order by no";

    const string Days =
        """
        select d.wallet_no, d.day, d.spent_micros from wallet w join wallet_day d on d.wallet_no = w.no
        where w.account_no = $1 and d.day >= $2
        """;

    // Calls are numbered without gaps. Since when they are looked at tells PostgreSQL which months it needs.
    const string LastCalls =
        $"""
        select {ListedCall.Columns} from wallet w join call c on c.wallet_no = w.no and c.n > w.calls - $2
        where w.account_no = $1 and c.recorded_at_micros >= $3
        """;

    /// <summary>Null where there is no such account.</summary>
    /// <param name="fromDay">The first day of spending that is wanted, counted from 1970.</param>
    public static async Task<SummaryRows?> Read(
        Database database, long accountNo, int fromDay, int calls, Instant callsSince, CancellationToken ct)
    {
        var rows = new SummaryRows();
        await database.Reads.Ask(
            [
                new PageQuestion(Account, row => rows.Account = SummaryRows.AccountRow.Read(ref row), accountNo),
                new PageQuestion(Suspensions, row => rows.Suspensions.Add(ReadSuspension(ref row)), accountNo),
                new PageQuestion(Place, row => rows.Place = SummaryRows.ReadPlace(ref row), accountNo),
                new PageQuestion(Wallets, row => rows.Wallets.Add(SummaryRows.Wallet.Read(ref row)), accountNo),
                new PageQuestion(
                    Days, row => rows.Days.Add((row.Long(), row.Int(), row.Long())), accountNo, (long)fromDay),
                new PageQuestion(
                    LastCalls, row => rows.LastCalls.Add(ListedCall.Read(ref row)), accountNo, (long)calls,
                    callsSince.ToMicros()),
            ],
            ct);
        return rows.Account is null ? null : rows;
    }

    /// <summary>One row of <see cref="AccountStore.SuspensionColumns"/>.</summary>
    public static Suspension ReadSuspension(ref RowReader row) =>
        new(row.Text(), (Directions)row.Small(), row.Text(), Instants.FromMicros(row.Long()), row.Text());
}

/// <summary>An account's rows as they were read.</summary>
sealed class SummaryRows
{
    /// <summary>Day 0 of wallets' days.</summary>
    public static readonly LocalDate Epoch = new(1970, 1, 1);

    public AccountRow? Account { get; set; }

    /// <summary>Nowhere, where nothing was filled in yet.</summary>
    public TaxPlace Place { get; set; } = TaxPlace.Of(Profile.Empty);
    public List<Suspension> Suspensions { get; } = [];
    public List<Wallet> Wallets { get; } = [];
    public List<(long WalletNo, int Day, long SpentMicros)> Days { get; } = [];
    public List<ListedCall> LastCalls { get; } = [];

    public static TaxPlace ReadPlace(ref RowReader row)
    {
        var service = new Address(row.Text(), "", "", row.Text(), "", row.Text());
        var same = row.Small() != 0;
        var billing = new Address("", "", "", row.Text(), "", row.Text());
        return TaxPlace.Of(Profile.Empty with { Service = service, Billing = same ? null : billing });
    }

    public sealed record AccountRow(AccountFacts Facts, string Id, string Name, Instant CreatedAt)
    {
        public static AccountRow Read(ref RowReader row) =>
            new(AccountStore.ReadFacts(ref row), row.Text(), row.Text(), Instants.FromMicros(row.Long()));
    }

    public sealed record Wallet(
        long No, string Name, long BalanceMicros, long HeldMicros, string Floors, long Calls, string LineUse, int Day,
        long DaySpentMicros, long MonthSpentMicros)
    {
        /// <summary>The columns of <see cref="Read"/>, in its order.</summary>
        public const string Columns =
            """
            no, name, balance_micros, held_micros, floors, calls, line_use, day, day_spent_micros, month_spent_micros
            """;

        public static Wallet Read(ref RowReader row) => new(
            row.Long(), row.Text(), row.Long(), row.Long(), row.Text(), row.Long(), row.Text(), row.Int(), row.Long(),
            row.Long());

        /// <summary>
        /// Spent on a day, which is today. The row keeps the last day on which something was spent, which may be long
        /// ago; a zone that moved west can make it tomorrow's.
        /// </summary>
        public long TodayMicros(int today) => Day >= today ? DaySpentMicros : 0;

        public long MonthMicros(int today)
        {
            var (kept, asked) = (Epoch.PlusDays(Day), Epoch.PlusDays(today));
            return (kept.Year, kept.Month) == (asked.Year, asked.Month) ? MonthSpentMicros : 0;
        }

        /// <summary>Calls that are up; the account's first wallet counts them for all of its wallets.</summary>
        public int CallsUp => Tollkeeper.Ledger.LineUse.Read(LineUse).Sum(line => line.Active);

        public long FloorMicros(Instant at) => Floor.At(Floor.Read(Floors), at);
    }
}
