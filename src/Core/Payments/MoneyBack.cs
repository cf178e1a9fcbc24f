namespace Tollkeeper.Payments;

/// <summary>What of a deposit goes back, with its taxes at the document's own rates (TAX-CA-07).</summary>
/// <param name="Base">What the balance loses.</param>
/// <param name="Lines">Each tax with what of it goes back.</param>
public sealed record MoneyBack(Money Base, IReadOnlyList<DepositLine> Lines)
{
    public Money Total => Lines.Aggregate(Base, (sum, line) => sum + new Money(line.Micros, Base.Currency));

    /// <summary>
    /// Cumulative, so that the last refund closes exactly: each tax gives back its part of all that came back so far,
    /// less what came back of it before.
    /// </summary>
    /// <param name="before">Of the base, that came back before.</param>
    /// <param name="back">Of the base; with <paramref name="before"/> at most all of it.</param>
    public static MoneyBack Of(Deposit deposit, Money before, Money back)
    {
        var all = before + back;
        Demand.That(
            before.Micros >= 0 && back.Micros > 0 && all <= deposit.Base,
            "at most what is left of a document comes back");
        return new MoneyBack(back, [.. deposit.Lines.Select(line => line with
        {
            Micros = Part(line.Micros, all) - Part(line.Micros, before),
        })]);

        long Part(long tax, Money of) => Rounding.Divide(
            (Int128)tax * of.Micros, (Int128)deposit.Base.Micros * Money.MicrosPerCent, RoundingMode.HalfUp)
            * Money.MicrosPerCent;
    }

    /// <summary>
    /// What of a deposit is not used yet: deposits are used oldest first, so what is left in the wallet belongs to
    /// those that came last. Micros, in whole cents downwards.
    /// </summary>
    /// <param name="balanceMicros">In the wallet, less what calls hold.</param>
    /// <param name="laterMicros">What came after it, less what of that went back.</param>
    /// <param name="backMicros">Of its base, that came back before.</param>
    public static long Unused(Deposit deposit, long balanceMicros, long laterMicros, long backMicros)
    {
        var left = Math.Clamp(balanceMicros - laterMicros, 0, deposit.Base.Micros - backMicros);
        return left - (left % Money.MicrosPerCent);
    }

    /// <summary>
    /// ACC-02: a bank took a whole deposit back of which a part was used. The tax on what is left is given back; that
    /// on what was used stays due, from the customer.
    /// </summary>
    /// <param name="backMicros">Of its base, that came back before.</param>
    /// <param name="unusedMicros">Of its base.</param>
    /// <returns>What leaves the wallet with the taxes that are given back, and what of them stays due.</returns>
    public static (MoneyBack Back, Money Due) ChargedBack(Deposit deposit, long backMicros, long unusedMicros)
    {
        var currency = deposit.Base.Currency;
        var (before, rest) = (new Money(backMicros, currency), new Money(deposit.Base.Micros - backMicros, currency));
        var whole = Of(deposit, before, rest);
        var given = unusedMicros > 0
            ? Of(deposit, before, new Money(unusedMicros, currency)).Lines
            : [.. deposit.Lines.Select(line => line with { Micros = 0 })];
        var due = whole.Lines.Sum(line => line.Micros) - given.Sum(line => line.Micros);
        return (new MoneyBack(rest, given), new Money(due, currency));
    }
}

/// <summary>How far a refund is. The numbers are stored: never renumber.</summary>
public enum RefundState
{
    /// <summary>Staff decided it.</summary>
    Asked = 1,

    /// <summary>Out of the balance, and not at the gateway yet.</summary>
    Booked = 2,

    /// <summary>The gateway gives it back.</summary>
    Done = 3,

    /// <summary>It could not be given back: it is in the balance again, if it had left it.</summary>
    Failed = 4,

    /// <summary>The gateway does not give it back, and it is on its way into the balance.</summary>
    GivenUp = 5,
}

/// <summary>A part of a paid deposit that goes back to whence it came.</summary>
/// <param name="GatewayId">The gateway's name of it.</param>
/// <param name="WalletNo">Where the money left, with <paramref name="EntrySeq"/>; null as long as it did not.</param>
public sealed record Refund(
    long No, string Id, long PaymentNo, long DepositNo, int ProviderNo, long AccountNo, RefundState State,
    MoneyBack Back, string Reason, string AskedBy, string? GatewayId, long? WalletNo, long? EntrySeq);
