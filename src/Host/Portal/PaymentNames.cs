using Tollkeeper.Payments;
using Tollkeeper.Providers;

namespace Tollkeeper.Host.Portal;

/// <summary>What pages call deposits, payments and ways to pay.</summary>
static class PaymentNames
{
    public static string KeyOf(DepositState state) => state switch
    {
        DepositState.Outstanding => "payments.state-outstanding",
        DepositState.Paid => "payments.state-paid",
        DepositState.Voided => "payments.state-voided",
    };

    public static string LookOf(DepositState state) => state switch
    {
        DepositState.Outstanding => "state-warn",
        DepositState.Paid => "state-good",
        DepositState.Voided => "",
    };

    public static string KeyOf(PaymentState state) => state switch
    {
        PaymentState.Initiated => "payments.try-initiated",
        PaymentState.Authorized => "payments.try-authorized",
        PaymentState.Pending => "payments.try-pending",
        PaymentState.Settled => "payments.try-settled",
        PaymentState.Cancelled => "payments.try-cancelled",
        PaymentState.Failed => "payments.try-failed",
        PaymentState.PartlyRefunded => "payments.try-partly-refunded",
        PaymentState.Refunded => "payments.try-refunded",
        PaymentState.Disputed => "payments.try-disputed",
        PaymentState.DisputeLost => "payments.try-dispute-lost",
        PaymentState.Mismatched => "payments.try-mismatched",
    };

    public static string LookOf(PaymentState state) => state switch
    {
        PaymentState.Settled => "state-good",
        PaymentState.Initiated or PaymentState.Authorized or PaymentState.Pending => "state-warn",
        PaymentState.Cancelled or PaymentState.PartlyRefunded or PaymentState.Refunded => "",
        PaymentState.Failed or PaymentState.Disputed or PaymentState.DisputeLost or PaymentState.Mismatched =>
            "state-bad",
    };

    public static string KeyOf(PaymentMethod method) => method switch
    {
        PaymentMethod.Card => "payments.method-card",
        PaymentMethod.PayPal => "payments.method-paypal",
        PaymentMethod.Wire => "payments.method-wire",
        PaymentMethod.Ach => "payments.method-ach",
        PaymentMethod.Check => "payments.method-check",
        PaymentMethod.Cash => "payments.method-cash",
    };
}
