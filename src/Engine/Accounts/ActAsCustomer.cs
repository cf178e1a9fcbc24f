using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>
/// Lets one of the staff look at a customer's portal for a while: the session stays the staff's, and says whose portal
/// it looks at. Looking at another's ends with it; looking at the same one's goes on as it is. Refusals:
/// <see cref="Refusal.FieldEmpty"/> and <see cref="Refusal.BadText"/> for the reason,
/// <see cref="Refusal.NotSignedIn"/>.
/// </summary>
public sealed class StartActing(Database database, IClock clock, SessionsInForce sessions)
{
    public const int LongestReason = 200;

    public async Task<Result<Acting>> Run(
        Person staff, long accountNo, string accountId, string reason, string address, CancellationToken ct = default)
    {
        Demand.That(staff.IsStaff, "staff act as customers");
        if (string.IsNullOrWhiteSpace(reason)) return new Refused(Refusal.FieldEmpty, "Reason");
        if (!PlainText.Fits(reason, LongestReason)) return new Refused(Refusal.BadText, "Reason");
        var acting = await database.InTransaction<Acting>(
            async (connection, transaction) =>
            {
                var now = clock.GetCurrentInstant();
                var began = new Acting(accountNo, accountId, now + Acting.Longest);
                var revision = await RevisionStore.Raise(connection, transaction, Watched.Session);
                var open = (await SessionStore.ActingOf(connection, transaction, staff.UserNo))
                    .FirstOrDefault(one => one.SessionId == staff.SessionId);
                if (open is not null && open.AccountNo == accountNo && now < open.Until)
                    return new Acting(accountNo, accountId, open.Until);
                if (open is not null)
                    await ActingEnds.Run(connection, transaction, open, revision, now, staff.Email, address);
                if (!await SessionStore.StartActing(connection, transaction, staff.SessionId, began, revision, now))
                    return Refusal.NotSignedIn;
                var record = new AuditRecord(
                    Act.ActingStarted, staff.ProviderNo, staff.UserNo, accountNo, accountId, reason.Trim(), address);
                await AuditRecordStore.Insert(connection, transaction, record, now);
                return began;
            },
            ct);
        await sessions.Forget([staff.SessionId], ct);
        return acting;
    }
}

/// <summary>Leads the staff back to their own pages; ending it again changes nothing.</summary>
public sealed class EndActing(Database database, IClock clock, SessionsInForce sessions)
{
    /// <summary>How many are ended by the clock in one transaction.</summary>
    const int AtOnce = 100;

    public async Task Run(Person who, string address, CancellationToken ct = default)
    {
        await database.InTransaction<bool>(
            async (connection, transaction) =>
            {
                var revision = await RevisionStore.Raise(connection, transaction, Watched.Session);
                await ActingEnds.Run(
                    connection, transaction, who.UserNo, id => id == who.SessionId, revision,
                    clock.GetCurrentInstant(), who.Email, address);
                return true;
            },
            ct);
        await sessions.Forget([who.SessionId], ct);
    }

    /// <summary>Puts the ends on record that came with the time alone.</summary>
    public Task RunOverdue(CancellationToken ct = default) =>
        database.InTransaction<bool>(
            async (connection, transaction) =>
            {
                var now = clock.GetCurrentInstant();
                var overdue = await SessionStore.ActingOver(connection, transaction, now, AtOnce);
                if (overdue.Count == 0) return false;
                var revision = await RevisionStore.Raise(connection, transaction, Watched.Session);
                foreach (var one in overdue)
                    await ActingEnds.Run(connection, transaction, one, revision, now, "", "");
                return true;
            },
            ct);
}
