using System.Data.Common;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Taxes;

namespace Tollkeeper.Engine.Taxes;

/// <summary>
/// Ends an exemption from today on: the customer withdraws it, or staff revoke it with a reason that the customer is
/// told. What was bought before stays as it was. Refusals: <see cref="Refusal.UnknownAccount"/>,
/// <see cref="Refusal.UnknownExemption"/>, <see cref="Refusal.ExemptionEnded"/>,
/// <see cref="Refusal.ChangedMeanwhile"/>, and for staff <see cref="Refusal.FieldEmpty"/> and
/// <see cref="Refusal.BadText"/> of the reason.
/// </summary>
public sealed class EndExemption(Database database, IClock clock)
{
    public Task<Result<KeptExemption>> Withdraw(
        int providerNo, long accountNo, string id, int version, LocalDate today, Actor by,
        CancellationToken ct = default) =>
        End(providerNo, accountNo, id, version, today, null, by, ct);

    public async Task<Result<KeptExemption>> Revoke(
        int providerNo, long accountNo, string id, int version, LocalDate today, string reason, Actor by,
        CancellationToken ct = default)
    {
        if (reason.Length == 0) return new Refused(Refusal.FieldEmpty, "Reason");
        if (!PlainText.Fits(reason, KeptExemption.LongestRemark)) return new Refused(Refusal.BadText, "Reason");
        return await End(providerNo, accountNo, id, version, today, reason, by, ct);
    }

    /// <param name="reason">Of staff; null: the customer withdraws it.</param>
    Task<Result<KeptExemption>> End(
        int providerNo, long accountNo, string id, int version, LocalDate today, string? reason, Actor by,
        CancellationToken ct) =>
        database.InTransaction<KeptExemption>(
            async (connection, transaction) =>
            {
                var all = await ExemptionStore.Lock(connection, transaction, providerNo, accountNo);
                if (all is null) return Refusal.UnknownAccount;
                if (all.FirstOrDefault(one => one.Id == id) is not { } found) return Refusal.UnknownExemption;
                if (!found.IsOpen || found.Terms.StatusOn(today) == ExemptionStatus.Expired)
                    return Refusal.ExemptionEnded;
                var now = clock.GetCurrentInstant();
                if (found.Version != version
                    || !await IsNoLongerReviewed(connection, transaction, found, reason ?? "", by, now))
                    return Refusal.ChangedMeanwhile;
                var ended = found with
                {
                    Terms = found.Terms with { Status = ExemptionStatus.Revoked },
                    Remark = reason ?? found.Remark,
                    EndedOn = today,
                    EndedAt = now,
                    EndedBy = by.Name,
                };
                if (!await ExemptionStore.Change(connection, transaction, ended)) return Refusal.ChangedMeanwhile;
                var record = new AuditRecord(
                    reason is null ? Act.ExemptionWithdrawn : Act.ExemptionRevoked, providerNo, by.UserNo, accountNo,
                    id, by.Name, by.Address)
                {
                    Before = found.Words,
                    After = reason ?? "",
                };
                await AuditRecordStore.Insert(connection, transaction, record, now);
                if (reason is not null)
                    await ExemptionNotices.Tell(connection, transaction, ended, ExemptionOutcome.Revoked, now);
                return ended with { Version = version + 1 };
            },
            ct);

    /// <summary>Nobody is to look at it any more; false when somebody just did.</summary>
    static async Task<bool> IsNoLongerReviewed(
        DbConnection connection, DbTransaction transaction, KeptExemption one, string remark, Actor by, Instant now)
    {
        if (one.Terms.Status != ExemptionStatus.PendingReview) return true;
        var approval = (await ApprovalStore.Find(connection, transaction, one.ProviderNo, one.ApprovalId!)).Value;
        return await ApprovalStore.Decide(
            connection, transaction, approval.No, ApprovalOutcome.Declined, remark, by, now);
    }
}
