using NodaTime;
using Tollkeeper.Engine.Payments.Gateways;
using Tollkeeper.Payments;

namespace Tollkeeper.Host.Payments;

/// <summary>The client of each gateway, from what a provider has written down of it.</summary>
static class GatewayMaking
{
    /// <param name="sandbox">Where the sandbox listens, which speaks as Stripe does; null where none is served.</param>
    public static IGateway Make(GatewayKind kind, GatewaySecrets secrets, Uri? sandbox, IClock clock) => kind switch
    {
        GatewayKind.Sandbox => StripeAt(sandbox ?? Nowhere, secrets, clock),
        GatewayKind.Stripe => StripeAt(AddressOf(secrets) ?? StripeAccount.StripeOrigin, secrets, clock),
        GatewayKind.PayPal => new PayPalGateway(
            new PayPalSettings(
                AddressOf(secrets) ?? PayPalSettings.Live, secrets.ClientId, secrets.Secret, secrets.Webhook),
            NewHttp(), clock, Services.Time),
    };

    /// <summary>Nobody listens there: what is asked is asked again.</summary>
    static readonly Uri Nowhere = new("http://127.0.0.1:1");

    static StripeGateway StripeAt(Uri origin, GatewaySecrets secrets, IClock clock) => new(
        new StripeAccount(origin, secrets.Secret, secrets.Webhook), new GatewayClient(NewHttp(), Services.Time), clock);

    static Uri? AddressOf(GatewaySecrets secrets) => secrets.Address.Length > 0 ? new Uri(secrets.Address) : null;

    /// <summary>One for each gateway of a provider, kept: it holds its connections for five minutes.</summary>
    static HttpClient NewHttp() => new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(5),
        });
}
