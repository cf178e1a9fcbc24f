using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Notifications;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Host.SignIn;

namespace Tollkeeper.Host.Notifications;

/// <summary>
/// Tells one user something from a command, where nothing may be serving: the mail is handed over at once, and where
/// that cannot be now, it waits for whatever serves next.
/// </summary>
sealed class SendNow(Database database, IClock clock, Settings settings)
{
    /// <returns>The mail server's answer, or the file.</returns>
    public async Task<string> Run(User user, NoticeData data, CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        var noticeNo = await database.InTransaction(
            (connection, transaction) => NoticeStore.Insert(connection, transaction, Notice.ToUser(user, data), now),
            ct);
        var expand = new ExpandNotices(database, clock);
        while (await expand.Run(ct) > 0)
        {
            // Older ones come first.
        }
        var providers = new ProvidersInForce();
        await providers.Refresh(database, ct);
        await using var courier = NotificationsSetup.CourierOf(settings);
        await using var writer = new WriteLetter(providers, new PublicUrl(settings), keyFile: null);
        var deliver = new DeliverMails(
            database, clock, providers, SmtpSettings.PatternOf(settings), writer, courier);
        var answer = "";
        foreach (var mail in await deliver.Claim(1, noticeNo, ct))
        {
            var done = await deliver.Deliver(mail, ct);
            await deliver.Record([done], CancellationToken.None);
            answer = done.Outcome.Answer;
        }
        return answer;
    }
}
