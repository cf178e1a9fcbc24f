using System.Security.Cryptography;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Payments.Gateways;
using Tollkeeper.Host.Sandbox;
using Tollkeeper.Payments;

namespace Tollkeeper.Host.Payments;

/// <summary>
/// The sandbox gateway beside a server whose providers take money by it. Those of a demonstration do from its first
/// start; no other provider ever gets one, for it gives credit for nothing.
/// </summary>
public static class SandboxBeside
{
    /// <param name="isDemonstration">Every provider that has no gateway gets the sandbox.</param>
    /// <param name="listening">Where the server listens: the sandbox posts there what happens.</param>
    /// <returns>Null where no provider uses it.</returns>
    public static async Task<SandboxServer?> Start(
        Installation installation, bool isDemonstration, string listening, CancellationToken ct = default)
    {
        if (isDemonstration) await SetUp(installation, ct);
        IReadOnlyList<KeptGateway> used;
        await using (var connection = await installation.Database.Connect(ct))
            used = await GatewayStore.Enabled(connection, GatewayKind.Sandbox);
        if (used.Count == 0) return null;
        var settings = installation.Settings;
        var sandbox = await SandboxServer.Start(
            new SandboxSettings(settings.DataFolder, settings.SandboxUrl, installation.Clock, Services.Time), ct);
        installation.SandboxOrigin = sandbox.Origin;
        foreach (var gateway in used)
        {
            var secrets = installation.Gateways.SecretsOf(gateway);
            var provider = installation.Rules.Providers.ByNo(gateway.ProviderNo).Value;
            if (secrets.Refused is not null) continue;
            await sandbox.Enroll(new SandboxMerchant(
                provider.Name, secrets.Value.Secret, secrets.Value.Webhook,
                new Uri($"{listening.TrimEnd('/')}/v1/gateways/{GatewayKind.Sandbox.Word()}/events"), provider.Host));
        }
        return sandbox;
    }

    static async Task SetUp(Installation installation, CancellationToken ct)
    {
        var save = new SaveGateway(installation.Database, installation.KeyFile, installation.Clock);
        foreach (var provider in installation.Rules.Providers.All)
        {
            await using var connection = await installation.Database.Connect(ct);
            if ((await GatewayStore.Of(connection, null, provider.No)).Count > 0) continue;
            var secrets = new GatewaySecrets("", $"sk_test_{Random()}", $"whsec_{Random()}", "");
            await save.Run(
                provider.No, GatewayKind.Sandbox, enabled: true, secrets, 0, Actor.Named("demonstration"), ct);
        }
    }

    static string Random() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
