using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments;

/// <summary>
/// Mails an outstanding deposit to the billing address, with the link that pays it (R77, R81). Refusals:
/// <see cref="Refusal.UnknownDeposit"/>, <see cref="Refusal.DepositEnded"/>.
/// </summary>
public sealed class MailDeposit(Database database, IClock clock)
{
    public Task<Result<Deposit>> Run(long accountNo, string id, CancellationToken ct = default) =>
        database.InTransaction<Deposit>(
            async (connection, transaction) =>
            {
                var found = await DepositStore.Find(connection, transaction, accountNo, id);
                if (found.Refused is { } unknown) return unknown;
                var deposit = found.Value;
                if (deposit.State != DepositState.Outstanding) return Refusal.DepositEnded;
                var now = clock.GetCurrentInstant();
                var notice = new PaymentNotice(
                    deposit.Id, deposit.Base.Currency.Code, deposit.Base.Micros, deposit.Total.Micros, "", "", null,
                    now.ToMicros())
                { What = NoticeKind.DepositInvoice };
                // The same document is not mailed again within a minute: a button that is pressed twice.
                await NoticeStore.Insert(
                    connection, transaction,
                    Notice.ToAccount(
                        deposit.ProviderNo, accountNo, notice, null,
                        $"invoice {deposit.Id} {now.ToUnixTimeSeconds() / 60}"),
                    now);
                return deposit;
            },
            ct);
}
