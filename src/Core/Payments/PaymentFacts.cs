using System.Collections.Immutable;
using NodaTime;

namespace Tollkeeper.Payments;

/// <summary>
/// All that gateways said of one payment. Each event adds what it says; in whatever order they come, and however often,
/// the facts are the same (PAY-01).
/// </summary>
public sealed record PaymentFacts
{
    public static PaymentFacts None { get; } = new();

    /// <summary>The last word on a payment that has not settled; null: it was begun and no more.</summary>
    public PaymentEvent? Latest { get; private init; }

    /// <summary>Amounts that gateways said to have settled; more than one is a contradiction.</summary>
    public ImmutableHashSet<Money> Amounts { get; private init; } = [];

    /// <summary>When it settled, the earliest that was said: the day of its taxes (TAX-CA-03).</summary>
    public Instant? SettledAt { get; private init; }

    public ImmutableSortedDictionary<string, PaymentRefunded> Refunds { get; private init; } =
        ImmutableSortedDictionary.Create<string, PaymentRefunded>(StringComparer.Ordinal);

    public ImmutableSortedDictionary<string, PaymentDisputed> Disputes { get; private init; } =
        ImmutableSortedDictionary.Create<string, PaymentDisputed>(StringComparer.Ordinal);

    /// <summary>What a payment is to be paid with that waits for being captured; null where it does not, or is no card.
    /// </summary>
    public CardFacts? Card => (Latest as PaymentAuthorized)?.Card;

    /// <summary>Why a payment failed that has not settled; null where it did not.</summary>
    public PaymentFailed? Failure => Amounts.IsEmpty ? Latest as PaymentFailed : null;

    public PaymentFacts With(PaymentEvent said) => said switch
    {
        PaymentSettled settled => this with
        {
            Amounts = Amounts.Add(settled.Amount),
            SettledAt = SettledAt is { } before ? Instant.Min(before, settled.At) : settled.At,
        },
        PaymentRefunded refund => this with
        {
            Refunds = Refunds.SetItem(refund.Id, Later(
                Refunds.GetValueOrDefault(refund.Id), refund,
                one => (one.At, one.Failed ? 1 : 0, one.Amount.Micros, ""))),
        },
        PaymentDisputed dispute => this with
        {
            Disputes = Disputes.SetItem(dispute.Id, Later(
                Disputes.GetValueOrDefault(dispute.Id), dispute,
                one => (one.At, (int)one.Stage, one.Amount.Micros, ""))),
        },
        _ => this with { Latest = Later(Latest, said, ByProgress) },
    };

    /// <summary>Money that went back to the customer by refunds.</summary>
    public Money RefundedOf(Currency currency) => Refunds.Values.Where(refund => !refund.Failed)
        .Aggregate(Money.Zero(currency), (sum, refund) => sum + refund.Amount);

    /// <param name="asked">What was to be paid, tax included.</param>
    public PaymentState StateFor(Money asked)
    {
        if (Amounts.IsEmpty) return Latest is null ? PaymentState.Initiated : StateOf(Latest);
        if (Amounts.Count > 1 || !Amounts.Contains(asked)) return PaymentState.Mismatched;
        if (Disputes.Values.Any(dispute => dispute.Stage == DisputeStage.Lost)) return PaymentState.DisputeLost;
        if (Disputes.Values.Any(dispute => dispute.Stage == DisputeStage.Open)) return PaymentState.Disputed;
        var refunded = RefundedOf(asked.Currency);
        if (refunded.Micros == 0) return PaymentState.Settled;
        return refunded < asked ? PaymentState.PartlyRefunded : PaymentState.Refunded;
    }

    /// <summary>How a payment goes on that has not settled.</summary>
    static PaymentState StateOf(PaymentEvent said) => said switch
    {
        PaymentPending => PaymentState.Pending,
        PaymentAuthorized => PaymentState.Authorized,
        PaymentFailed => PaymentState.Failed,
        PaymentCancelled => PaymentState.Cancelled,
        _ => throw new InvalidOperationException($"{said} is no progress of a payment."),
    };

    /// <summary>By the gateway's time; of one instant the more final.</summary>
    static (Instant, int, long, string) ByProgress(PaymentEvent said)
    {
        var failed = said as PaymentFailed;
        return (said.At, (int)StateOf(said), (long)(failed?.Why ?? default),
            failed?.Code ?? (said as PaymentAuthorized)?.Card?.ToJson() ?? "");
    }

    static T Later<T>(T? known, T said, Func<T, (Instant At, int Rank, long More, string Code)> order)
        where T : class
    {
        if (known is null) return said;
        var (mine, theirs) = (order(said), order(known));
        var first = (mine.At, mine.Rank, mine.More).CompareTo((theirs.At, theirs.Rank, theirs.More));
        return (first != 0 ? first : string.CompareOrdinal(mine.Code, theirs.Code)) > 0 ? said : known;
    }
}
