using System.Text.Json;
using Tollkeeper.Accounts;
using Tollkeeper.Providers;

namespace Tollkeeper.Ledger;

/// <summary>Why staff change a balance by hand. The numbers are stored: never renumber.</summary>
public enum AdjustmentKind
{
    /// <summary>Money given for trouble that a customer had: an expense.</summary>
    Goodwill = 1,

    /// <summary>Money given that a promotion has promised: out of what is set aside for promotions.</summary>
    Promotion = 2,

    /// <summary>Money taken for something that has no price of its own: income.</summary>
    Debit = 3,
}

/// <summary>A credit or a debit that staff post to one wallet (ACC-01), without consideration and so without tax.
/// </summary>
/// <param name="Wallet">By its name.</param>
/// <param name="AmountMicros">Above 0; the kind says which way it goes.</param>
/// <param name="Reason">In words that the customer reads too.</param>
public sealed record Adjustment(AdjustmentKind Kind, string Wallet, long AmountMicros, string Reason)
{
    public const int LongestReason = 200;

    public EntryKind Entry => Kind switch
    {
        AdjustmentKind.Goodwill or AdjustmentKind.Promotion => EntryKind.Credit,
        AdjustmentKind.Debit => EntryKind.Debit,
    };

    /// <summary>The ledger account on the other side.</summary>
    public string House => Kind switch
    {
        AdjustmentKind.Goodwill => LedgerCode.Promotions,
        AdjustmentKind.Promotion => LedgerCode.PromotionalLiability,
        AdjustmentKind.Debit => LedgerCode.OtherFees,
    };

    /// <summary>What it does to the balance.</summary>
    public long ChangeMicros => Entry == EntryKind.Credit ? AmountMicros : -AmountMicros;

    public string ToJson() => JsonSerializer.Serialize(this);

    public static Adjustment Read(string json) => JsonSerializer.Deserialize<Adjustment>(json)!;

    public bool NeedsSecondPerson(AdjustmentRules rules) => AmountMicros > rules.SecondPersonAboveMicros;

    /// <summary>
    /// What is wrong, each with its field: those of <see cref="TypedAmount"/>, <see cref="Refusal.FieldEmpty"/>,
    /// <see cref="Refusal.BadText"/>.
    /// </summary>
    public IEnumerable<Refused> Problems(AdjustmentRules rules)
    {
        if (TypedAmount.Problem(AmountMicros, rules.UnitMicros) is { } amount)
            yield return amount with { Detail = "Amount" };
        if (Address.Needed(Reason, LongestReason) is { } reason) yield return new Refused(reason, nameof(Reason));
    }
}
