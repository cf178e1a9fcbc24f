using Tollkeeper.Ledger;

namespace Tollkeeper.Charging;

/// <summary>
/// What a call's row says that its price follows from, and what it says the price was; micros, seconds.
/// </summary>
public readonly record struct PricedCall(
    bool Billable, int Seconds, int? GrantedSeconds, int BilledSeconds, int OverrunSeconds, long ChargeMicros,
    long TaxMicros, KeptTerms Terms);

/// <summary>A call's price computed once more from the terms that it kept (RATE-09).</summary>
public static class PricedAgain
{
    /// <summary>In what a call differs from its terms, as the rest of a sentence; null when it does not.</summary>
    public static string? Difference(in PricedCall call)
    {
        try
        {
            var seconds = Charge.SecondsOf(call.Seconds, call.GrantedSeconds);
            if (call.OverrunSeconds != call.Seconds - seconds)
                return $"the overrun is {call.OverrunSeconds} s and should be {call.Seconds - seconds} s";
            var charge = call.Billable ? Charge.Of(call.Terms.CallTerms(), seconds) : default;
            if (call.BilledSeconds != charge.Price.BilledSeconds)
                return $"{call.BilledSeconds} s were billed and {charge.Price.BilledSeconds} s follow from its terms";
            if (call.ChargeMicros != charge.ChargeMicros)
                return $"the charge is {call.ChargeMicros} micros and {charge.ChargeMicros} follow from its terms";
            return call.TaxMicros != charge.TaxMicros
                ? $"the tax is {call.TaxMicros} micros and {charge.TaxMicros} follow from its terms"
                : null;
        }
        catch (Exception exception) when (exception is InvalidOperationException or OverflowException)
        {
            return "no price follows from its terms";
        }
    }

    /// <summary>
    /// In what a hold differs from the price of all that it grants, as a sentence; null when it does not.
    /// </summary>
    /// <param name="costs">Whether it sets anything aside: a call that is billed and has not expired.</param>
    public static string? Difference(long heldMicros, bool costs, int grantedSeconds, in KeptTerms terms)
    {
        try
        {
            var price = costs ? Charge.Of(terms.CallTerms(), grantedSeconds).TotalMicros : 0;
            return heldMicros == price
                ? null
                : $"a hold sets {heldMicros} micros aside for {grantedSeconds} s, which cost {price}.";
        }
        catch (Exception exception) when (exception is InvalidOperationException or OverflowException)
        {
            return "no price follows from the terms of a hold.";
        }
    }
}
