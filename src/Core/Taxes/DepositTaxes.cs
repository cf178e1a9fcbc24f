using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Providers;

namespace Tollkeeper.Taxes;

/// <summary>Where a deposit is supplied for tax, ISO 3166: <c>CA</c> and <c>QC</c>.</summary>
/// <param name="Differs">The billing address is in another province: somebody should look (domain facts, 1.3).</param>
public readonly record struct TaxPlace(string Country, string Region, bool Differs)
{
    /// <summary>The province of the service address; of the billing address where there is no other.</summary>
    public static TaxPlace Of(Profile profile)
    {
        var (service, billing) = (profile.Service, profile.BillingAddress);
        var chosen = service.IsEmpty ? billing : service;
        return new TaxPlace(
            chosen.Country, chosen.Region,
            !service.IsEmpty && (service.Country, service.Region) != (billing.Country, billing.Region));
    }
}

/// <summary>
/// The taxes on a deposit (R39, R43; TAX-CA-03, -04, -12, -15): those in force at the place on the day on which the
/// money is captured, as far as the provider is registered for them and nothing exempts the customer.
/// </summary>
public sealed record DepositTaxes(
    TaxRules Rules, SalesTaxTable Table, TaxRegistrations Registrations, IReadOnlyList<TaxExemption> Exemptions)
{
    /// <summary>
    /// Of an amount before tax. Refusals: <see cref="Refusal.BadPlace"/> where nobody knows the country or a Canadian's
    /// province, and <see cref="Refusal.TaxRateMissing"/>.
    /// </summary>
    public Result<TaxQuote> OnTop(Money amount, TaxPlace place, LocalDate date) =>
        Quote(TaxQuote.OnTop, amount, place, date);

    /// <summary>Of money that came with its taxes in it, as a wire of a round sum (TAX-CA-06); as above.</summary>
    public Result<TaxQuote> Inside(Money sum, TaxPlace place, LocalDate date) =>
        Quote(TaxQuote.Inside, sum, place, date);

    Result<TaxQuote> Quote(
        Func<Money, IReadOnlyList<SalesTaxRow>, Func<SalesTaxRow, string?>, TaxQuote> how, Money amount,
        TaxPlace place, LocalDate date)
    {
        if (Rules.Point != TaxPoint.Deposit) return new TaxQuote(amount, []);
        if (place.Country.Length == 0) return new Refused(Refusal.BadPlace, "country");
        var taxes = Table.Of(place.Country, place.Region, date);
        if (taxes.Refused is { } refused) return refused;
        return how(
            amount, [.. taxes.Value.Where(tax => Registrations.For(tax, date) is not null)],
            tax => ExemptBy(tax, date));
    }

    string? ExemptBy(SalesTaxRow tax, LocalDate date) =>
        Exemptions.Select(exemption => exemption.Lifts(tax, date)).FirstOrDefault(reason => reason is not null);
}
