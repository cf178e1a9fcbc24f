using System.Data.Common;
using System.Text.Json;
using Dapper;
using NodaTime;
using Npgsql;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments;

/// <summary>Refunds of deposits.</summary>
public static class RefundStore
{
    const string Columns =
        """
        no, id, payment_no, deposit_no, provider_no, account_no, state, base_micros, currency, lines, reason, asked_by,
        gateway_id, wallet_no, entry_seq
        """;

    public static async Task<Refund> Insert(
        DbConnection connection, DbTransaction transaction, Payment payment, MoneyBack back, string reason,
        string by, Instant now)
    {
        var id = Database.NewId(PublicId.Refund).Text;
        var no = await connection.ExecuteScalarAsync<long>(
            """
            insert into refund (
              id, payment_no, deposit_no, provider_no, account_no, state, base_micros, currency, lines, reason,
              asked_at_micros, asked_by, next_at_micros)
            values (
              @id, @No, @DepositNo, @ProviderNo, @AccountNo, @state, @base, @currency, @lines, @reason, @now, @by,
              @next)
            returning no
            """,
            new
            {
                id,
                payment.No,
                payment.DepositNo,
                payment.ProviderNo,
                payment.AccountNo,
                state = (short)RefundState.Asked,
                @base = back.Base.Micros,
                currency = back.Base.Currency.Code,
                lines = JsonSerializer.Serialize(back.Lines),
                reason,
                now = now.ToMicros(),
                by,
                // Whoever asked goes on at once; where that breaks off, a node does.
                next = (now + PaymentPatience.Turn).ToMicros(),
            },
            transaction);
        return new Refund(
            no, id, payment.No, payment.DepositNo, payment.ProviderNo, payment.AccountNo, RefundState.Asked, back,
            reason, by, null, null, null);
    }

    public static async Task<IReadOnlyList<Refund>> OfDeposit(
        DbConnection connection, DbTransaction? transaction, long depositNo)
    {
        var rows = await connection.QueryAsync<RefundRow>(
            $"select {Columns} from refund where deposit_no = @depositNo order by no", new { depositNo }, transaction);
        return [.. rows.Select(row => row.ToRefund())];
    }

    /// <summary>Takes those that are due, as <see cref="PaymentStore.TakeDue"/> does.</summary>
    public static async Task<IReadOnlyList<Refund>> TakeDue(
        DbConnection connection, DbTransaction transaction, Instant now, Instant again, int most)
    {
        var skip = connection is NpgsqlConnection ? "for update skip locked" : "";
        var rows = await connection.QueryAsync<RefundRow>(
            $"""
            update refund set next_at_micros = @again
            where no in (
              select no from refund where next_at_micros <= @now order by next_at_micros limit @most {skip})
            returning {Columns}
            """,
            new { now = now.ToMicros(), again = again.ToMicros(), most }, transaction);
        return [.. rows.Select(row => row.ToRefund()).OrderBy(refund => refund.No)];
    }

    /// <param name="nextAt">Null: nothing more is to be done.</param>
    public static Task SetState(
        DbConnection connection, DbTransaction? transaction, long no, RefundState state, string? gatewayId,
        Instant? nextAt) =>
        connection.ExecuteAsync(
            """
            update refund set state = @state, gateway_id = coalesce(@gatewayId, gateway_id), next_at_micros = @nextAt
            where no = @no
            """,
            new { no, state = (short)state, gatewayId, nextAt = nextAt?.ToMicros() }, transaction);

    /// <summary>The money has left the balance by this entry.</summary>
    public static Task Booked(
        DbConnection connection, DbTransaction? transaction, long no, long walletNo, long seq, Instant nextAt) =>
        connection.ExecuteAsync(
            $"""
            update refund set state = {(int)RefundState.Booked}, wallet_no = @walletNo, entry_seq = @seq,
              next_at_micros = @nextAt
            where no = @no and state in ({(int)RefundState.Asked}, {(int)RefundState.Booked})
            """,
            new { no, walletNo, seq, nextAt = nextAt.ToMicros() }, transaction);

    /// <summary>The gateway said of one that it did not reach the customer: it is looked at again.</summary>
    public static Task Wake(
        DbConnection connection, DbTransaction transaction, long paymentNo, string gatewayId, Instant now) =>
        connection.ExecuteAsync(
            $"""
            update refund set next_at_micros = @now
            where payment_no = @paymentNo and gateway_id = @gatewayId and state = {(int)RefundState.Done}
            """,
            new { paymentNo, gatewayId, now = now.ToMicros() }, transaction);

    sealed class RefundRow
    {
        public long No { get; init; }
        public string Id { get; init; } = "";
        public long PaymentNo { get; init; }
        public long DepositNo { get; init; }
        public int ProviderNo { get; init; }
        public long AccountNo { get; init; }
        public int State { get; init; }
        public long BaseMicros { get; init; }
        public string Currency { get; init; } = "";
        public string Lines { get; init; } = "";
        public string Reason { get; init; } = "";
        public string AskedBy { get; init; } = "";
        public string? GatewayId { get; init; }
        public long? WalletNo { get; init; }
        public long? EntrySeq { get; init; }

        public Refund ToRefund() => new(
            No, Id, PaymentNo, DepositNo, ProviderNo, AccountNo, (RefundState)State,
            new MoneyBack(
                new Money(BaseMicros, Tollkeeper.Currency.Of(Currency)),
                JsonSerializer.Deserialize<List<DepositLine>>(Lines)!),
            Reason, AskedBy, GatewayId, WalletNo, EntrySeq);
    }
}
