namespace Tollkeeper.Taxes;

/// <summary>One tax of a document, in whole cents.</summary>
/// <param name="ExemptBy">Why the tax is not charged, such as the purchaser's number; null where it is. An exempt tax
/// stays on the document with 0.00.</param>
public sealed record TaxLine(SalesTaxRow Tax, Money Base, Money Amount, string? ExemptBy);

/// <summary>The taxes of one document: what is bought, what is paid for it, each tax rounded once.</summary>
public sealed record TaxQuote(Money Base, IReadOnlyList<TaxLine> Lines)
{
    /// <summary>Of rates as parts per million, so that a tax on a tax stays exact.</summary>
    const long Whole = 1_000_000_000_000;

    public Money Tax => Lines.Aggregate(Money.Zero(Base.Currency), (sum, line) => sum + line.Amount);

    public Money Total => Base + Tax;

    /// <summary>Taxes on top of a base (RND-01, RND-02, TAX-CA-05: HST in one part).</summary>
    /// <param name="taxes">In force at the place on the tax date.</param>
    /// <param name="exemptBy">The reason why one of them is not charged; null where it is.</param>
    public static TaxQuote OnTop(
        Money amount, IReadOnlyList<SalesTaxRow> taxes, Func<SalesTaxRow, string?> exemptBy) =>
        new(amount, Shares(amount, taxes, exemptBy, inside: false));

    /// <summary>
    /// TAX-CA-06: money that holds the taxes already. Each is its rate's part of the sum; the base is what is left, so
    /// that every cent has its place.
    /// </summary>
    public static TaxQuote Inside(
        Money sum, IReadOnlyList<SalesTaxRow> taxes, Func<SalesTaxRow, string?> exemptBy)
    {
        var lines = Shares(sum, taxes, exemptBy, inside: true);
        var rest = lines.Aggregate(sum, (left, line) => left - line.Amount);
        return new TaxQuote(rest, [.. lines.Select(line => line with { Base = rest })]);
    }

    /// <summary>
    /// TAX-CA-07: what a refund of a part of the base gives back of each tax, so that the last refund closes exactly.
    /// </summary>
    /// <param name="before">Base that earlier refunds gave back.</param>
    /// <param name="refund">Of the base; with <paramref name="before"/> at most all of it.</param>
    public TaxQuote Refund(Money before, Money refund)
    {
        var so = before + refund;
        Demand.That(
            before.Micros >= 0 && refund.Micros > 0 && so <= Base, "at most what is left of a document comes back");
        return new TaxQuote(refund, [.. Lines.Select(line => line with
        {
            Base = refund,
            Amount = Part(line.Amount, so.Micros, Base.Micros) - Part(line.Amount, before.Micros, Base.Micros),
        })]);
    }

    /// <summary>
    /// TAX-CA-08: what a return in another currency says of it: the consideration is converted first, then each tax
    /// computed on it.
    /// </summary>
    /// <param name="rateE8">Of the other currency for one of this, 8 decimals.</param>
    public TaxQuote In(Currency currency, long rateE8)
    {
        var converted = Cents((Int128)Base.Micros * rateE8, 100_000_000, currency);
        var taxes = Lines.Select(line => line.Tax).ToList();
        return OnTop(converted, taxes, tax => Lines.First(line => line.Tax == tax).ExemptBy);
    }

    /// <summary>Each tax's part of an amount, which holds the taxes that are charged, or does not.</summary>
    static IReadOnlyList<TaxLine> Shares(
        Money of, IReadOnlyList<SalesTaxRow> taxes, Func<SalesTaxRow, string?> exemptBy, bool inside)
    {
        var judged = taxes.Select(tax => (Tax: tax, Rate: Rate(tax, taxes), Reason: exemptBy(tax))).ToList();
        var whole = inside ? Whole + judged.Where(one => one.Reason is null).Sum(one => one.Rate) : Whole;
        return [.. judged.Select(one => new TaxLine(
            one.Tax, of, one.Reason is null ? Part(of, one.Rate, whole) : Money.Zero(of.Currency), one.Reason))];
    }

    /// <summary>Of the base, also where a tax is part of another's base (TAX-CA-13: not rounded before).</summary>
    static long Rate(SalesTaxRow tax, IReadOnlyList<SalesTaxRow> taxes) => tax.Base switch
    {
        TaxedOn.Net => tax.PartsPerMillion * 1_000_000L,
        TaxedOn.NetPlusGst => tax.PartsPerMillion
            * (1_000_000L + taxes.Where(other => other.Code == SalesTaxTable.Gst).Sum(gst => gst.PartsPerMillion)),
    };

    static Money Part(Money of, long part, long whole) => Cents((Int128)of.Micros * part, whole, of.Currency);

    static Money Cents(Int128 numerator, Int128 denominator, Currency currency) => new(
        Rounding.Divide(numerator, denominator * Money.MicrosPerCent, RoundingMode.HalfUp) * Money.MicrosPerCent,
        currency);
}
