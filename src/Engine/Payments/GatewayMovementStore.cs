using System.Data.Common;
using Dapper;
using NodaTime;
using Tollkeeper.Engine.Payments.Gateways;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments;

/// <summary>What moved at gateways, and where it is not what the books say.</summary>
public static class GatewayMovementStore
{
    public static async Task<Instant?> ComparedUntil(
        DbConnection connection, DbTransaction? transaction, int providerNo, string gateway) =>
        Instants.FromMicros(await connection.ExecuteScalarAsync<long?>(
            "select until_micros from gateway_compared where provider_no = @providerNo and gateway = @gateway",
            new { providerNo, gateway }, transaction));

    public static Task SetCompared(
        DbConnection connection, DbTransaction transaction, int providerNo, string gateway, Instant until) =>
        connection.ExecuteAsync(
            """
            insert into gateway_compared (provider_no, gateway, until_micros) values (@providerNo, @gateway, @until)
            on conflict (provider_no, gateway) do update set until_micros = excluded.until_micros
            """,
            new { providerNo, gateway, until = until.ToMicros() }, transaction);

    /// <summary>False when it was read before.</summary>
    public static async Task<bool> Add(
        DbConnection connection, DbTransaction transaction, int providerNo, string gateway,
        GatewayMovement movement) =>
        await connection.ExecuteAsync(
            """
            insert into gateway_movement (
              provider_no, gateway, movement_id, kind, at_micros, money_reference, gross_micros, fee_micros, currency)
            values (@providerNo, @gateway, @Id, @kind, @at, @MoneyReference, @gross, @fee, @currency)
            on conflict do nothing
            """,
            new
            {
                providerNo,
                gateway,
                movement.Id,
                kind = (short)movement.Kind,
                at = movement.At.ToMicros(),
                movement.MoneyReference,
                gross = movement.Gross.Micros,
                fee = movement.Fee.Micros,
                currency = movement.Gross.Currency.Code,
            },
            transaction) == 1;

    /// <summary>All that ever moved for the payments that moved since a moment.</summary>
    public static async Task<IReadOnlyList<GatewaySums>> Sums(
        DbConnection connection, DbTransaction transaction, int providerNo, string gateway, Instant since)
    {
        var rows = await connection.QueryAsync<SumRow>(
            $"""
            select money_reference, currency, max(at_micros) as at_micros,
              cast(sum(case when kind = {(int)MovementKind.Payment} then gross_micros else 0 end) as bigint)
                as came_micros,
              cast(sum(case when kind = {(int)MovementKind.Refund} then -gross_micros else 0 end) as bigint)
                as back_micros
            from gateway_movement
            where provider_no = @providerNo and gateway = @gateway and money_reference in (
              select money_reference from gateway_movement
              where provider_no = @providerNo and gateway = @gateway and at_micros >= @since
                and kind in ({(int)MovementKind.Payment}, {(int)MovementKind.Refund}))
            group by money_reference, currency
            """,
            new { providerNo, gateway, since = since.ToMicros() }, transaction);
        return [.. rows.Select(row => new GatewaySums(
            row.MoneyReference, Of(row.CameMicros, row.Currency), Of(row.BackMicros, row.Currency),
            Instants.FromMicros(row.AtMicros)))];
    }

    /// <summary>Payments that moved since a moment, or were credited within a period.</summary>
    public static async Task<IReadOnlyList<BookedPayment>> Booked(
        DbConnection connection, DbTransaction transaction, int providerNo, string gateway, Instant movedSince,
        Instant since, Instant until)
    {
        var rows = await connection.QueryAsync<BookedRow>(
            $"""
            select p.id, p.account_no, p.money_reference, p.asked_micros, p.currency,
              coalesce(p.credited_at_micros, p.created_at_micros) as at_micros,
              case when p.credited_at_micros is null then 0 else 1 end as credited,
              (select cast(coalesce(sum(r.base_micros), 0) as bigint) from refund r
                where r.payment_no = p.no and r.state = {(int)RefundState.Done}) as refunded_base_micros
            from payment p
            where p.provider_no = @providerNo and p.gateway = @gateway and (
              (p.credited_at_micros >= @since and p.credited_at_micros < @until)
              or p.money_reference in (
                select money_reference from gateway_movement
                where provider_no = @providerNo and gateway = @gateway and at_micros >= @movedSince))
            """,
            new
            {
                providerNo,
                gateway,
                movedSince = movedSince.ToMicros(),
                since = since.ToMicros(),
                until = until.ToMicros(),
            },
            transaction);
        var booked = new List<BookedPayment>();
        foreach (var row in rows)
        {
            var refunded = Money.Zero(Currency.Of(row.Currency));
            if (row.RefundedBaseMicros > 0)
            {
                var payment = await PaymentStore.Lock(connection, transaction, providerNo, gateway, row.Id);
                foreach (var refund in await RefundStore.OfDeposit(connection, transaction, payment.Value.DepositNo))
                    if (refund.State == RefundState.Done) refunded += refund.Back.Total;
            }
            booked.Add(new BookedPayment(
                row.Id, row.AccountNo, row.MoneyReference, Of(row.AskedMicros, row.Currency), row.Credited != 0,
                refunded, Instants.FromMicros(row.AtMicros)));
        }
        return booked;
    }

