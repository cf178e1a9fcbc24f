using Tollkeeper.Engine.Payments;
using Tollkeeper.Payments;
using Tollkeeper.Providers;

namespace Tollkeeper.Host.Office;

/// <summary>What pages call ways to pay without a gateway, and how far such a payment is.</summary>
static class OfflineNames
{
    public static string KeyOf(PaymentMethod method) => method switch
    {
        PaymentMethod.Wire => "offline.method-wire",
        PaymentMethod.Ach => "offline.method-ach",
        PaymentMethod.Check => "offline.method-check",
        PaymentMethod.Cash => "offline.method-cash",
        PaymentMethod.Card or PaymentMethod.PayPal => throw new InvalidOperationException($"{method} has a gateway."),
    };

    public static string KeyOf(RecordedPayment recorded)
    {
        if (recorded.Outcome is null) return "offline.waits";
        if (recorded.State is not { } state) return "offline.declined";
        if (state is PaymentState.DisputeLost) return "offline.came-back";
        if (state is PaymentState.Mismatched) return "offline.mismatched";
        return state is PaymentState.PartlyRefunded or PaymentState.Refunded ? "offline.refunded" : "offline.posted";
    }

    /// <summary>Its return may be recorded.</summary>
    public static bool MayReturn(RecordedPayment recorded) => recorded is
    {
        ReturnId: null, PaymentId: not null, State: PaymentState.Settled or PaymentState.PartlyRefunded,
    };
}
