using NodaTime;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Providers;

namespace Tollkeeper.Engine.Providers;

/// <summary>
/// Saves the next version of a provider's policy, in force from its date, at the earliest 60 s from now. Refusals:
/// <see cref="Refusal.UnknownProvider"/>, <see cref="Refusal.PolicyInvalid"/>, <see cref="Refusal.PolicyTooSoon"/>.
/// </summary>
public sealed class SavePolicy(Database database, IClock clock)
{
    /// <param name="effectiveFrom">Null: as soon as may be.</param>
    public Task<Result<PolicyVersion>> Run(
        int providerNo, Policy policy, Instant? effectiveFrom, string by, CancellationToken ct = default) =>
        database.InTransaction<PolicyVersion>(
            async (connection, transaction) =>
            {
                var provider = await ProviderStore.Find(connection, transaction, providerNo);
                if (provider.Refused is { } unknown) return unknown;
                if (PolicyCheck.Problem(policy) is { } problem) return new Refused(Refusal.PolicyInvalid, problem);
                var now = clock.GetCurrentInstant().CutToMicros();
                var from = effectiveFrom?.CutToMicros() ?? now + EffectiveDates.Notice;
                if (EffectiveDates.TooSoon(now, from)) return Refusal.PolicyTooSoon;
                var version = await ProviderStore.AddPolicy(connection, transaction, providerNo, policy, from, now, by);
                await RevisionStore.Raise(connection, transaction, Watched.Policy);
                return new PolicyVersion(providerNo, version, from, policy);
            },
            ct);
}
