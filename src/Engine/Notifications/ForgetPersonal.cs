using NodaTime;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Providers;

namespace Tollkeeper.Engine.Notifications;

/// <summary>
/// Removes what a provider's rules no longer keep of people: sign-ups that came to nothing, the words of old mails; a
/// little at a time.
/// </summary>
public sealed class ForgetPersonal(Database database, IClock clock)
{
    const int AtOnce = 500;

    public async Task<(int SignUps, int Mails)> Run(int providerNo, RetentionRules rules, CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        var signUps = await Repeat((connection, transaction) => SignUpStore.ForgetBefore(
            connection, transaction, providerNo, now - Duration.FromDays(rules.SignUpDays), AtOnce), ct);
        var mails = await Repeat((connection, transaction) => KeptMailStore.ForgetWordsBefore(
            connection, transaction, providerNo, now - Duration.FromDays(rules.MailDays), AtOnce), ct);
        return (signUps, mails);
    }

    async Task<int> Repeat(
        Func<System.Data.Common.DbConnection, System.Data.Common.DbTransaction, Task<int>> some, CancellationToken ct)
    {
        var (all, last) = (0, AtOnce);
        while (last == AtOnce)
        {
            ct.ThrowIfCancellationRequested();
            last = await database.InTransaction<int>(some, ct);
            all += last;
        }
        return all;
    }
}
