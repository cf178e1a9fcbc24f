using System.Data.Common;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>
/// Makes another user of an account its primary admin, and the former one what is said (R66, R73). An account has
/// exactly one before and after: both rows change in one transaction, hand-overs come one after the other, and the
/// database itself refuses a second. Refusals: <see cref="Refusal.UnknownUser"/>, <see cref="Refusal.NotAcceptedYet"/>,
/// <see cref="Refusal.BadRole"/>, and <see cref="Refusal.NotPrimaryAdmin"/> when the account's primary admin is not,
/// or not any more, who it was when the page was shown.
/// </summary>
public sealed class HandOverPrimaryAdmin(Database database, IClock clock)
{
    /// <param name="formerId">Who hands over: the primary admin as the page showed it.</param>
    /// <param name="formerBecomes">Any role of a customer but the primary admin's.</param>
    public Task<Result<User>> Run(
        Team account, string formerId, string toId, Role? formerBecomes, Actor by, CancellationToken ct = default) =>
        database.InTransaction<User>(
            async (connection, transaction) =>
            {
                Demand.That(!account.IsStaff, "an account has a primary admin, staff have owners");
                if (account.Problem(formerBecomes) is { } badRole) return badRole;
                var revision = await RevisionStore.Raise(connection, transaction, Watched.Session);
                var former = await UserStore.FindIn(connection, transaction, account, formerId);
                if (former.Refused is not null || former.Value.Role != Role.PrimaryAdmin)
                    return Refusal.NotPrimaryAdmin;
                var next = await UserStore.FindIn(connection, transaction, account, toId);
                if (next.Refused is { } unknown) return unknown;
                if (next.Value.No == former.Value.No) return next;
                if (next.Value.Locked || !next.Value.HasCome) return Refusal.NotAcceptedYet;
                var (less, more) = (
                    former.Value with { Role = formerBecomes!.Value },
                    next.Value with { Role = Role.PrimaryAdmin });
                // In this order: never two.
                if (!await UserStore.Update(connection, transaction, less, revision)
                    || !await UserStore.Update(connection, transaction, more, revision))
                    return Refusal.ChangedMeanwhile;
                await Write(connection, transaction, less, more, by, clock.GetCurrentInstant());
                return more with { Version = more.Version + 1 };
            },
            ct);

    static async Task Write(
        DbConnection connection, DbTransaction transaction, User former, User next, Actor by, Instant now)
    {
        var record = AuditRecord.OfUser(Act.PrimaryAdminHandedOver, next, by) with
        {
            Before = former.Email.Text,
            After = next.Email.Text,
        };
        await AuditRecordStore.Insert(connection, transaction, record, now);
        var notice = new PrimaryAdminNotice(former.Email.Text, next.Email.Text, by.Name, now.ToMicros());
        await NoticeStore.Insert(connection, transaction, Notice.ToUser(former, notice), now);
        await NoticeStore.Insert(connection, transaction, Notice.ToUser(next, notice), now);
    }
}
