using Tollkeeper.Rating;
using Tollkeeper.Taxes;

namespace Tollkeeper.Charging;

/// <summary>
/// All that decides what a call costs: its rate terms and the tax inside it. Copied onto the call at its start.
/// </summary>
public readonly record struct CallTerms(RateTerms Rate, UsageTax Tax);

/// <summary>
/// What a call of a given length owes: price parts, tax once per call (RND-03), and their sum; micros.
/// </summary>
public readonly record struct Charge(CallPrice Price, long TaxMicros)
{
    public long ChargeMicros => Price.ChargeMicros;

    public long TotalMicros => checked(Price.ChargeMicros + TaxMicros);

    /// <summary>What is charged for of a call: its length, or what of it was granted.</summary>
    public static int SecondsOf(int seconds, int? grantedSeconds) =>
        grantedSeconds is { } granted ? Math.Min(seconds, granted) : seconds;

    public static Charge Of(in CallTerms terms, int seconds)
    {
        var price = CallPrice.Of(terms.Rate, seconds);
        return new Charge(price, terms.Tax.Micros(price.TaxBaseMicros));
    }
}
