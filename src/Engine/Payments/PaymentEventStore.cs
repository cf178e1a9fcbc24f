using System.Data.Common;
using Dapper;
using NodaTime;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments;

/// <summary>What gateways said, as it came, once each.</summary>
public static class PaymentEventStore
{
    /// <summary>False when the gateway said it before.</summary>
    public static Task<bool> Add(
        DbConnection connection, DbTransaction transaction, Payment payment, GatewaySaid said, Instant now) =>
        Add(
            connection, transaction, payment.ProviderNo, payment.Gateway, said.EventId, payment.No, payment.Id,
            PaymentEventRow.Of(said.Event), said.Raw, now);

    /// <summary>The same of what is about no payment that is known, or says nothing of one.</summary>
    public static Task<bool> AddOther(
        DbConnection connection, DbTransaction transaction, int providerNo, string gateway, string eventId,
        string? target, PaymentEvent? said, string raw, Instant now) =>
        Add(
            connection, transaction, providerNo, gateway, eventId, null, target,
            said is null ? new PaymentEventRow { AtMicros = now.ToMicros() } : PaymentEventRow.Of(said), raw, now);

    static async Task<bool> Add(
        DbConnection connection, DbTransaction transaction, int providerNo, string gateway, string eventId,
        long? paymentNo, string? target, PaymentEventRow row, string raw, Instant now) =>
        await connection.ExecuteAsync(
            """
            insert into payment_event (
              provider_no, gateway, event_id, payment_no, target, kind, at_micros, amount_micros, currency, reference,
              detail, code, raw, received_at_micros)
            values (
              @providerNo, @gateway, @eventId, @paymentNo, @target, @Kind, @AtMicros, @AmountMicros, @Currency,
              @Reference, @Detail, @Code, @raw, @now)
            on conflict do nothing
            """,
            new
            {
                providerNo,
                gateway,
                eventId,
                paymentNo,
                target,
                row.Kind,
                row.AtMicros,
                row.AmountMicros,
                row.Currency,
                row.Reference,
                row.Detail,
                row.Code,
                raw,
                now = now.ToMicros(),
            },
            transaction) == 1;

    /// <summary>All that was said of a payment.</summary>
    public static async Task<PaymentFacts> Facts(DbConnection connection, DbTransaction? transaction, long paymentNo)
    {
        var rows = await connection.QueryAsync<PaymentEventRow>(
            """
            select kind, at_micros, amount_micros, currency, reference, detail, code from payment_event
            where payment_no = @paymentNo order by no
            """,
            new { paymentNo }, transaction);
        return rows.Aggregate(PaymentFacts.None, (facts, row) => facts.With(row.ToEvent()));
    }

    /// <summary>
    /// Gives a payment what was said of it before its name at the gateway was known here.
    /// </summary>
    public static Task Match(DbConnection connection, DbTransaction transaction, Payment payment) =>
        connection.ExecuteAsync(
            """
            update payment_event set payment_no = @No
            where provider_no = @ProviderNo and gateway = @Gateway and payment_no is null and kind > 0
              and target in (@Id, @Reference, @MoneyReference)
            """,
            new
            {
                payment.No,
                payment.ProviderNo,
                payment.Gateway,
                payment.Id,
                payment.Reference,
                payment.MoneyReference
            }, transaction);
}
