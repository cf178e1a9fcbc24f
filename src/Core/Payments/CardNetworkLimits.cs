using NodaTime;

namespace Tollkeeper.Payments;

/// <summary>How often a network lets one card be charged in vain (PAY-05): beyond it costs fees.</summary>
public static class CardNetworkLimits
{
    static readonly Instant VisaRaised = Instant.FromUtc(2025, 5, 19, 0, 0);
    static readonly Duration Month = Duration.FromDays(30);
    static readonly Duration Day = Duration.FromDays(1);

    /// <summary>Whether one more attempt is within the limits.</summary>
    /// <param name="brand">As gateways write it: <c>visa</c>, <c>mastercard</c>; others have no limit here.</param>
    /// <param name="declined">When the card was refused, at most 30 days ago.</param>
    public static bool Allow(string brand, IReadOnlyCollection<Instant> declined, Instant now)
    {
        return brand switch
        {
            "visa" => Within(Month) < (now < VisaRaised ? 15 : 20),
            "mastercard" => Within(Day) < 10 && Within(Month) < 35,
            _ => true,
        };

        int Within(Duration period) => declined.Count(at => at > now - period);
    }
}
