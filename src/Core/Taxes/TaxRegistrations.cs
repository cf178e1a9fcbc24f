using NodaTime;

namespace Tollkeeper.Taxes;

/// <summary>A provider's registration for a tax, from its first day to its last; null: no end.</summary>
public sealed record TaxRegistration(TaxRegister Register, string Number, LocalDate From, LocalDate? To)
{
    public bool IsInForce(LocalDate date) => From <= date && (To is null || date <= To);

    /// <summary>True when both are in force on some day.</summary>
    public bool Overlaps(TaxRegistration other) =>
        Register == other.Register && (To is null || other.From <= To) && (other.To is null || From <= other.To);

    /// <summary>
    /// Refusals: <see cref="Refusal.BadTaxNumber"/>; <see cref="Refusal.DatesReversed"/> where it ends before it
    /// begins.
    /// </summary>
    public Refused? Problem()
    {
        if (!TaxNumber.Fits(Register, Number)) return new Refused(Refusal.BadTaxNumber, "Number");
        return To < From ? new Refused(Refusal.DatesReversed, "To") : null;
    }
}

/// <summary>TAX-CA-15 (R39, C11): a tax is charged only while the provider is registered for it.</summary>
public sealed record TaxRegistrations(IReadOnlyList<TaxRegistration> All)
{
    /// <summary>The registration under which a tax is charged on a date; null: it is not charged then.</summary>
    public TaxRegistration? For(SalesTaxRow tax, LocalDate date) =>
        All.FirstOrDefault(one => one.IsInForce(date) && one.Register == TaxNumber.OfTax(tax));
}
