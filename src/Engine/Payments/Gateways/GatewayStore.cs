using System.Data.Common;
using Dapper;
using NodaTime;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments.Gateways;

/// <summary>Which gateways each provider uses.</summary>
public static class GatewayStore
{
    const string Columns =
        "no, provider_no, kind, enabled, secrets as sealed, version, changed_at_micros, changed_by";

    public static async Task<KeptGateway?> Find(
        DbConnection connection, DbTransaction? transaction, int providerNo, GatewayKind kind)
    {
        var row = await connection.QuerySingleOrDefaultAsync<GatewayRow>(
            $"select {Columns} from gateway where provider_no = @providerNo and kind = @kind",
            new { providerNo, kind = (short)kind }, transaction);
        return row?.ToGateway();
    }

    public static async Task<IReadOnlyList<KeptGateway>> Of(
        DbConnection connection, DbTransaction? transaction, int providerNo)
    {
        var rows = await connection.QueryAsync<GatewayRow>(
            $"select {Columns} from gateway where provider_no = @providerNo order by kind", new { providerNo },
            transaction);
        return [.. rows.Select(row => row.ToGateway())];
    }

    public static async Task<IReadOnlyList<KeptGateway>> Enabled(DbConnection connection, GatewayKind kind)
    {
        var rows = await connection.QueryAsync<GatewayRow>(
            $"select {Columns} from gateway where kind = @kind and enabled = 1 order by provider_no",
            new { kind = (short)kind });
        return [.. rows.Select(row => row.ToGateway())];
    }

    /// <param name="version">That the change was made of; 0: there was none.</param>
    /// <returns>False when somebody else changed it meanwhile.</returns>
    public static async Task<bool> Save(
        DbConnection connection, DbTransaction transaction, KeptGateway gateway, int version)
    {
        var values = new
        {
            gateway.ProviderNo,
            kind = (short)gateway.Kind,
            enabled = (short)(gateway.Enabled ? 1 : 0),
            secrets = gateway.Sealed,
            version,
            at = gateway.ChangedAt.ToMicros(),
            gateway.ChangedBy,
        };
        var sql = version == 0
            ? """
              insert into gateway (
                provider_no, kind, enabled, secrets, version, changed_at_micros, changed_by)
              values (@ProviderNo, @kind, @enabled, @secrets, 1, @at, @ChangedBy) on conflict do nothing
              """
            : """
              update gateway set enabled = @enabled, secrets = @secrets, version = version + 1,
                changed_at_micros = @at, changed_by = @ChangedBy
              where provider_no = @ProviderNo and kind = @kind and version = @version
              """;
        return await connection.ExecuteAsync(sql, values, transaction) == 1;
    }

    sealed class GatewayRow
    {
        public long No { get; init; }
        public int ProviderNo { get; init; }
        public int Kind { get; init; }
        public int Enabled { get; init; }
        public byte[] Sealed { get; init; } = [];
        public int Version { get; init; }
        public long ChangedAtMicros { get; init; }
        public string ChangedBy { get; init; } = "";

        public KeptGateway ToGateway() => new(
            No, ProviderNo, (GatewayKind)Kind, Enabled != 0, Sealed, Version, Instants.FromMicros(ChangedAtMicros),
            ChangedBy);
    }
}
