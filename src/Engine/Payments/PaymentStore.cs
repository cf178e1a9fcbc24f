using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using NodaTime;
using Npgsql;
using Tollkeeper.Engine.Payments.Gateways;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Payments;
using Tollkeeper.Providers;

namespace Tollkeeper.Engine.Payments;

/// <summary>Payments. Whoever has one locked decides about it until the commit.</summary>
public static class PaymentStore
{
    const string Columns =
        """
        no, id, deposit_no, provider_no, account_no, gateway, method, state, asked_micros, currency,
        created_at_micros, reference, money_reference, page_url, back_url, card_no,
        billing_day
        """;

    /// <param name="nextAt">When a node looks at it, whatever the gateway said or not.</param>
    public static async Task<Payment> Insert(
        DbConnection connection, DbTransaction transaction, Deposit deposit, string gateway, PaymentMethod method,
        Instant now, Instant? nextAt, string by)
    {
        var id = Database.NewId(PublicId.Payment).Text;
        var no = await connection.ExecuteScalarAsync<long>(
            """
            insert into payment (
              id, deposit_no, provider_no, account_no, gateway, method, state, asked_micros, currency,
              created_at_micros, created_by, next_at_micros)
            values (
              @id, @No, @ProviderNo, @AccountNo, @gateway, @method, @state, @asked, @currency, @now, @by, @nextAt)
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
                nextAt = nextAt?.ToMicros(),
            },
            transaction);
        return new Payment(
            no, id, deposit.No, deposit.ProviderNo, deposit.AccountNo, gateway, method, PaymentState.Initiated,
            deposit.Total, now, null, null, null, null, null, null);
    }

    /// <summary>Makes a payment one that charges a stored card on a billing day. False when the account had that
    /// attempt on that day before.</summary>
    public static async Task<bool> SetAutomatic(
        DbConnection connection, DbTransaction transaction, long no, long cardNo, LocalDate day, int attempt) =>
        await connection.ExecuteAsync(
            """
            update payment set card_no = @cardNo, billing_day = @day, attempt = @attempt
            where no = @no and not exists (
              select 1 from payment other
              where other.account_no = payment.account_no and other.billing_day = @day and other.attempt = @attempt)
            """,
            new { no, cardNo, day = StoredDate.Text(day), attempt }, transaction) == 1;

    public static async Task<Payment> Read(DbConnection connection, DbTransaction? transaction, long no) =>
        (await connection.QuerySingleAsync<PaymentRow>(
            $"select {Columns} from payment where no = @no", new { no }, transaction)).ToPayment();

    public static async Task<Payment> Lock(DbConnection connection, DbTransaction transaction, long no) =>
        (await connection.QuerySingleAsync<PaymentRow>(
            $"select {Columns} from payment where no = @no {Wait(connection)}", new { no }, transaction)).ToPayment();

    /// <summary>By our id, or by a name that the gateway has for it. Refusal: <see cref="Refusal.UnknownPayment"/>.
    /// </summary>
    public static async Task<Result<Payment>> Lock(
        DbConnection connection, DbTransaction transaction, int providerNo, string gateway, string target)
    {
        var row = await connection.QuerySingleOrDefaultAsync<PaymentRow>(
            $"""
            select {Columns} from payment
            where provider_no = @providerNo and gateway = @gateway and no in (
              select no from payment where id = @target
              union select no from payment
                where provider_no = @providerNo and gateway = @gateway and reference = @target
              union select no from payment
                where provider_no = @providerNo and gateway = @gateway and money_reference = @target)
            {Wait(connection)}
            """,
            new { providerNo, gateway, target }, transaction);
        return row is null ? Refusal.UnknownPayment : row.ToPayment();
    }

    /// <summary>All tries to pay a deposit, in their order.</summary>
    public static async Task<IReadOnlyList<Payment>> OfDeposit(
        DbConnection connection, DbTransaction? transaction, long depositNo)
    {
        var rows = await connection.QueryAsync<PaymentRow>(
            $"select {Columns} from payment where deposit_no = @depositNo order by no", new { depositNo },
            transaction);
        return [.. rows.Select(row => row.ToPayment())];
    }

    /// <summary>
    /// Those that have settled, whatever followed, and whose money is not in the balance yet; oldest first. One that
    /// could not be credited is left alone for a while.
    /// </summary>
    public static async Task<IReadOnlyList<Payment>> ToCredit(
        DbConnection connection, DbTransaction? transaction, Instant now, int most)
    {
        var rows = await connection.QueryAsync<PaymentRow>(
            $"""
            select {Columns} from payment
            where credited_at_micros is null and coalesce(next_at_micros, 0) <= @now and state in (
              {(int)PaymentState.Settled}, {(int)PaymentState.PartlyRefunded}, {(int)PaymentState.Refunded},
              {(int)PaymentState.Disputed}, {(int)PaymentState.DisputeLost})
            order by no limit @most
            """,
            new { now = now.ToMicros(), most }, transaction);
        return [.. rows.Select(row => row.ToPayment())];
    }

    /// <summary>
    /// Takes those that a node has to look at now; until <paramref name="again"/> they are nobody else's, so that one
    /// whose node died comes back then.
    /// </summary>
    public static async Task<IReadOnlyList<Payment>> TakeDue(
        DbConnection connection, DbTransaction transaction, Instant now, Instant again, int most)
    {
        var skip = connection is NpgsqlConnection ? "for update skip locked" : "";
        var rows = await connection.QueryAsync<PaymentRow>(
            $"""
            update payment set next_at_micros = @again, looks = looks + 1
            where no in (
              select no from payment where next_at_micros <= @now order by next_at_micros limit @most {skip})
            returning {Columns}
            """,
            new { now = now.ToMicros(), again = again.ToMicros(), most }, transaction);
        return [.. rows.Select(row => row.ToPayment()).OrderBy(payment => payment.No)];
    }

    /// <param name="at">Null: what follows is the gateway's to tell.</param>
    public static Task SetNext(DbConnection connection, DbTransaction? transaction, long no, Instant? at) =>
        connection.ExecuteAsync(
            "update payment set next_at_micros = @at where no = @no", new { no, at = at?.ToMicros() }, transaction);

    /// <summary>The gateway knows of it from here on.</summary>
    public static Task SetReference(
        DbConnection connection, DbTransaction? transaction, long no, string reference, HostedPage? page,
        Uri? back, Instant nextAt) =>
        connection.ExecuteAsync(
            """
            update payment set reference = @reference, page_url = @pageUrl, back_url = @backUrl,
              next_at_micros = @nextAt
            where no = @no
            """,
            new
            {
                no,
                reference,
                pageUrl = page?.Url.AbsoluteUri,
                backUrl = back is null ? null : BackOf(back),
                nextAt = nextAt.ToMicros(),
            },
            transaction);

    public static Task SetMoneyReference(
        DbConnection connection, DbTransaction transaction, long no, string moneyReference) =>
        connection.ExecuteAsync(
            "update payment set money_reference = @moneyReference where no = @no and money_reference is null",
            new { no, moneyReference }, transaction);

    public static Task SetState(
        DbConnection connection, DbTransaction transaction, long no, PaymentState state) =>
        connection.ExecuteAsync(
            "update payment set state = @state where no = @no", new { no, state = (short)state }, transaction);

    public static Task Credited(DbConnection connection, DbTransaction transaction, long no, Instant now) =>
        connection.ExecuteAsync(
            "update payment set credited_at_micros = @now where no = @no and credited_at_micros is null",
            new { no, now = now.ToMicros() }, transaction);

    /// <summary>As it is kept: the address itself may open something.</summary>
    public static string BackOf(Uri back) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(back.AbsoluteUri)));

    static string Wait(DbConnection connection) => connection is NpgsqlConnection ? "for update" : "";

    sealed class PaymentRow
    {
        public long No { get; init; }
        public string Id { get; init; } = "";
        public long DepositNo { get; init; }
        public int ProviderNo { get; init; }
        public long AccountNo { get; init; }
        public string Gateway { get; init; } = "";
        public int Method { get; init; }
        public int State { get; init; }
        public long AskedMicros { get; init; }
        public string Currency { get; init; } = "";
        public long CreatedAtMicros { get; init; }
        public string? Reference { get; init; }
        public string? MoneyReference { get; init; }
        public string? PageUrl { get; init; }
        public string? BackUrl { get; init; }
        public long? CardNo { get; init; }
        public string? BillingDay { get; init; }

        public Payment ToPayment() => new(
            No, Id, DepositNo, ProviderNo, AccountNo, Gateway, (PaymentMethod)Method, (PaymentState)State,
            new Money(AskedMicros, Tollkeeper.Currency.Of(Currency)), Instants.FromMicros(CreatedAtMicros), Reference,
            MoneyReference, PageUrl, BackUrl, CardNo, BillingDay is null ? null : StoredDate.Read(BillingDay));
    }
}
