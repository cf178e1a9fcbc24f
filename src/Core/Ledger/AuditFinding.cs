namespace Tollkeeper.Ledger;

/// <summary>What an audit looks at; the name of a finding is the member's in snake case.</summary>
public enum AuditCheck
{
    /// <summary>
    /// Entries of a wallet are numbered from 1 without a gap, in time order, and none is without a wallet.
    /// </summary>
    Sequence,

    /// <summary>Each entry's hash follows from the former one and the entry's own bytes.</summary>
    Chain,

    /// <summary>Balances are the sums of the postings, entry by entry and on the wallet.</summary>
    Balance,
    Posting,

    /// <summary>What a wallet has held is the sum of its open holds.</summary>
    Held,

    /// <summary>Channels in use are the open holds of billable calls, for each switch.</summary>
    Channels,
    Currency,

    /// <summary>Each call costs what its kept terms say.</summary>
    Price,

    /// <summary>Each call and the entry that charged it say the same.</summary>
    CallEntry,

    /// <summary>A call ends once, and is not held once it ended.</summary>
    CallTwice,

    /// <summary>A balance below its floor is explained by what may take it there.</summary>
    Floor,

    /// <summary>The sums of days and of the month, and the number of calls, are those of the entries.</summary>
    Sums,

    /// <summary>What an account may not do is the union of its standing suspensions.</summary>
    Blocks,

    /// <summary>A move between two wallets stands in both, and each side names the other.</summary>
    Transfer,

    /// <summary>Nothing older than the anchor has changed.</summary>
    Anchor,
}

/// <summary>One contradiction in the books: which check, where, and what is the matter in a sentence.</summary>
/// <param name="WalletNo">0 where it is about no wallet.</param>
/// <param name="Place">The entry's seq or the call's n, as the sentence says; 0 for the wallet as a whole.</param>
public sealed record AuditFinding(AuditCheck Check, long WalletNo, long Place, string Sentence)
{
    public string Name => NameOf(Check);

    public string Where => (WalletNo, Place) switch
    {
        (0, _) => "the books",
        (_, 0) => $"wallet {WalletNo}",
        (_, _) => $"wallet {WalletNo} / {Place}",
    };

    public override string ToString() => $"{Name}: {Where}: {Sentence}";

    public static string NameOf(AuditCheck check) => string.Concat(check.ToString().Select(
        (c, i) => char.IsUpper(c) ? $"{(i == 0 ? "" : "_")}{char.ToLowerInvariant(c)}" : $"{c}"));
}
