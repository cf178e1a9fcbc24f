using System.Globalization;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>
/// Sets how many calls an account may have and start, and from which addresses (R68–R70); the next call meets it.
/// Refusals: <see cref="Refusal.UnknownAccount"/>, <see cref="Refusal.BadLimit"/>,
/// <see cref="Refusal.TooManyNetworks"/>, <see cref="Refusal.ChangedMeanwhile"/>, and
/// <see cref="Refusal.NetworkTaken"/>.
/// </summary>
public sealed class SaveNetwork(Database database, IClock clock)
{
    /// <summary>So many fit into a record, however long they are.</summary>
    const int MostWritten = 20;

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
                if (IsSame(former, wanted)) return former;
                foreach (var network in wanted.Networks)
                {
                    if (await NetworkStore.OwnerOf(connection, transaction, providerNo, network, but: accountNo)
                        is not null)
                        return new Refused(Refusal.NetworkTaken, network.ToString());
                }
                await NetworkStore.Save(connection, transaction, providerNo, accountNo, wanted);
                var record = new AuditRecord(
                    Act.NetworkSet, providerNo, by.UserNo, accountNo, "", by.Name, by.Address);
                foreach (var (before, after) in Words(former, wanted))
                    await AuditRecordStore.Insert(
                        connection, transaction, record with { Before = before, After = after },
                        clock.GetCurrentInstant());
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

    static bool IsSame(NetworkSettings one, NetworkSettings other) =>
        (one.Channels, one.CallsPerSecond) == (other.Channels, other.CallsPerSecond)
        && one.Networks.ToHashSet().SetEquals(other.Networks);

    /// <summary>Before and after; with many addresses in several records.</summary>
    static IEnumerable<(string Before, string After)> Words(NetworkSettings former, NetworkSettings wanted)
    {
        var removed = former.Networks.Except(wanted.Networks).Chunk(MostWritten).ToList();
        var added = wanted.Networks.Except(former.Networks).Chunk(MostWritten).ToList();
        for (var n = 0; n == 0 || n < removed.Count || n < added.Count; n++)
            yield return (
                Words(former) + Words(", removed ", removed.ElementAtOrDefault(n)),
                Words(wanted) + Words(", added ", added.ElementAtOrDefault(n)));
    }

    static string Words(NetworkSettings settings) => string.Create(
        CultureInfo.InvariantCulture,
        $"channels: {settings.Channels}; calls a second: {settings.CallsPerSecond}; addresses: ")
        + (settings.Networks.Count == 0 ? "any" : settings.Networks.Count.ToString(CultureInfo.InvariantCulture));

    static string Words(string what, AllowedNetwork[]? changed) =>
        changed is null ? "" : what + string.Join(", ", changed.Select(network => network.ToString()));
}
