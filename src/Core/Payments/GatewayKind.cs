using Tollkeeper.Providers;

namespace Tollkeeper.Payments;

/// <summary>The gateways that there are. The numbers are stored: never renumber.</summary>
public enum GatewayKind
{
    /// <summary>Of our own, to try everything out: no real money.</summary>
    Sandbox = 1,
    Stripe = 2,
    PayPal = 3,
}

public static class GatewayKinds
{
    /// <summary>As payments, the books and addresses name it.</summary>
    public static string Word(this GatewayKind kind) => kind switch
    {
        GatewayKind.Sandbox => "sandbox",
        GatewayKind.Stripe => "stripe",
        GatewayKind.PayPal => "paypal",
    };

    /// <summary>Null where no gateway is named so.</summary>
    public static GatewayKind? Named(string word) =>
        Enum.GetValues<GatewayKind>().Cast<GatewayKind?>().FirstOrDefault(kind => kind!.Value.Word() == word);

    /// <summary>Whether the customer can pay by that method there.</summary>
    public static bool Takes(this GatewayKind kind, PaymentMethod method) => kind switch
    {
        GatewayKind.Sandbox => method is PaymentMethod.Card or PaymentMethod.PayPal,
        GatewayKind.Stripe => method == PaymentMethod.Card,
        GatewayKind.PayPal => method == PaymentMethod.PayPal,
    };
}
