using System.Data.Common;
using Dapper;
using NodaTime;
using Npgsql;
using Tollkeeper.Accounts;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments;

/// <summary>A payment that staff recorded, as lists of the office show it.</summary>
/// <param name="Outcome">Of the second person; null while it waits.</param>
/// <param name="PaymentId">Null while there is none.</param>
/// <param name="ReturnId">The approval of its return, where one was recorded.</param>
public sealed record RecordedPayment(
    string ApprovalId, OfflinePayment Payment, ApprovalOutcome? Outcome, string? PaymentId, PaymentState? State,
    string? ReturnId, Instant RecordedAt);

/// <summary>A recorded payment that was approved.</summary>
public sealed record PostedPayment(
    long No, string Id, string Gateway, long AccountNo, PaymentState State, Money Asked);

/// <summary>What staff recorded of money that no gateway brought: once each, whatever became of it.</summary>
public static class OfflinePaymentStore
{
    /// <summary>False where the account has one of this method and reference already that was not declined.</summary>
    public static async Task<bool> Insert(
        DbConnection connection, DbTransaction transaction, int providerNo, long accountNo, string approvalId,
        OfflinePayment payment, Instant now) =>
        await connection.ExecuteAsync(
            """
            insert into offline_payment (approval_id, provider_no, account_no, method, reference, recorded_at_micros)
            values (@approvalId, @providerNo, @accountNo, @method, @reference, @now)
            on conflict do nothing
            """,
            new
            {
                approvalId,
                providerNo,
                accountNo,
                method = (short)payment.Method,
                reference = payment.Reference.ToUpperInvariant(),
                now = now.ToMicros(),
            },
            transaction) == 1;

    /// <summary>The payment that it became, if it has; whoever has it locked decides about it until the commit.
    /// </summary>
    public static Task<long?> Lock(DbConnection connection, DbTransaction transaction, string approvalId)
    {
        var wait = connection is NpgsqlConnection ? "for update" : "";
        return connection.QuerySingleAsync<long?>(
            $"select payment_no from offline_payment where approval_id = @approvalId {wait}", new { approvalId },
            transaction);
    }

    public static Task Became(
        DbConnection connection, DbTransaction transaction, string approvalId, long paymentNo) =>
        connection.ExecuteAsync(
            "update offline_payment set payment_no = @paymentNo where approval_id = @approvalId",
            new { approvalId, paymentNo }, transaction);

    /// <summary>It may be recorded anew.</summary>
    public static Task Declined(DbConnection connection, DbTransaction transaction, string approvalId) =>
        connection.ExecuteAsync(
            "update offline_payment set declined = 1 where approval_id = @approvalId and payment_no is null",
            new { approvalId }, transaction);

    /// <summary>False where a return of the payment is recorded already, or it is no payment of this kind.</summary>
    public static async Task<bool> SetReturn(
        DbConnection connection, DbTransaction transaction, long paymentNo, string approvalId) =>
        await connection.ExecuteAsync(
            """
            update offline_payment set return_approval_id = @approvalId
            where payment_no = @paymentNo and return_approval_id is null
            """,
            new { paymentNo, approvalId }, transaction) == 1;

    public static Task ReturnDeclined(DbConnection connection, DbTransaction transaction, string approvalId) =>
        connection.ExecuteAsync(
            "update offline_payment set return_approval_id = null where return_approval_id = @approvalId",
            new { approvalId }, transaction);

    public static async Task<PostedPayment> Read(DbConnection connection, DbTransaction? transaction, long no) =>
        (await connection.QuerySingleAsync<PostedRow>(
            "select no, id, gateway, account_no, state, asked_micros, currency from payment where no = @no",
            new { no }, transaction)).ToPayment();

    /// <summary>By its id, at a provider. Refusal: <see cref="Refusal.UnknownPayment"/>.</summary>
    public static async Task<Result<PostedPayment>> Find(
        DbConnection connection, DbTransaction? transaction, int providerNo, string paymentId)
    {
        var row = await connection.QuerySingleOrDefaultAsync<PostedRow>(
            """
            select p.no, p.id, p.gateway, p.account_no, p.state, p.asked_micros, p.currency
            from payment p join offline_payment o on o.payment_no = p.no
            where p.id = @paymentId and p.provider_no = @providerNo
            """,
            new { paymentId, providerNo }, transaction);
        return row is null ? Refusal.UnknownPayment : row.ToPayment();
    }

    /// <summary>Of an account, the newest first.</summary>
    public static async Task<IReadOnlyList<RecordedPayment>> OfAccount(
        DbConnection connection, long accountNo, int most)
    {
        var rows = await connection.QueryAsync<RecordedRow>(
            """
            select o.approval_id, a.proposal, a.outcome, p.id as payment_id, p.state, o.return_approval_id,
              o.recorded_at_micros
            from offline_payment o join approval a on a.id = o.approval_id left join payment p on p.no = o.payment_no
            where o.account_no = @accountNo order by o.no desc limit @most
            """,
            new { accountNo, most });
        return [.. rows.Select(row => row.ToRecorded())];
    }

    /// <summary>The ids of documents that an account may still pay, the newest first.</summary>
    public static async Task<IReadOnlyList<string>> Outstanding(DbConnection connection, long accountNo, int most) =>
        (await connection.QueryAsync<string>(
            $"""
            select id from deposit where account_no = @accountNo and state = {(int)DepositState.Outstanding}
            order by no desc limit @most
            """,
            new { accountNo, most })).AsList();

    sealed class PostedRow
    {
        public long No { get; init; }
        public string Id { get; init; } = "";
        public string Gateway { get; init; } = "";
        public long AccountNo { get; init; }
        public int State { get; init; }
        public long AskedMicros { get; init; }
        public string Currency { get; init; } = "";

        public PostedPayment ToPayment() => new(
            No, Id, Gateway, AccountNo, (PaymentState)State,
            new Money(AskedMicros, Tollkeeper.Currency.Of(Currency)));
    }

    sealed class RecordedRow
    {
        public string ApprovalId { get; init; } = "";
        public string Proposal { get; init; } = "";
        public int? Outcome { get; init; }
        public string? PaymentId { get; init; }
        public int? State { get; init; }
        public string? ReturnApprovalId { get; init; }
        public long RecordedAtMicros { get; init; }

        public RecordedPayment ToRecorded() => new(
            ApprovalId, OfflinePayment.Read(Proposal), (ApprovalOutcome?)Outcome, PaymentId, (PaymentState?)State,
            ReturnApprovalId, Instants.FromMicros(RecordedAtMicros));
    }
}
