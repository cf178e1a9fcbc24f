using NodaTime;

namespace Tollkeeper.Payments;

/// <summary>How far a payment is. The numbers are stored: never renumber.</summary>
public enum PaymentState
{
    /// <summary>Asked of the gateway; the customer may have to act.</summary>
    Initiated = 1,

    /// <summary>The customer agreed; before the money is taken, the provider's rules about cards decide.</summary>
    Authorized = 2,

    /// <summary>Under way for days, as an eCheck: nothing is credited (PAY-02).</summary>
    Pending = 3,

    /// <summary>The money is there for good: credited.</summary>
    Settled = 4,

    Cancelled = 5,
    Failed = 6,
    PartlyRefunded = 7,
    Refunded = 8,

    /// <summary>The bank asks the money back; nobody has decided.</summary>
    Disputed = 9,

    /// <summary>It went back (ACC-02).</summary>
    DisputeLost = 10,

    /// <summary>Amount or currency are not what was asked for: staff look at it, and nothing is credited.</summary>
    Mismatched = 11,
}

/// <summary>
/// What a gateway said happened to a payment, at the gateway's own time. It may come late, twice, and after what
/// happened later.
/// </summary>
public abstract record PaymentEvent(Instant At);

public sealed record PaymentPending(Instant At) : PaymentEvent(At);

/// <param name="Card">What it is to be paid with; null where it is no card.</param>
public sealed record PaymentAuthorized(Instant At, CardFacts? Card) : PaymentEvent(At);

/// <param name="Why">The class of the refusal (PAY-04).</param>
/// <param name="Code">The gateway's own word for it.</param>
public sealed record PaymentFailed(Instant At, DeclineClass Why, string Code) : PaymentEvent(At);

public sealed record PaymentCancelled(Instant At) : PaymentEvent(At);

/// <param name="Amount">That was paid, tax included.</param>
public sealed record PaymentSettled(Instant At, Money Amount) : PaymentEvent(At);

/// <param name="Id">The gateway's name of the refund.</param>
/// <param name="Failed">It did not reach the customer: the money came back.</param>
public sealed record PaymentRefunded(Instant At, string Id, Money Amount, bool Failed) : PaymentEvent(At);

/// <param name="Id">The gateway's name of the dispute.</param>
public sealed record PaymentDisputed(Instant At, string Id, Money Amount, DisputeStage Stage) : PaymentEvent(At);

/// <summary>The numbers are stored, and of two at one instant the higher counts.</summary>
public enum DisputeStage
{
    Open = 1,
    Won = 2,
    Lost = 3,
}
