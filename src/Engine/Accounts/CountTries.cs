using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>
/// Counts tries to sign in under an address, on all nodes together: <see cref="Begin"/> before the password or the code
/// is looked at, then <see cref="TakeBack"/> or <see cref="Forget"/> when it was right. An address that nobody has is
/// counted like any other.
/// </summary>
public sealed class CountTries(Database database, IClock clock)
{
    /// <summary>Refusal: <see cref="Refusal.SignInLocked"/>.</summary>
    public Task<Result<SignInTries>> Begin(int providerNo, string emailKey, CancellationToken ct = default) =>
        database.InTransaction<SignInTries>(
            async (connection, transaction) =>
            {
                var now = clock.GetCurrentInstant();
                var tries = await SignInTriesStore.Lock(connection, transaction, providerNo, emailKey, now);
                var begun = tries.Begin(now);
                if (begun.Accepted)
                    await SignInTriesStore.Save(connection, transaction, providerNo, emailKey, begun.Value);
                return begun;
            },
            ct);

    /// <summary>The password was right and a second step follows, which may yet fail.</summary>
    public Task TakeBack(int providerNo, string emailKey, CancellationToken ct = default) =>
        database.InTransaction<bool>(
            async (connection, transaction) =>
            {
                var now = clock.GetCurrentInstant();
                var tries = await SignInTriesStore.Lock(connection, transaction, providerNo, emailKey, now);
                await SignInTriesStore.Save(connection, transaction, providerNo, emailKey, tries.TakeBack());
                return true;
            },
            ct);

    /// <summary>Somebody is signed in: what was counted is of no interest any more.</summary>
    public Task Forget(int providerNo, string emailKey, CancellationToken ct = default) =>
        database.InTransaction<bool>(
            async (connection, transaction) =>
            {
                await SignInTriesStore.Forget(connection, transaction, providerNo, emailKey);
                return true;
            },
            ct);
}
