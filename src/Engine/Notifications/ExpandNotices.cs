using System.Data.Common;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Notifications;

namespace Tollkeeper.Engine.Notifications;

/// <summary>
/// Turns notices into mails, one for each who is to be told, in one transaction with the mark that says so: whatever
/// breaks, each is told once. Any number of nodes may do it at once.
/// </summary>
public sealed class ExpandNotices(Database database, IClock clock)
{
    /// <summary>SQLite lets one writer write: calls wait no longer than this takes.</summary>
    int MostAtOnce => database.IsPostgres ? 1_000 : 200;

    /// <returns>How many notices were expanded; more may wait.</returns>
    public Task<int> Run(CancellationToken ct = default) =>
        database.InTransaction(
            async (connection, transaction) =>
            {
                var now = clock.GetCurrentInstant();
                var notices = await MailStore.TakeNotices(connection, transaction, MostAtOnce);
                if (notices.Count == 0) return 0;
                await Write(connection, transaction, notices, now);
                await MailStore.Expanded(connection, transaction, notices.Select(notice => notice.No), now);
                return notices.Count;
            },
            ct);

    /// <summary>The mails of some notices, in the transaction that says that they are written.</summary>
    internal static async Task Write(
        DbConnection connection, DbTransaction transaction, IReadOnlyList<WaitingNotice> notices, Instant now)
    {
        if (notices.Count == 0) return;
        await MailStore.Insert(connection, transaction, await MailsOf(connection, transaction, notices), now);
    }

    static async Task<List<(WaitingNotice Notice, Recipient To)>> MailsOf(
        DbConnection connection, DbTransaction transaction, IReadOnlyList<WaitingNotice> notices)
    {
        var accountNos = notices.Where(notice => notice.UserNo is null).Select(notice => notice.AccountNo)
            .OfType<long>().Distinct().ToList();
        var userNos = notices.Select(notice => notice.UserNo).OfType<long>().Distinct().ToList();
        var people = await RecipientStore.OfAccounts(connection, transaction, accountNos);
        var users = await RecipientStore.Users(connection, transaction, userNos);
        var mails = new List<(WaitingNotice, Recipient)>();
        foreach (var notice in notices)
        {
            if (notice.UserNo is { } userNo)
            {
                mails.AddRange(users[userNo].Select(user => (notice, RecipientOf(notice.Data, user))));
            }
            else if (notice.Data is StrangerNotice stranger)
            {
                Demand.That(EmailAddress.TryParse(stranger.Address, out var address), "a stranger has an address");
                mails.Add((notice, new Recipient(address, stranger.Language, null)));
            }
            else if (notice.AccountNo is { } accountNo)
            {
                var told = Recipients.Of(
                    NoticeTopicOf.Kind(notice.Kind), [.. people.Users[accountNo]],
                    people.Addresses.GetValueOrDefault(accountNo, NoticeAddresses.None),
                    notice.Data.Asker);
                mails.AddRange(told.Select(recipient => (notice, recipient)));
            }
        }
        return mails;
    }

    static Recipient RecipientOf(NoticeData data, NoticeUser user)
    {
        if (data is not EmailChangeNotice change) return Recipients.Of(user, (data as SignInNotice)?.Language);
        Demand.That(EmailAddress.TryParse(change.Address, out var address), "both addresses were checked");
        return Recipients.Of(user, change.Language) with { Address = address };
    }
}
