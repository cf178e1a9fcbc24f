using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>
/// Sets how many calls an account may have and start, and from which addresses (R68–R70); the next call meets it.
/// Refusals: <see cref="Refusal.UnknownAccount"/>, <see cref="Refusal.BadLimit"/>,
/// <see cref="Refusal.TooManyNetworks"/>, <see cref="Refusal.ChangedMeanwhile"/>, and
/// <see cref="Refusal.NetworkTaken"/>, since an address names the caller to a switch.
/// </summary>
public sealed class SaveNetwork(Database database, IClock clock)
{
    /// <param name="wanted">With the version that was seen.</param>
    /// <returns>As it now is.</returns>
    public Task<Result<NetworkSettings>> Run(
        int providerNo, long accountNo, NetworkSettings wanted, Actor by, CancellationToken ct = default) =>
        database.InTransaction<NetworkSettings>(
            async (connection, transaction) =>
            {
                if (Problem(wanted) is { } problem) return problem;
                var former = await NetworkStore.Lock(connection, transaction, providerNo, accountNo);
                if (former is null) return Refusal.UnknownAccount;
                if (former.Version != wanted.Version) return Refusal.ChangedMeanwhile;
                if (Words(former) == Words(wanted)) return former;
                foreach (var network in wanted.Networks)
                {
                    if (await NetworkStore.OwnerOf(connection, transaction, providerNo, network, but: accountNo)
                        is not null)
                        return new Refused(Refusal.NetworkTaken, network.ToString());
                }
                await NetworkStore.Save(connection, transaction, providerNo, accountNo, wanted);
                var record = new AuditRecord(
                    Act.NetworkSet, providerNo, by.UserNo, accountNo, "", by.Name, by.Address)
                {
                    Before = Words(former),
                    After = Words(wanted),
                };
                await AuditRecordStore.Insert(connection, transaction, record, clock.GetCurrentInstant());
                return wanted with { Version = wanted.Version + 1 };
            },
            ct);

    static Refused? Problem(NetworkSettings wanted)
    {
        if (wanted.Channels is < 0 or > NetworkSettings.MostCalls) return new Refused(Refusal.BadLimit, "channels");
        if (wanted.CallsPerSecond is < 0 or > NetworkSettings.MostCalls)
            return new Refused(Refusal.BadLimit, "callsPerSecond");
        return wanted.Networks.Count > AllowedNetwork.Most ? new Refused(Refusal.TooManyNetworks) : null;
    }

    static string Words(NetworkSettings settings) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"channels: {settings.Channels}; calls a second: {settings.CallsPerSecond}; addresses: {Addresses(settings)}");

    static string Addresses(NetworkSettings settings) =>
        settings.Networks.Count == 0 ? "any" : string.Join(", ", settings.Networks);
}
