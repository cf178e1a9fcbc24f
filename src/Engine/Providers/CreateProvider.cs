using NodaTime;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Providers;

namespace Tollkeeper.Engine.Providers;

/// <summary>
/// A provider to be: its name and host, the currency of its books, and its first policy, in force at once.
/// </summary>
public sealed record NewProvider(string Name, string Host, Currency Currency, Policy Policy, string By);

/// <summary>
/// Refusals: <see cref="Refusal.BadText"/>, <see cref="Refusal.PolicyInvalid"/>, <see cref="Refusal.AlreadyExists"/>.
/// </summary>
public sealed class CreateProvider(Database database, IClock clock)
{
    public Task<Result<Provider>> Run(NewProvider wanted, CancellationToken ct = default) =>
        database.InTransaction<Provider>(
            async (connection, transaction) =>
            {
                if (!PlainText.Fits(wanted.Name, 64)) return new Refused(Refusal.BadText, "name");
                if (!HostName.Fits(wanted.Host)) return new Refused(Refusal.BadText, "host");
                if (PolicyCheck.Problem(wanted.Policy) is { } problem)
                    return new Refused(Refusal.PolicyInvalid, problem);
                var now = clock.GetCurrentInstant().CutToMicros();
                var id = Database.NewId(PublicId.Provider);
                if (await ProviderStore.Insert(connection, transaction, id.Text, wanted, now) is not { } no)
                    return new Refused(Refusal.AlreadyExists, $"{wanted.Name} at {wanted.Host}");
                await ProviderStore.AddPolicy(connection, transaction, no, wanted.Policy, now, now, wanted.By);
                await RevisionStore.Raise(connection, transaction, Watched.Provider);
                await RevisionStore.Raise(connection, transaction, Watched.Policy);
                return new Provider(no, id, wanted.Name, wanted.Host, wanted.Currency, now);
            },
            ct);
}