    /// <summary>Found again, it is not told again.</summary>
    public static Task Add(
        DbConnection connection, DbTransaction transaction, int providerNo, string gateway,
        GatewayDifference difference, Currency currency, Instant now) =>
        connection.ExecuteAsync(
            """
            insert into gateway_difference (
              provider_no, gateway, difference_id, kind, payment_id, account_no, gateway_micros, books_micros, currency,
              at_micros, found_at_micros)
            values (
              @providerNo, @gateway, @Id, @kind, @PaymentId, @AccountNo, @there, @here, @currency, @at, @now)
            on conflict do nothing
            """,
            new
            {
                providerNo,
                gateway,
                difference.Id,
                kind = (short)difference.Kind,
                difference.PaymentId,
                difference.AccountNo,
                there = difference.Gateway?.Micros,
                here = difference.Books?.Micros,
                currency = (difference.Gateway ?? difference.Books)?.Currency.Code ?? currency.Code,
                at = difference.At.ToMicros(),
                now = now.ToMicros(),
            },
            transaction);

    /// <summary>Those that nobody has looked at yet, the newest first.</summary>
    public static async Task<IReadOnlyList<OpenDifference>> Open(
        DbConnection connection, DbTransaction? transaction, int providerNo, int most)
    {
        var rows = await connection.QueryAsync<DifferenceRow>(
            """
            select no, gateway, kind, payment_id, gateway_micros, books_micros, currency, at_micros
            from gateway_difference where provider_no = @providerNo and seen_at_micros is null
            order by no desc limit @most
            """,
            new { providerNo, most }, transaction);
        return [.. rows.Select(row => new OpenDifference(
            row.No, row.Gateway, (DifferenceKind)row.Kind, row.PaymentId, Maybe(row.GatewayMicros, row.Currency),
            Maybe(row.BooksMicros, row.Currency), Instants.FromMicros(row.AtMicros)))];
    }

    /// <summary>False when somebody looked at it before.</summary>
    public static async Task<bool> Seen(
        DbConnection connection, DbTransaction transaction, int providerNo, long no, string remark, string by,
        Instant now) =>
        await connection.ExecuteAsync(
            """
            update gateway_difference set seen_at_micros = @now, seen_by = @by, remark = @remark
            where no = @no and provider_no = @providerNo and seen_at_micros is null
            """,
            new { no, providerNo, remark, by, now = now.ToMicros() }, transaction) == 1;

    static Money Of(long micros, string currency) => new(micros, Currency.Of(currency));

    static Money? Maybe(long? micros, string currency) => micros is { } known ? Of(known, currency) : null;

    sealed class SumRow
    {
        public string MoneyReference { get; init; } = "";
        public string Currency { get; init; } = "";
        public long AtMicros { get; init; }
        public long CameMicros { get; init; }
        public long BackMicros { get; init; }
    }

    sealed class BookedRow
    {
        public string Id { get; init; } = "";
        public long AccountNo { get; init; }
        public string? MoneyReference { get; init; }
        public long AskedMicros { get; init; }
        public string Currency { get; init; } = "";
        public long AtMicros { get; init; }
        public int Credited { get; init; }
        public long RefundedBaseMicros { get; init; }
    }

    sealed class DifferenceRow
    {
        public long No { get; init; }
        public string Gateway { get; init; } = "";
        public int Kind { get; init; }
        public string? PaymentId { get; init; }
        public long? GatewayMicros { get; init; }
        public long? BooksMicros { get; init; }
        public string Currency { get; init; } = "";
        public long AtMicros { get; init; }
    }
}

/// <summary>A difference that nobody has looked at yet.</summary>
public sealed record OpenDifference(
    long No, string Gateway, DifferenceKind Kind, string? PaymentId, Money? There, Money? Here, Instant At);
