using NodaTime;

namespace Tollkeeper.Ledger;

/// <summary>Which threshold a wallet passed. The numbers are stored: never renumber.</summary>
public enum CrossingKind
{
    LowBalance = 1,

    /// <summary>The floor of a prepaid wallet: zero.</summary>
    Zero = 2,

    /// <summary>The floor of a postpaid wallet: its credit limit.</summary>
    CreditLimit = 3,

    /// <summary>Where automatic billing charges (R12); written downwards only.</summary>
    AutomaticBilling = 4,
}

/// <summary>
/// A wallet passed a threshold: downwards when its balance reached it (all comparisons inclusive, C6), upwards when
/// it rose above.
/// </summary>
public readonly record struct Crossing(
    long WalletNo, long Seq, CrossingKind Kind, bool Downwards, long ThresholdMicros, long BalanceMicros, Instant At)
{
    /// <summary>
    /// Whether a move of the balance, or of the threshold under it, passed the threshold, and which way.
    /// </summary>
    public static bool Passed(long before, long thresholdBefore, long after, long thresholdAfter, out bool downwards)
    {
        downwards = after <= thresholdAfter;
        return downwards != before <= thresholdBefore;
    }
}
