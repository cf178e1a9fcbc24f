using System.Collections.Concurrent;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Payments;
using Tollkeeper.Providers;

namespace Tollkeeper.Engine.Payments.Gateways;

/// <summary>
/// The gateways of every provider as they are set up now. A client is kept as long as its settings stand; it is made
/// anew at the first use after they changed, on whatever node.
/// </summary>
/// <param name="make">Makes the client of one gateway.</param>
public sealed class GatewaysInForce(
    Database database, KeyFile keyFile, Func<GatewayKind, GatewaySecrets, IGateway> make)
{
    readonly ConcurrentDictionary<(int ProviderNo, GatewayKind Kind), (int Version, IGateway Gateway)> clients = new();

    /// <summary>Also of one that is turned off: what was begun there goes on. Refusals:
    /// <see cref="Refusal.UnknownGateway"/>, <see cref="Refusal.KeyFileDiffers"/>.</summary>
    public async Task<Result<IGateway>> Of(int providerNo, string word, CancellationToken ct = default)
    {
        if (GatewayKinds.Named(word) is not { } kind) return Refusal.UnknownGateway;
        await using var connection = await database.Connect(ct);
        var kept = await GatewayStore.Find(connection, null, providerNo, kind);
        return kept is null ? Refusal.UnknownGateway : Client(kept);
    }

    /// <summary>
    /// The gateway by which customers of a provider pay by a method now. Refusal:
    /// <see cref="Refusal.MethodNotOffered"/>.
    /// </summary>
    public async Task<Result<GatewayKind>> For(int providerNo, PaymentMethod method, CancellationToken ct = default)
    {
        await using var connection = await database.Connect(ct);
        var gateways = await GatewayStore.Of(connection, null, providerNo);
        return gateways.FirstOrDefault(one => one.Enabled && one.Kind.Takes(method)) is { } found
            ? found.Kind
            : Refusal.MethodNotOffered;
    }

    /// <summary>Refusal: <see cref="Refusal.KeyFileDiffers"/>.</summary>
    public Result<GatewaySecrets> SecretsOf(KeptGateway kept)
    {
        var opened = keyFile.Unseal(SaveGateway.Purpose, kept.Sealed);
        return opened.Refused is { } foreign ? foreign : GatewaySecrets.Read(opened.Value);
    }

    Result<IGateway> Client(KeptGateway kept)
    {
        var key = (kept.ProviderNo, kept.Kind);
        if (clients.TryGetValue(key, out var known) && known.Version == kept.Version)
            return Result<IGateway>.Of(known.Gateway);
        var secrets = SecretsOf(kept);
        if (secrets.Refused is { } foreign) return foreign;
        var gateway = make(kept.Kind, secrets.Value);
        clients[key] = (kept.Version, gateway);
        return Result<IGateway>.Of(gateway);
    }
}
