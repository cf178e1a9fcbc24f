using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>Removes what signing in left behind and nobody can use any more. Records stay.</summary>
public sealed class ForgetOldSignIns(Database database, IClock clock)
{
    static readonly Duration AWeek = Duration.FromDays(7);

    public Task Run(CancellationToken ct = default) =>
        database.InTransaction<bool>(
            async (connection, transaction) =>
            {
                var now = clock.GetCurrentInstant();
                await SignInTriesStore.ForgetBefore(connection, transaction, now - SignInTries.RememberedFor);
                await MailLinkStore.ForgetBefore(connection, transaction, now - AWeek);
                await EmailChangeStore.ForgetBefore(connection, transaction, now);
                await KnownPlaceStore.ForgetBefore(connection, transaction, now - NetworkPlace.RememberedFor);
                await FormKeyStore.ForgetBefore(connection, transaction, now - AWeek);
                await SessionStore.ForgetBefore(connection, transaction, now - SessionLife.Longest - AWeek);
                return true;
            },
            ct);
}
