using NodaTime;

namespace Tollkeeper.Payments;

/// <summary>When a gateway is asked what became of a payment of which it said nothing.</summary>
public static class PaymentPatience
{
    /// <summary>A page at the gateway that nobody finished is given up then.</summary>
    public static readonly Duration PageLife = Duration.FromHours(24);

    /// <summary>As long the node that is at it has it for itself: longer than a gateway is waited for.</summary>
    public static readonly Duration Turn = Duration.FromMinutes(1);

    /// <summary>
    /// Ever later: after a tenth of its age, at least a minute, at most six hours. Null: nothing more can come.
    /// </summary>
    public static Instant? NextLook(Payment payment, Instant now)
    {
        if (!payment.IsOpen) return null;
        var wait = (now - payment.CreatedAt) / 10;
        return now + Duration.Min(Duration.Max(wait, Duration.FromMinutes(1)), Duration.FromHours(6));
    }
}
