using NodaTime;

namespace Tollkeeper.Ledger;

/// <summary>What happened. The numbers are stored: never renumber.</summary>
public enum EntryKind
{
    Call = 1,

    /// <summary>A call whose hold had expired when its end arrived; may go below the floor.</summary>
    LateCall = 2,

    /// <summary>A finished call that no authorize preceded; may go below the floor.</summary>
    ImportedCall = 3,
    Query = 4,
    Deposit = 5,

    /// <summary>Money given by staff without consideration: goodwill, promotion.</summary>
    Credit = 6,

    /// <summary>Money taken by staff with a reason; within the floor.</summary>
    Debit = 7,

    /// <summary>The mirror of an earlier entry, which it names; may go below the floor.</summary>
    Reversal = 8,

    /// <summary>What is left of a deposit goes back, with its tax (TAX-CA-07); within the floor.</summary>
    Refund = 9,

    /// <summary>A bank takes a payment back (ACC-02); may go below the floor.</summary>
    Chargeback = 10,

    /// <summary>
    /// One side of a move between two wallets of one account; the entry on the other side names it, and it the other.
    /// </summary>
    Transfer = 11,
}

/// <summary>One amount from one ledger account to another, always positive; micros of the wallet's currency.</summary>
public readonly record struct Posting(string Debit, string Credit, long AmountMicros);

/// <summary>
/// Something that happened to one wallet, recorded once and never changed: its number in the wallet (from 1, no gaps),
/// what it did to the balance, when it happened and when it was recorded, and the hash that chains it to the one
/// before.
/// </summary>
public sealed record Entry
{
    public required long WalletNo { get; init; }
    public required long Seq { get; init; }
    public required EntryKind Kind { get; init; }
    public required long AmountMicros { get; init; }
    public required long BalanceMicros { get; init; }
    public required Instant OccurredAt { get; init; }
    public required Instant RecordedAt { get; init; }

    /// <summary>The call's number in the wallet, for the kinds that charge a call.</summary>
    public long? CallN { get; init; }

    /// <summary>What it refers to outside the books: a call key, a document, a staff member's reason.</summary>
    public string? Reference { get; init; }
    public long? ReversesSeq { get; init; }
    public required IReadOnlyList<Posting> Postings { get; init; }
    public byte[] Hash { get; init; } = [];
}
