using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Charging;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Charging;

/// <summary>
/// What moves on an account's open pages, of one moment; micros of <see cref="Currency"/>. No lists: a page that has
/// some fetches them when <see cref="Calls"/> or <see cref="CallsUp"/> changed.
/// </summary>
public sealed record LiveAccount
{
    /// <summary>The first moment when this was so.</summary>
    public required Instant At { get; init; }
    public required Currency Currency { get; init; }

    /// <summary>One, or the outbound one and then the inbound one.</summary>
    public required IReadOnlyList<LiveWallet> Wallets { get; init; }
    public required AccountStatus Status { get; init; }

    /// <summary>What the limits count, by switch; 0 counts over all.</summary>
    public required IReadOnlyList<LineNow> Lines { get; init; }

    /// <summary>Calls in progress.</summary>
    public required int CallsUp { get; init; }

    /// <summary>All calls that it ever had.</summary>
    public long Calls => Wallets.Sum(wallet => wallet.Calls);

    public long TodayMicros => Wallets.Aggregate(0L, (sum, wallet) => checked(sum + wallet.TodayMicros));

    public long MonthMicros => Wallets.Aggregate(0L, (sum, wallet) => checked(sum + wallet.MonthMicros));

    public long HeldMicros => Wallets.Aggregate(0L, (sum, wallet) => checked(sum + wallet.HeldMicros));

    /// <summary>True when calls began, were renewed or ended in between.</summary>
    public bool HasOtherCallsThan(LiveAccount other) =>
        (Calls, CallsUp, HeldMicros) != (other.Calls, other.CallsUp, other.HeldMicros);

    /// <summary>True when something was charged in between, or a day began.</summary>
    public bool HasOtherSpendingThan(LiveAccount other) =>
        (Calls, TodayMicros, MonthMicros) != (other.Calls, other.TodayMicros, other.MonthMicros);

    public bool HasOtherStatusThan(LiveAccount other) =>
        Status.Blocks != other.Status.Blocks || !Status.Reasons.SequenceEqual(other.Status.Reasons);

    /// <summary>All but the moment.</summary>
    public bool IsLike(LiveAccount other) =>
        Wallets.SequenceEqual(other.Wallets) && Lines.SequenceEqual(other.Lines)
        && !HasOtherCallsThan(other) && !HasOtherStatusThan(other);
}

/// <summary>What counts against an account's limits at one switch; switch 0: over all of them.</summary>
/// <param name="Up">Calls in progress (R68).</param>
/// <param name="Started">Calls let through within the last second (R69).</param>
public readonly record struct LineNow(int SwitchNo, int Up, int Started)
{
    /// <summary>Of the account's wallets, whose first keeps the counts of all.</summary>
    internal static IReadOnlyList<LineNow> Of(IEnumerable<SummaryRows.Wallet> wallets, Instant at) =>
    [
        .. wallets.SelectMany(wallet => LineUse.Read(wallet.LineUse)).Select(line =>
            new LineNow(line.SwitchNo, line.Active, line.StartedInTheLastSecond(at.ToMicros()))),
    ];
}

/// <summary>One wallet; micros.</summary>
/// <param name="Name">See <see cref="WalletName"/>.</param>
/// <param name="FloorMicros">0, or minus the credit limit in force.</param>
public sealed record LiveWallet(
    string Name, long BalanceMicros, long HeldMicros, long FloorMicros, long Calls, long TodayMicros, long MonthMicros)
{
    /// <summary>What may still be held or spent; may be negative.</summary>
    public long AvailableMicros => checked(BalanceMicros - FloorMicros - HeldMicros);
}
