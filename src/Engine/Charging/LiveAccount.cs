using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Charging;
using Tollkeeper.Engine.Ledger;

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
        Wallets.SequenceEqual(other.Wallets) && !HasOtherCallsThan(other) && !HasOtherStatusThan(other);
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
