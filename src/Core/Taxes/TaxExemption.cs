using NodaTime;

namespace Tollkeeper.Taxes;

/// <summary>The numbers are stored: never renumber.</summary>
public enum ExemptionStatus
{
    PendingReview = 1,
    Active = 2,
    Rejected = 3,
    Expired = 4,
    Revoked = 5,
}

/// <summary>
/// Why a customer is not charged a province's tax (TAX-CA-04, R40–R45). What a reseller has never lifts a federal tax,
/// nor QST: a reseller recovers those.
/// </summary>
/// <param name="Place">The province that it is for: <c>CA-BC</c>.</param>
/// <param name="Number">The purchaser's registration number there; null for none.</param>
/// <param name="Certificate">The name of the form on file, such as <c>FIN_490</c>; null for none.</param>
/// <param name="ResaleDeclared">The customer declared to resell.</param>
/// <param name="From">The first day.</param>
/// <param name="To">The last day; null for no end.</param>
public sealed record TaxExemption(
    string Place, string? Number, string? Certificate, bool ResaleDeclared, ExemptionStatus Status, LocalDate From,
    LocalDate? To)
{
    /// <summary>Where a certificate serves for whoever has no number (R45).</summary>
    public const string PlaceOfCertificates = "CA-BC";

    /// <summary>British Columbia's general certificate, for whoever has no PST number.</summary>
    public const string GeneralCertificate = "FIN 490";

    /// <summary>The one tax that it lifts, where that is for another reason than resale; null: those that resale
    /// lifts.</summary>
    public string? TaxCode { get; init; }

    /// <summary>What a document prints as the reason; null where the tax is charged.</summary>
    public string? Lifts(SalesTaxRow tax, LocalDate taxDate)
    {
        if (tax.Place != Place || Status != ExemptionStatus.Active) return null;
        if (taxDate < From || taxDate > To) return null;
        if (TaxCode is not null) return tax.Code == TaxCode ? Number ?? Certificate : null;
        if (!tax.LiftedByResale || !ResaleDeclared) return null;
        if (Number is not null && TaxNumber.OfResellers(Place) is { } register && TaxNumber.Fits(register, Number))
            return Number;
        return Place == PlaceOfCertificates ? Certificate : null;
    }

    /// <summary>What it is on a day: nothing has to happen for it to be over.</summary>
    public ExemptionStatus StatusOn(LocalDate day) =>
        Status == ExemptionStatus.Active && day > To ? ExemptionStatus.Expired : Status;
}
