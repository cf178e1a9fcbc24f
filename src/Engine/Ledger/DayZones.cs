using NodaTime;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Providers;

namespace Tollkeeper.Engine.Ledger;

/// <summary>The zone by which each provider's days were kept, for whoever looks at the books without serving.</summary>
public static class DayZones
{
    /// <summary>Null for a provider whose policies had several zones: its days are of no one zone.</summary>
    public static async Task<Func<int, DateTimeZone?>> Of(Database database, CancellationToken ct = default)
    {
        await using var connection = await database.Connect(ct);
        var zones = (await ProviderStore.Policies(connection))
            .GroupBy(version => version.ProviderNo)
            .ToDictionary(versions => versions.Key, OfAll);
        return providerNo => zones.GetValueOrDefault(providerNo);
    }

    static DateTimeZone? OfAll(IEnumerable<PolicyVersion> versions)
    {
        var names = versions.Select(version => version.Policy.Calendar).DistinctBy(calendar => calendar.Zone).ToList();
        return names.Count == 1 && BillingZone.Of(names[0]) is { Accepted: true } zone ? zone.Value : null;
    }
}
