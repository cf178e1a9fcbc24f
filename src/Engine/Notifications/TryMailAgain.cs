using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Notifications;

/// <summary>
/// Sends a mail again that was refused or given up, because the address works now. One with a link is asked for anew by
/// whoever needs it. Refusal: <see cref="Refusal.PageNotFound"/> for every other mail.
/// </summary>
public sealed class TryMailAgain(Database database, IClock clock)
{
    public Task<Result<bool>> Run(Person by, KeptMail mail, string address, CancellationToken ct = default) =>
        database.InTransaction<bool>(
            async (connection, transaction) =>
            {
                var now = clock.GetCurrentInstant();
                if (NoticeKinds.LinkOf(mail.Listed.Kind) is not null
                    || !await MailStore.TryAgain(connection, transaction, by.ProviderNo, mail.Listed.Id, now))
                    return Refusal.PageNotFound;
                var record = new AuditRecord(
                    Act.MailTriedAgain, by.ProviderNo, by.UserNo, mail.AccountNo, mail.Listed.Id, mail.Listed.To,
                    address);
                await AuditRecordStore.Insert(connection, transaction, record, now);
                return true;
            },
            ct);
}
