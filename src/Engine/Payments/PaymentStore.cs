using System.Data.Common;
using Dapper;
using NodaTime;
using Npgsql;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Payments;
using Tollkeeper.Providers;

namespace Tollkeeper.Engine.Payments;

/// <summary>Payments, and all that gateways said of them.</summary>
public static class PaymentStore
{
    const string Columns =
        "no, id, deposit_no, provider_no, account_no, gateway, state, asked_micros, currency";

    public static async Task<Payment> Insert(
        DbConnection connection, DbTransaction transaction, Deposit deposit, string gateway, PaymentMethod method,
        Instant now, string by)
    {
        var id = Database.NewId(PublicId.Payment).Text;
        var no = await connection.ExecuteScalarAsync<long>(
            """
            insert into payment (
              id, deposit_no, provider_no, account_no, gateway, method, state, asked_micros, currency,
              created_at_micros, created_by)
            values (
              @id, @No, @ProviderNo, @AccountNo, @gateway, @method, @state, @asked, @currency, @now, @by)
            returning no
            """,
            new
            {
                id,
                deposit.No,
                deposit.ProviderNo,
                deposit.AccountNo,
                gateway,
                method = (short)method,
                state = (short)PaymentState.Initiated,
                asked = deposit.Total.Micros,
                currency = deposit.Base.Currency.Code,
                now = now.ToMicros(),
                by,
            },
            transaction);
        return new Payment(
            no, id, deposit.No, deposit.ProviderNo, deposit.AccountNo, gateway, PaymentState.Initiated, deposit.Total);
    }

    /// <summary>Whoever has it decides about it until the commit. Refusal: <see cref="Refusal.UnknownPayment"/>.
    /// </summary>
    public static async Task<Result<Payment>> Lock(
        DbConnection connection, DbTransaction transaction, string gateway, string id)
    {
        var wait = connection is NpgsqlConnection ? "for update" : "";
        var row = await connection.QuerySingleOrDefaultAsync<PaymentRow>(
            $"select {Columns} from payment where id = @id and gateway = @gateway {wait}", new { id, gateway },
            transaction);
        return row is null ? Refusal.UnknownPayment : row.ToPayment();
    }

    /// <summary>The settled ones whose money is not in the balance yet, oldest first.</summary>
    public static async Task<IReadOnlyList<Payment>> ToCredit(
        DbConnection connection, DbTransaction? transaction, int most)
    {
        var rows = await connection.QueryAsync<PaymentRow>(
            $"""
            select {Columns} from payment where state = {(int)PaymentState.Settled} and credited_at_micros is null
            order by no limit @most
            """,
            new { most }, transaction);
        return [.. rows.Select(row => row.ToPayment())];
    }

    public static Task SetState(
        DbConnection connection, DbTransaction transaction, long no, PaymentState state) =>
        connection.ExecuteAsync(
            "update payment set state = @state where no = @no", new { no, state = (short)state }, transaction);

    public static Task Credited(DbConnection connection, DbTransaction transaction, long no, Instant now) =>
        connection.ExecuteAsync(
            "update payment set credited_at_micros = @now where no = @no and credited_at_micros is null",
            new { no, now = now.ToMicros() }, transaction);

    /// <summary>False when the gateway said it before.</summary>
    public static async Task<bool> Add(
        DbConnection connection, DbTransaction transaction, Payment payment, GatewaySaid said, Instant now)
    {
        var row = PaymentEventRow.Of(said.Event);
        return await connection.ExecuteAsync(
            """
            insert into payment_event (
              gateway, event_id, payment_no, kind, at_micros, amount_micros, currency, reference, detail, code, raw,
              received_at_micros)
            values (
              @Gateway, @EventId, @No, @Kind, @AtMicros, @AmountMicros, @Currency, @Reference, @Detail, @Code, @Raw,
              @now)
            on conflict do nothing
            """,
            new
            {
                payment.Gateway,
                said.EventId,
                payment.No,
                row.Kind,
                row.AtMicros,
                row.AmountMicros,
                row.Currency,
                row.Reference,
                row.Detail,
                row.Code,
                said.Raw,
                now = now.ToMicros(),
            },
            transaction) == 1;
    }

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

    sealed class PaymentRow
    {
        public long No { get; init; }
        public string Id { get; init; } = "";
        public long DepositNo { get; init; }
        public int ProviderNo { get; init; }
        public long AccountNo { get; init; }
        public string Gateway { get; init; } = "";
        public int State { get; init; }
        public long AskedMicros { get; init; }
        public string Currency { get; init; } = "";

        public Payment ToPayment() => new(
            No, Id, DepositNo, ProviderNo, AccountNo, Gateway, (PaymentState)State,
            new Money(AskedMicros, Tollkeeper.Currency.Of(Currency)));
    }
}
