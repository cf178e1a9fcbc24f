namespace Tollkeeper.Payments;

/// <summary>What follows of a refused charge (PAY-03, PAY-04). The numbers are stored: never renumber.</summary>
public enum DeclineClass
{
    /// <summary>Money is lacking, or the bank is away: the next day may be better.</summary>
    RetryLater = 1,

    /// <summary>Expired, a wrong code or address: the customer has to mend it.</summary>
    FixFirst = 2,

    /// <summary>Lost, stolen, closed: never again with this card.</summary>
    Never = 3,

    /// <summary>The bank wants the customer to confirm: by a link, and no silent second try.</summary>
    NeedsCustomer = 4,
}
