using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments.Gateways;

/// <summary>
/// Sets a provider's gateway up, with its secrets sealed, or turns it on and off. Refusal:
/// <see cref="Refusal.ChangedMeanwhile"/>.
/// </summary>
public sealed class SaveGateway(Database database, KeyFile keyFile, IClock clock)
{
    /// <summary>What the secrets of gateways are sealed for.</summary>
    public const string Purpose = "gateway";

    /// <param name="secrets">Null: those that it has.</param>
    /// <param name="version">That the page showed; 0: it is new.</param>
    public Task<Result<KeptGateway>> Run(
        int providerNo, GatewayKind kind, bool enabled, GatewaySecrets? secrets, int version, Actor by,
        CancellationToken ct = default) =>
        database.InTransaction<KeptGateway>(
            async (connection, transaction) =>
            {
                var now = clock.GetCurrentInstant();
                var before = await GatewayStore.Find(connection, transaction, providerNo, kind);
                if (secrets is null && before is null) return Refusal.UnknownGateway;
                var kept = secrets is null ? before!.Sealed : keyFile.Seal(Purpose, secrets.ToBytes());
                var gateway = new KeptGateway(0, providerNo, kind, enabled, kept, version + 1, now, by.Name);
                if (!await GatewayStore.Save(connection, transaction, gateway, version))
                    return Refusal.ChangedMeanwhile;
                // On record is that the secrets changed, and never what they are.
                var record = new AuditRecord(
                    Act.GatewayChanged, providerNo, by.UserNo, null, kind.Word(), by.Name, by.Address)
                {
                    Before = before switch { null => "", { Enabled: true } => "on", { Enabled: false } => "off" },
                    After = (enabled ? "on" : "off") + (secrets is null ? "" : ", new secrets"),
                };
                await AuditRecordStore.Insert(connection, transaction, record, now);
                return gateway;
            },
            ct);
}
