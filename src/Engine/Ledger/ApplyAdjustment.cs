using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;
using Tollkeeper.Providers;

namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// Puts a credit or a debit before whoever decides: another of the staff above the provider's limit, nobody below it.
/// Refusals: those of <see cref="Adjustment.Problems"/>.
/// </summary>
public sealed class ProposeAdjustment(Database database, IClock clock)
{
    /// <returns>Approved already where no second person is needed: then it is to be applied.</returns>
    public async Task<Result<Approval>> Run(
        int providerNo, long accountNo, string subject, Adjustment adjustment, AdjustmentRules rules, Actor by,
        CancellationToken ct = default)
    {
        if (adjustment.Problems(rules).FirstOrDefault() is { } problem) return problem;
        var wanted = new NewApproval(
            providerNo, accountNo, ApprovalKind.Adjustment, subject, adjustment.ToJson());
        return await database.InTransaction<Approval>(
            async (connection, transaction) =>
            {
                var now = clock.GetCurrentInstant();
                if (!adjustment.NeedsSecondPerson(rules))
                    return await Propose.Approved(connection, transaction, wanted, by, now);
                var id = await Propose.In(connection, transaction, wanted, by, now);
                return await ApprovalStore.Find(connection, transaction, providerNo, id);
            },
            ct);
    }
}

/// <summary>
/// Posts an approved credit or debit. The books keep it by the approval's id: however often this is repeated, it is
/// posted once. Refusals: those of <see cref="PostMoney"/>; a debit stays within what may be spent.
/// </summary>
public sealed class ApplyAdjustment(Database database, PostMoney money, IClock clock)
{
    /// <param name="key">The approval's id.</param>
    public async Task<Result<MoneyMoved>> Run(
        int providerNo, long accountNo, Currency currency, Adjustment adjustment, string key, long lowBalanceMicros,
        Actor by, CancellationToken ct = default)
    {
        var posted = await money.Post(
            new MoneyMove(
                providerNo, accountNo, adjustment.Wallet, adjustment.Entry,
                new Money(adjustment.AmountMicros, currency), adjustment.House, key, adjustment.Reason),
            lowBalanceMicros);
        if (posted.Refused is not null) return posted;
        await database.InTransaction<bool>(
            async (connection, transaction) =>
            {
                var (now, balance) = (clock.GetCurrentInstant(), posted.Value.Balance);
                var notice = new AdjustedNotice(
                    adjustment.Wallet, currency.Code, adjustment.ChangeMicros, balance.Micros, adjustment.Reason,
                    now.ToMicros());
                var told = await NoticeStore.Insert(
                    connection, transaction,
                    Notice.ToAccount(providerNo, accountNo, notice, onceKey: $"adjustment {key}"), now);
                // Repeated after a break: all this was written.
                if (told is null) return true;
                var change = new Money(adjustment.ChangeMicros, currency);
                var record = new AuditRecord(
                    Act.BalanceAdjusted, providerNo, by.UserNo, accountNo, key, by.Name, by.Address)
                {
                    Before = $"{adjustment.Wallet} {balance - change}",
                    After = $"{adjustment.Wallet} {balance}, {adjustment.Kind} {change}: {adjustment.Reason}",
                };
                await AuditRecordStore.Insert(connection, transaction, record, now);
                return true;
            },
            ct);
        return posted;
    }
}
