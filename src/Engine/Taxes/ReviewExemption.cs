using System.Data.Common;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Taxes;

namespace Tollkeeper.Engine.Taxes;

/// <summary>What staff say of an exemption that waits.</summary>
/// <param name="From">The first day, of one that is granted.</param>
/// <param name="To">The last day; null for no end.</param>
/// <param name="Remark">The reason, which the customer reads; a rejection needs one.</param>
public sealed record ExemptionReview(bool Granted, LocalDate From, LocalDate? To, string Remark);

/// <summary>
/// Grants an exemption with its dates, or rejects it (R45); it takes effect with the decision, and the customer is
/// told. Refusals: those of <see cref="KeptExemption.DatesProblem"/> and of <see cref="DecideApproval"/>,
/// <see cref="Refusal.FieldEmpty"/> for a rejection without its reason.
/// </summary>
public sealed class ReviewExemption(Database database, IClock clock)
{
    /// <param name="today">At the provider.</param>
    public async Task<Result<Approval>> Run(
        int providerNo, string approvalId, ExemptionReview review, LocalDate today, Actor by,
        CancellationToken ct = default)
    {
        if (!review.Granted && review.Remark.Length == 0) return new Refused(Refusal.FieldEmpty, "Remark");
        if (review.Granted && KeptExemption.DatesProblem(review.From, review.To, today) is { } wrong) return wrong;
        return await new DecideApproval(database, clock).Run(
            providerNo, approvalId, review.Granted ? ApprovalOutcome.Approved : ApprovalOutcome.Declined,
            review.Remark, by,
            (connection, transaction, approval) => Apply(connection, transaction, approval, review, by), ct);
    }

    async Task Apply(
        DbConnection connection, DbTransaction transaction, Approval approval, ExemptionReview review, Actor by)
    {
        var now = clock.GetCurrentInstant();
        var id = ExemptionProposal.Read(approval.Proposal).Exemption;
        var found = (await ExemptionStore.Find(connection, transaction, approval.ProviderNo, id)).Value;
        Demand.That(found.Terms.Status == ExemptionStatus.PendingReview, "what is decided was waiting");
        var status = review.Granted ? ExemptionStatus.Active : ExemptionStatus.Rejected;
        var decided = found with
        {
            Terms = review.Granted
                ? found.Terms with { Status = status, From = review.From, To = review.To }
                : found.Terms with { Status = status },
            ActiveAt = review.Granted ? now : null,
            DecidedAt = now,
            DecidedBy = by.Name,
            Remark = review.Remark,
        };
        Demand.That(
            await ExemptionStore.Change(connection, transaction, decided), "whoever decides it has its approval");
        if (review.Granted) await ApprovalStore.Applied(connection, transaction, approval.No);
        var record = new AuditRecord(
            review.Granted ? Act.ExemptionGranted : Act.ExemptionRejected, approval.ProviderNo, by.UserNo,
            approval.AccountNo, id, by.Name, by.Address)
        {
            Before = found.Words,
            After = review.Granted ? decided.Words : review.Remark,
        };
        await AuditRecordStore.Insert(connection, transaction, record, now);
        await ExemptionNotices.Tell(
            connection, transaction, decided, review.Granted ? ExemptionOutcome.Granted : ExemptionOutcome.Rejected,
            now);
    }
}

/// <summary>What a customer is told of an exemption, in the transaction of what was done with it.</summary>
static class ExemptionNotices
{
    public static Task Tell(
        DbConnection connection, DbTransaction transaction, KeptExemption one, ExemptionOutcome outcome, Instant now)
    {
        var counts = outcome != ExemptionOutcome.Rejected;
        var notice = new ExemptionDecidedNotice(
            one.Terms.Place, outcome, counts ? StoredDate.Text(one.ForTaxes.From) : null,
            counts ? StoredDate.Text(one.ForTaxes.To) : null, one.Remark, now.ToMicros(), one.Declared.By.UserNo);
        return NoticeStore.Insert(
            connection, transaction, Notice.ToAccount(one.ProviderNo, one.AccountNo, notice), now);
    }
}
