using System.Collections.Frozen;
using NodaTime;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Providers;

namespace Tollkeeper.Engine.Providers;

/// <summary>
/// Every provider and policy as this node last read them; replaced whole, so that a reader sees one state.
/// </summary>
public sealed class ProvidersInForce
{
    volatile State state = new(
        FrozenDictionary<string, Provider>.Empty, FrozenDictionary<int, Provider>.Empty,
        FrozenDictionary<int, PolicyVersion[]>.Empty, FrozenDictionary<int, BrandKept>.Empty);

    public IEnumerable<Provider> All => state.ByNo.Values.OrderBy(provider => provider.No);

    /// <param name="host">As in a request's Host header without its port; case does not matter.</param>
    public Result<Provider> ByHost(string host) =>
        state.ByHost.TryGetValue(host, out var provider) ? provider : Refusal.UnknownProvider;

    public Result<Provider> ByNo(int no) =>
        state.ByNo.TryGetValue(no, out var provider) ? provider : Refusal.UnknownProvider;

    /// <summary>The policy in force at an instant. Every provider has one from its creation on.</summary>
    public Result<PolicyVersion> PolicyOf(int providerNo, Instant at)
    {
        if (!state.Policies.TryGetValue(providerNo, out var versions)) return Refusal.UnknownProvider;
        return PolicyVersion.InForce(versions, at) is { } found ? found : Refusal.UnknownProvider;
    }

    /// <summary>How a provider's pages look; a plain brand where it chose nothing.</summary>
    public BrandKept BrandOf(Provider provider) =>
        state.Brands.TryGetValue(provider.No, out var kept) ? kept : new BrandKept(Brand.Plain(provider), []);

    public async Task Refresh(Database database, CancellationToken ct)
    {
        await using var connection = await database.Connect(ct);
        var providers = await ProviderStore.All(connection);
        var policies = await ProviderStore.Policies(connection);
        var brands = await BrandStore.All(connection);
        state = new State(
            providers.ToFrozenDictionary(p => p.Host, StringComparer.OrdinalIgnoreCase),
            providers.ToFrozenDictionary(p => p.No),
            policies.GroupBy(p => p.ProviderNo).ToFrozenDictionary(group => group.Key, group => group.ToArray()),
            brands.ToFrozenDictionary(kept => kept.Brand.ProviderNo));
    }

    sealed record State(
        FrozenDictionary<string, Provider> ByHost, FrozenDictionary<int, Provider> ByNo,
        FrozenDictionary<int, PolicyVersion[]> Policies, FrozenDictionary<int, BrandKept> Brands);
}
