using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Payments;

/// <summary>
/// Somebody has looked at what a gateway and the books say differently, and mended it where it had to be. Refusals:
/// <see cref="Refusal.AlreadyDecided"/>, <see cref="Refusal.BadText"/>.
/// </summary>
public sealed class SeeDifference(Database database, IClock clock)
{
    const int LongestRemark = 200;

    public Task<Result<bool>> Run(
        int providerNo, long no, string remark, Actor by, CancellationToken ct = default) =>
        remark.Length > 0 && !PlainText.Fits(remark, LongestRemark)
            ? Task.FromResult<Result<bool>>(Refusal.BadText)
            : database.InTransaction<bool>(
                async (connection, transaction) =>
                {
                    var now = clock.GetCurrentInstant();
                    if (!await GatewayMovementStore.Seen(
                        connection, transaction, providerNo, no, remark, by.Name, now))
                        return Refusal.AlreadyDecided;
                    await AuditRecordStore.Insert(
                        connection, transaction,
                        new AuditRecord(
                            Act.DifferenceSeen, providerNo, by.UserNo, null, $"{no}", by.Name, by.Address)
                        { After = remark },
                        now);
                    return true;
                },
                ct);
}
