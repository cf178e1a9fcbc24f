using NodaTime;

namespace Tollkeeper.Taxes;

/// <summary>How much a Canadian tax document must say, by its total with tax (TAX-CA-09).</summary>
public enum TaxDocumentTier
{
    Under100,
    From100Under500,
    From500,
}

public static class TaxDocumentTiers
{
    /// <summary>Of two sources on the first day of today's amounts, the later: more is said than needed.</summary>
    static readonly LocalDate Raised = new(2021, 4, 21);

    /// <param name="totalMicros">Of Canadian dollars, tax included.</param>
    public static TaxDocumentTier Of(long totalMicros, LocalDate date)
    {
        var (low, high) = date >= Raised ? (100, 500) : (30, 150);
        if (totalMicros < low * Money.MicrosPerUnit) return TaxDocumentTier.Under100;
        return totalMicros < high * Money.MicrosPerUnit ? TaxDocumentTier.From100Under500 : TaxDocumentTier.From500;
    }
}
