namespace Tollkeeper.Engine.Payments;

/// <summary>What there is to do for payments now.</summary>
public readonly record struct PaymentsDue(
    bool Automatic, bool Payments, bool Cards, bool Credit, bool Refunds, bool Disputes);
