using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Providers;
using Tollkeeper.Rating;

namespace Tollkeeper.Taxes;

/// <summary>
/// A tax taken inside each call (tax point "usage"): its code, such as <c>FUSF</c>, and its rate in parts per million.
/// The default is no tax.
/// </summary>
public readonly record struct UsageTax(string? Code, int PartsPerMillion)
{
    public static UsageTax None => default;

    /// <summary>
    /// TAX-US-01: base × factor, rounded down to a micro, so that a recovery never exceeds the factor (47 CFR 54.712).
    /// </summary>
    public long Micros(long baseMicros) =>
        Rounding.Divide((Int128)baseMicros * PartsPerMillion, 1_000_000, RoundingMode.Down);

    /// <summary>
    /// The tax inside one outbound call (TAX-US-01, -02, -04; R55, R56). The call's start, as a date of the billing
    /// zone, decides the factor; a date without one is refused and never taxed at zero.
    /// </summary>
    /// <param name="taxJurisdiction">Where the call runs for tax; a rate may count a call to Canada otherwise.</param>
    public static Result<UsageTax> Of(
        TaxRules rules, TaxStatus status, Jurisdiction taxJurisdiction, Instant callStart, DateTimeZone zone,
        FactorTable table)
    {
        if (rules.Point != TaxPoint.Usage || IsExempt(status) || !IsInBase(rules, taxJurisdiction)) return None;
        Demand.That(rules.UsageCode is not null, "a policy that taxes usage names the tax");
        var date = callStart.InZone(zone).Date;
        return table.Find(rules.UsageCode, date) is { } partsPerMillion
            ? new UsageTax(rules.UsageCode, partsPerMillion)
            : new Refused(Refusal.TaxRateMissing, $"{rules.UsageCode} on {date:uuuu'-'MM'-'dd}");
    }

    static bool IsExempt(TaxStatus status) => status switch
    {
        TaxStatus.NonExempt => false,
        TaxStatus.ExemptReseller or TaxStatus.ExemptNonUs => true,
    };

    // A jurisdiction that nobody determined is indeterminate: not knowing may not be the cheaper way.
    static bool IsInBase(TaxRules rules, Jurisdiction jurisdiction) => jurisdiction switch
    {
        Jurisdiction.Interstate => true,
        Jurisdiction.Intrastate => false,
        Jurisdiction.International => rules.InternationalTaxed,
        Jurisdiction.Indeterminate or Jurisdiction.None => rules.IndeterminateTaxed,
    };
}
