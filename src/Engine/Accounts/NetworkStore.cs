using System.Data.Common;
using Dapper;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>How much an account may send and from where (R68, R69).</summary>
/// <param name="Version">Counts changes; who saves an older one has lost against somebody else.</param>
public sealed record NetworkSettings(
    int Channels, int CallsPerSecond, IReadOnlyList<AllowedNetwork> Networks, int Version)
{
    public const int MostCalls = 1_000_000;
}

/// <summary>A switch of a provider.</summary>
/// <param name="KeyName">By which key it was last heard of: its name, or its id where it has none; null: by none.
/// </param>
public sealed record KnownSwitch(int No, string Name, Instant LastSeenAt, string? KeyName);

/// <summary>Limits and addresses of accounts, and the switches that they call through.</summary>
public static class NetworkStore
{
    const string SettingsOf = "select channels, calls_per_second, networks, network_version from account where no = $1";

    const string SwitchesOf =
        """
        select s.no, s.name, s.last_seen_at_micros, coalesce(nullif(k.name, ''), k.id_part)
        from switch s left join access_key k on k.no = s.key_no
        where s.provider_no = $1 order by s.name
        """;

    /// <summary>What the page of an account's network shows, in one round trip.</summary>
    public static async Task<(NetworkSettings Settings, IReadOnlyList<KnownSwitch> Switches)> Read(
        Database database, int providerNo, long accountNo, CancellationToken ct)
    {
        NetworkSettings? settings = null;
        var switches = new List<KnownSwitch>();
        await database.Reads.Ask(
            [
                new PageQuestion(
                    SettingsOf,
                    row => settings = new NetworkSettings(
                        row.Int(), row.Int(), AllowedNetwork.ReadKept(row.Text()), row.Int()),
                    accountNo),
                new PageQuestion(
                    SwitchesOf,
                    row => switches.Add(new KnownSwitch(
                        row.Int(), row.Text(), Instants.FromMicros(row.Long()), row.TextOrNull())),
                    (long)providerNo),
            ],
            ct);
        Demand.That(settings is not null, "the account was found before");
        return (settings, switches);
    }

    /// <summary>
    /// Null where the provider has no such account. Until the transaction ends nobody else changes what belongs to the
    /// provider's accounts here: that no address is two accounts' can then be seen.
    /// </summary>
    public static async Task<NetworkSettings?> Lock(
        DbConnection connection, DbTransaction transaction, int providerNo, long accountNo)
    {
        await connection.ExecuteAsync(
            "update provider set currency = currency where no = @providerNo", new { providerNo }, transaction);
        var row = await connection.QuerySingleOrDefaultAsync<SettingsRow>(
            """
            select channels, calls_per_second, networks, network_version from account
            where no = @accountNo and provider_no = @providerNo
            """,
            new { accountNo, providerNo }, transaction);
        return row is null
            ? null
            : new NetworkSettings(
                row.Channels, row.CallsPerSecond, AllowedNetwork.ReadKept(row.Networks), row.NetworkVersion);
    }

    public static async Task Save(
        DbConnection connection, DbTransaction transaction, int providerNo, long accountNo, NetworkSettings settings)
    {
        await connection.ExecuteAsync(
            """
            update account set channels = @Channels, calls_per_second = @CallsPerSecond, networks = @networks,
              network_version = network_version + 1
            where no = @accountNo
            """,
            new
            {
                accountNo,
                settings.Channels,
                settings.CallsPerSecond,
                networks = AllowedNetwork.Write(settings.Networks),
            },
            transaction);
        await connection.ExecuteAsync(
            "delete from account_network where account_no = @accountNo", new { accountNo }, transaction);
        foreach (var network in settings.Networks)
        {
            await connection.ExecuteAsync(
                """
                insert into account_network (account_no, provider_no, network, first_address, last_address)
                values (@accountNo, @providerNo, @network, @first, @last)
                """,
                new
                {
                    accountNo,
                    providerNo,
                    network = network.ToString(),
                    first = Digits(network.First),
                    last = Digits(network.Last),
                },
                transaction);
        }
    }

    /// <summary>
    /// Whose account an address belongs to, or a part of a network; null for nobody's. Networks of a provider do not
    /// overlap, so that the last one that begins before the end is the only one to look at.
    /// </summary>
    /// <param name="but">An account that does not count.</param>
    public static Task<long?> OwnerOf(
        DbConnection connection, DbTransaction? transaction, int providerNo, AllowedNetwork network, long but = 0) =>
        connection.ExecuteScalarAsync<long?>(
            """
            select account_no from (
              select account_no, last_address from account_network
              where provider_no = @providerNo and first_address <= @last and account_no <> @but
              order by first_address desc limit 1) nearest
            where last_address >= @first
            """,
            new { providerNo, first = Digits(network.First), last = Digits(network.Last), but }, transaction);

    internal static string Digits(UInt128 address) =>
        address.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);

    sealed class SettingsRow
    {
        public int Channels { get; init; }
        public int CallsPerSecond { get; init; }
        public string Networks { get; init; } = "";
        public int NetworkVersion { get; init; }
    }
}
