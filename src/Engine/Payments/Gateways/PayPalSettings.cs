using System.Security.Cryptography.X509Certificates;

namespace Tollkeeper.Engine.Payments.Gateways;

/// <summary>What a provider's sign-up at PayPal consists of.</summary>
/// <param name="Api">PayPal's own, live or sandbox.</param>
/// <param name="WebhookId">PayPal's name of where it posts to us; a part of what it signs.</param>
public sealed record PayPalSettings(Uri Api, string ClientId, string Secret, string WebhookId)
{
    public static Uri Live { get; } = new("https://api-m.paypal.com");
    public static Uri Sandbox { get; } = new("https://api-m.sandbox.paypal.com");

    /// <summary>The domain from which, or from below which, a certificate that signs posts may come.</summary>
    public string CertificateDomain { get; init; } = "paypal.com";

    /// <summary>What certificates are traced back to; null: to the roots that the system trusts.</summary>
    public X509Certificate2Collection? Roots { get; init; }
}
