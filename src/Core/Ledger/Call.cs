using NodaTime;
using Tollkeeper.Accounts;

namespace Tollkeeper.Ledger;

/// <summary>How a call ended, as the switch says. The numbers are stored: never renumber.</summary>
public enum Disposition
{
    Answered = 1,
    Busy = 2,
    NoAnswer = 3,
    Cancelled = 4,
    Failed = 5,
    Rejected = 6,
}

/// <summary>
/// A call that is over, once: what the switch said, what it was priced by, and what it cost. Numbered within its
/// wallet from 1. Charged for min(seconds, granted); an imported call has no grant and is charged whole.
/// </summary>
public sealed record Call
{
    public required long WalletNo { get; init; }
    public required long N { get; init; }
    public required CallKey Key { get; init; }
    public required long AccountNo { get; init; }
    public required int SwitchNo { get; init; }
    public required string CallId { get; init; }
    public required Directions Direction { get; init; }
    public required string From { get; init; }
    public required string To { get; init; }
    public required bool Billable { get; init; }
    public required Currency Currency { get; init; }
    public required Instant StartedAt { get; init; }
    public Instant? AnsweredAt { get; init; }
    public required Instant EndedAt { get; init; }
    public required Instant RecordedAt { get; init; }
    public required int Seconds { get; init; }
    public required int? GrantedSeconds { get; init; }
    public required int BilledSeconds { get; init; }
    public required int OverrunSeconds { get; init; }
    public required Disposition Disposition { get; init; }
    public int? SipCode { get; init; }

    /// <summary>The end came after the hold had expired.</summary>
    public required bool Stale { get; init; }
    public required long ChargeMicros { get; init; }
    public required long TaxMicros { get; init; }
    public required long BalanceMicros { get; init; }

    /// <summary>The entry that charged it; none where it cost nothing.</summary>
    public required long? EntrySeq { get; init; }
    public required ContentHash EndContent { get; init; }

    /// <summary>None where nobody asked before: an imported call.</summary>
    public required FirstAnswer? FirstAnswer { get; init; }
    public required int PolicyVersion { get; init; }
    public required KeptTerms Terms { get; init; }

    public long TotalMicros => checked(ChargeMicros + TaxMicros);
}
