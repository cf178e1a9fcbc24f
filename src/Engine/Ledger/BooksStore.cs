using NodaTime;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// What one batch asks of the database: the accounts of calls, everything it touches under locks, then all its writes
/// and the commit. Holds one connection of its own, opened anew after it broke.
/// </summary>
abstract class BooksStore : IAsyncDisposable
{
    public static BooksStore Of(Database database) =>
        database.IsPostgres ? new PostgresBooksStore(database) : new SqliteBooksStore(database);

    /// <summary>The account of each call that has a hold; read without a lock, checked again under it.</summary>
    public abstract Task<Dictionary<CallKey, long>> AccountsOfCalls(Guid[] calls);

    /// <summary>
    /// One transaction: locks all wallets of the accounts in order, reads what the batch needs, lets it decide, writes
    /// what changed and commits. Nothing stays when it throws, unless it threw at the commit itself.
    /// </summary>
    public abstract Task Transact(BatchKeys keys, Instant now, Func<BatchRead, BatchWrites> decide);

    /// <summary>What an exception of this database means for the batch.</summary>
    public abstract BatchFault FaultOf(Exception exception);

    public abstract ValueTask DisposeAsync();

    public const string WalletColumns =
        """
        no, account_no, provider_no, name, currency, ledger_code, balance_micros, held_micros, seq, calls, chain,
        last_at_micros, floors, line_use, day, day_calls, day_spent_micros, month_spent_micros,
        automatic_micros
        """;

    protected static WalletRow ReadWallet(ref RowReader row) => new()
    {
        No = row.Long(),
        AccountNo = row.Long(),
        ProviderNo = row.Int(),
        Name = row.Text(),
        Currency = Currency.Of(row.Text()),
        LedgerCode = row.Text(),
        BalanceMicros = row.Long(),
        HeldMicros = row.Long(),
        Seq = row.Long(),
        Calls = row.Long(),
        Chain = row.Bytes(),
        LastAtMicros = row.Long(),
        Floors = row.Text(),
        LineUse = row.Text(),
        Day = row.Int(),
        DayCalls = row.Int(),
        DaySpentMicros = row.Long(),
        MonthSpentMicros = row.Long(),
        AutomaticMicros = row.LongOrNull(),
    };
}

/// <summary>What is to be done after a batch failed.</summary>
enum BatchFault
{
    /// <summary>The same again may succeed: a lock, a deadlock, a key that another node used in this moment.</summary>
    TryAgain = 0,

    /// <summary>The connection or the database is gone; whether it committed is unknown.</summary>
    Away = 1,

    /// <summary>The database will not have some request's data.</summary>
    BadData = 2,

    /// <summary>Not the database's doing: a defect of ours.</summary>
    Bug = 3,
}
