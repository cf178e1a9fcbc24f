using System.Text.Json;
using NodaTime;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments.Gateways;

/// <summary>What a provider signed up for at a gateway, as it is kept: its secrets are sealed.</summary>
/// <param name="Version">Grows with each change.</param>
public sealed record KeptGateway(
    long No, int ProviderNo, GatewayKind Kind, bool Enabled, byte[] Sealed, int Version, Instant ChangedAt,
    string ChangedBy);

/// <summary>By what a gateway knows the provider, and the provider the gateway; never shown again.</summary>
/// <param name="ClientId">At PayPal the name of the program; empty elsewhere.</param>
/// <param name="Secret">With which we ask.</param>
/// <param name="Webhook">What proves that it is the gateway which posts: a signing secret, at PayPal the webhook's id.
/// </param>
/// <param name="Address">Where the gateway is; empty: its usual address.</param>
public sealed record GatewaySecrets(string ClientId, string Secret, string Webhook, string Address)
{
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this);

    public static GatewaySecrets Read(ReadOnlySpan<byte> bytes) => JsonSerializer.Deserialize<GatewaySecrets>(bytes)!;
}
