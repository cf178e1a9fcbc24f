using System.Data.Common;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>
/// Puts something before the people who decide. Called in the transaction of whatever is proposed, or alone.
/// </summary>
public sealed class Propose(Database database, IClock clock)
{
    /// <returns>Its id.</returns>
    public Task<string> Run(NewApproval wanted, Actor by, CancellationToken ct = default) =>
        database.InTransaction((connection, transaction) =>
            In(connection, transaction, wanted, by, clock.GetCurrentInstant()), ct);

    public static async Task<string> In(
        DbConnection connection, DbTransaction transaction, NewApproval wanted, Actor by, Instant now)
    {
        var id = await ApprovalStore.Insert(connection, transaction, wanted, by, now);
        var record = new AuditRecord(
            Act.Proposed, wanted.ProviderNo, by.UserNo, wanted.AccountNo, id, by.Name, by.Address)
        {
            After = $"{wanted.Kind}: {wanted.Subject}",
        };
        await AuditRecordStore.Insert(connection, transaction, record, now);
        return id;
    }

    /// <summary>
    /// Proposed and approved at once, where the provider's rules ask for no second person. What was approved follows,
    /// as after any other decision.
    /// </summary>
    public static async Task<Approval> Approved(
        DbConnection connection, DbTransaction transaction, NewApproval wanted, Actor by, Instant now)
    {
        var id = await ApprovalStore.Insert(connection, transaction, wanted, by, now);
        var proposed = (await ApprovalStore.Find(connection, transaction, wanted.ProviderNo, id)).Value;
        await ApprovalStore.Decide(connection, transaction, proposed.No, ApprovalOutcome.Approved, "", by, now);
        return proposed with { Outcome = ApprovalOutcome.Approved, DecidedBy = by.Name, DecidedAt = now };
    }
}

/// <summary>
/// Decides what somebody proposed, once: of several who decide at the same moment one does. What an approval brings
/// about follows it and is repeated until it has taken effect. Refusals: <see cref="Refusal.UnknownApproval"/> and
/// those of <see cref="Approval.Problem"/>.
/// </summary>
public sealed class DecideApproval(Database database, IClock clock)
{
    /// <param name="also">What else is written with the decision.</param>
    public Task<Result<Approval>> Run(
        int providerNo, string id, ApprovalOutcome outcome, string remark, Actor by,
        Func<DbConnection, DbTransaction, Approval, Task>? also = null, CancellationToken ct = default) =>
        database.InTransaction<Approval>(
            async (connection, transaction) =>
            {
                var found = await ApprovalStore.Find(connection, transaction, providerNo, id);
                if (found.Refused is { } unknown) return unknown;
                var approval = found.Value;
                Demand.That(by.UserNo is not null, "somebody who is signed in decides");
                if (approval.Problem(outcome, by.UserNo.Value, remark) is { } problem) return problem;
                var now = clock.GetCurrentInstant();
                if (!await ApprovalStore.Decide(connection, transaction, approval.No, outcome, remark, by, now))
                    return Refusal.AlreadyDecided;
                var act = outcome switch
                {
                    ApprovalOutcome.Approved => Act.Approved,
                    ApprovalOutcome.Declined => Act.Declined,
                };
                var record = new AuditRecord(
                    act, providerNo, by.UserNo, approval.AccountNo, id, by.Name, by.Address)
                {
                    After = $"{approval.Kind}: {approval.Subject}" + (remark.Length > 0 ? $" ({remark})" : ""),
                };
                await AuditRecordStore.Insert(connection, transaction, record, now);
                if (also is not null) await also(connection, transaction, approval);
                return approval with { Outcome = outcome, DecidedBy = by.Name, DecidedAt = now, Remark = remark };
            },
            ct);
}

/// <summary>
/// Proposes a credit limit, which answers the customer's application where there is one: that one waits no longer.
/// </summary>
public sealed class ProposeCredit(Database database, IClock clock)
{
    /// <param name="application">The id of the application that is answered; null for none. Refusals:
    /// <see cref="Refusal.UnknownApproval"/>, <see cref="Refusal.AlreadyDecided"/>.</param>
    public Task<Result<string>> Run(
        NewApproval wanted, string? application, Actor by, CancellationToken ct = default) =>
        Answering(wanted, application, by, (connection, transaction, now) =>
            Propose.In(connection, transaction, wanted, by, now), ct);

    /// <summary>The same where the provider's rules ask for no second person; refusals as above.</summary>
    public Task<Result<Approval>> Approved(
        NewApproval wanted, string? application, Actor by, CancellationToken ct = default) =>
        Answering(wanted, application, by, (connection, transaction, now) =>
            Propose.Approved(connection, transaction, wanted, by, now), ct);

    Task<Result<T>> Answering<T>(
        NewApproval wanted, string? application, Actor by,
        Func<DbConnection, DbTransaction, Instant, Task<T>> propose, CancellationToken ct) =>
        database.InTransaction<T>(
            async (connection, transaction) =>
            {
                var now = clock.GetCurrentInstant();
                if (application is not null
                    && await Answer(connection, transaction, wanted.ProviderNo, wanted.AccountNo, application, by, now)
                        is { } refused)
                    return refused;
                return await propose(connection, transaction, now);
            },
            ct);

    /// <summary>An application waits no longer once staff have answered it.</summary>
    static async Task<Refused?> Answer(
        DbConnection connection, DbTransaction transaction, int providerNo, long? accountNo, string application,
        Actor by, Instant now)
    {
        var asked = await ApprovalStore.Find(connection, transaction, providerNo, application);
        if (asked.Refused is { } unknown) return unknown;
        if (asked.Value.AccountNo != accountNo || asked.Value.Kind != ApprovalKind.CreditApplication)
            return Refusal.UnknownApproval;
        if (!await ApprovalStore.Decide(
            connection, transaction, asked.Value.No, ApprovalOutcome.Approved, "", by, now))
            return Refusal.AlreadyDecided;
        await ApprovalStore.Applied(connection, transaction, asked.Value.No);
        return null;
    }
}
