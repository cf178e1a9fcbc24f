using System.Data.Common;
using Dapper;
using NodaTime;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments;

/// <summary>Money that came and that is in no balance, with whose it is.</summary>
public sealed record WaitingPayment(
    string Id, string DepositId, string AccountId, string Customer, Money Asked, Instant At);

public static class WaitingPaymentStore
{
    /// <summary>Of a provider, the newest first.</summary>
    public static async Task<IReadOnlyList<WaitingPayment>> Of(DbConnection connection, int providerNo, int most)
    {
        var rows = await connection.QueryAsync<WaitingRow>(
            $"""
            select p.id, d.id as deposit_id, a.id as account_id, a.name as customer, p.asked_micros, p.currency,
              p.created_at_micros
            from payment p join deposit d on d.no = p.deposit_no join account a on a.no = p.account_no
            where p.provider_no = @providerNo and p.state = {(int)PaymentState.Mismatched}
            order by p.no desc limit @most
            """,
            new { providerNo, most });
        return [.. rows.Select(row => new WaitingPayment(
            row.Id, row.DepositId, row.AccountId, row.Customer,
            new Money(row.AskedMicros, Currency.Of(row.Currency)), Instants.FromMicros(row.CreatedAtMicros)))];
    }

    sealed class WaitingRow
    {
        public string Id { get; init; } = "";
        public string DepositId { get; init; } = "";
        public string AccountId { get; init; } = "";
        public string Customer { get; init; } = "";
        public long AskedMicros { get; init; }
        public string Currency { get; init; } = "";
        public long CreatedAtMicros { get; init; }
    }
}
