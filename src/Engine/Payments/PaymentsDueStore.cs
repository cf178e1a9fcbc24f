using System.Data.Common;
using Dapper;
using NodaTime;
using Tollkeeper.Ledger;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments;

/// <summary>
/// Whether there is anything to do, in one question that locks nothing: nodes ask it several times a second.
/// </summary>
public static class PaymentsDueStore
{
    public static async Task<PaymentsDue> At(DbConnection connection, Instant now)
    {
        var row = await connection.QuerySingleAsync<DueRow>(
            $"""
            select
              case when exists (
                select 1 from crossing where kind = {(int)CrossingKind.AutomaticBilling} and noticed = 0)
                or exists (select 1 from automatic_billing where next_at_micros <= @now) then 1 else 0 end
                as automatic,
              case when exists (select 1 from payment where next_at_micros <= @now) then 1 else 0 end as payments,
              case when exists (select 1 from card_setup where next_at_micros <= @now) then 1 else 0 end as cards,
              case when exists (
                select 1 from payment where credited_at_micros is null and coalesce(next_at_micros, 0) <= @now
                  and state in (
                  {(int)PaymentState.Settled}, {(int)PaymentState.PartlyRefunded}, {(int)PaymentState.Refunded},
                  {(int)PaymentState.Disputed}, {(int)PaymentState.DisputeLost})) then 1 else 0 end as credit,
              case when exists (select 1 from refund where next_at_micros <= @now) then 1 else 0 end as refunds,
              case when exists (select 1 from dispute where next_at_micros <= @now) then 1 else 0 end as disputes
            """,
            new { now = now.ToMicros() });
        return new PaymentsDue(
            row.Automatic != 0, row.Payments != 0, row.Cards != 0, row.Credit != 0, row.Refunds != 0,
            row.Disputes != 0);
    }

    sealed class DueRow
    {
        public int Automatic { get; init; }
        public int Payments { get; init; }
        public int Cards { get; init; }
        public int Credit { get; init; }
        public int Refunds { get; init; }
        public int Disputes { get; init; }
    }
}
