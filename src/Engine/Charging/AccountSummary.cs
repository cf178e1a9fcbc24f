using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Charging;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Taxes;

namespace Tollkeeper.Engine.Charging;

/// <summary>
/// One account as its balance page shows it, of one moment: what is there, what is held and by which calls, what was
/// spent, and whether calls may run. Amounts are micros of <see cref="Currency"/>, dates the provider's own.
/// </summary>
public sealed record AccountSummary
{
    public required PublicId Id { get; init; }
    public required string Name { get; init; }
    public required AccountFacts Facts { get; init; }

    /// <summary>Where its deposits are supplied for tax.</summary>
    public required TaxPlace Place { get; init; }

    /// <summary>When this was so.</summary>
    public required Instant At { get; init; }
    public required DateTimeZone Zone { get; init; }
    public required LocalDate Today { get; init; }
    public required AccountStatus Status { get; init; }

    /// <summary>One, or the outbound one and then the inbound one.</summary>
    public required IReadOnlyList<WalletSummary> Wallets { get; init; }

    /// <summary>Of all wallets, for the last 30 days, today last; days without spending are there with 0.</summary>
    public required IReadOnlyList<DaySpending> Days { get; init; }

    /// <summary>The last five of all wallets, newest first.</summary>
    public required IReadOnlyList<ListedCall> LastCalls { get; init; }

    /// <summary>Those that were let through last come first; when there are very many, not all.</summary>
    public required IReadOnlyList<RunningCall> RunningCalls { get; init; }

    /// <summary>Of all running calls, whether listed or not.</summary>
    public required int RunningCount { get; init; }

    /// <summary>What counts against the limits now.</summary>
    public required IReadOnlyList<LineNow> Lines { get; init; }

    public Currency Currency => Facts.Currency;

    /// <summary>The one wallet, or the outbound one.</summary>
    public WalletSummary First => Wallets[0];

    public long TodayMicros => Wallets.Aggregate(0L, (sum, wallet) => checked(sum + wallet.TodayMicros));

    public long MonthMicros => Wallets.Aggregate(0L, (sum, wallet) => checked(sum + wallet.MonthMicros));
}

/// <summary>One wallet of a summary; micros.</summary>
/// <param name="Name">See <see cref="WalletName"/>.</param>
/// <param name="FloorMicros">0, or minus the credit limit in force.</param>
/// <param name="Calls">All calls that it ever paid for, the free ones too.</param>
/// <param name="DepletedOn">When it is used up at the pace of the last seven days (R62); null: nothing was
/// spent.</param>
public sealed record WalletSummary(
    long No, string Name, long BalanceMicros, long HeldMicros, long FloorMicros, long Calls, long TodayMicros,
    long MonthMicros, LocalDate? DepletedOn)
{
    /// <summary>What may still be held or spent; may be negative.</summary>
    public long AvailableMicros => checked(BalanceMicros - FloorMicros - HeldMicros);
}

/// <summary>What calls and queries of one local day cost, tax included.</summary>
public readonly record struct DaySpending(LocalDate Date, long SpentMicros);
