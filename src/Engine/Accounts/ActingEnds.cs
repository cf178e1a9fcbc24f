using System.Data.Common;
using NodaTime;
using Tollkeeper.Accounts;

namespace Tollkeeper.Engine.Accounts;

/// <summary>
/// Puts on record, in the transaction of whatever ends it, that staff look at a customer's portal no longer; what was
/// over by then ended when its time was over.
/// </summary>
static class ActingEnds
{
    /// <param name="whose">Which of the user's sessions, by id.</param>
    /// <param name="by">Who ended it, for people.</param>
    public static async Task Run(
        DbConnection connection, DbTransaction transaction, long userNo, Func<string, bool> whose, long revision,
        Instant now, string by, string address = "")
    {
        foreach (var one in await SessionStore.ActingOf(connection, transaction, userNo))
        {
            if (whose(one.SessionId)) await Run(connection, transaction, one, revision, now, by, address);
        }
    }

    /// <summary>Of those sessions that ended because the user has another stamp now.</summary>
    public static async Task OfEnded(
        DbConnection connection, DbTransaction transaction, User user, long revision, Instant now, string by)
    {
        foreach (var one in await SessionStore.ActingOfEnded(connection, transaction, user))
            await Run(connection, transaction, one, revision, now, by, "");
    }

    public static async Task Run(
        DbConnection connection, DbTransaction transaction, OpenActing one, long revision, Instant now, string by,
        string address)
    {
        if (!await SessionStore.EndActing(connection, transaction, one, revision)) return;
        var record = new AuditRecord(
            Act.ActingEnded, one.ProviderNo, one.UserNo, one.AccountNo, one.AccountId, by, address);
        if (one.Until <= now) record = record with { Details = "by itself", Address = "" };
        await AuditRecordStore.Insert(connection, transaction, record, Instant.Min(one.Until, now));
    }
}
