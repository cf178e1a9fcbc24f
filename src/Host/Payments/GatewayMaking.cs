using NodaTime;
using Tollkeeper.Engine.Payments.Gateways;
using Tollkeeper.Payments;

namespace Tollkeeper.Host.Payments;

/// <summary>The client of each gateway, from what a provider has written down of it.</summary>
static class GatewayMaking
{
    public static IGateway Make(GatewayKind kind, GatewaySecrets secrets, IClock clock) => kind switch
    {
        // The sandbox speaks as Stripe does, from its own address.
        GatewayKind.Sandbox or GatewayKind.Stripe => new StripeGateway(
            new StripeAccount(
                secrets.Address.Length > 0 ? new Uri(secrets.Address) : StripeAccount.StripeOrigin, secrets.Secret,
                secrets.Webhook),
            new GatewayClient(NewHttp(), Services.Time), clock),
        GatewayKind.PayPal => new PayPalGateway(
            new PayPalSettings(
                secrets.Address.Length > 0 ? new Uri(secrets.Address) : PayPalSettings.Live, secrets.ClientId,
                secrets.Secret, secrets.Webhook),
            NewHttp(), clock, Services.Time),
    };

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
