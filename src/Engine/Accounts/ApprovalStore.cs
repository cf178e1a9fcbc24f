using System.Data.Common;
using Dapper;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>What is proposed to a provider.</summary>
/// <param name="Proposal">JSON of the kind.</param>
public sealed record NewApproval(
    int ProviderNo, long? AccountNo, ApprovalKind Kind, string Subject, string Proposal);

/// <summary>What waits for a second person, and what was decided.</summary>
public static class ApprovalStore
{
    public const int PageRows = 50;

    const string Columns =
        """
        no, id, provider_no, account_no, kind, subject, proposal, asked_by_user_no, asked_by, asked_at_micros, outcome,
        decided_by, decided_at_micros, remark, applied
        """;

    /// <returns>Its id.</returns>
    public static async Task<string> Insert(
        DbConnection connection, DbTransaction transaction, NewApproval wanted, Actor by, Instant now)
    {
        var id = Database.NewId(PublicId.Approval).Text;
        await connection.ExecuteAsync(
            """
            insert into approval (
              id, provider_no, account_no, kind, subject, proposal, asked_by_user_no, asked_by, asked_at_micros)
            values (@id, @ProviderNo, @AccountNo, @kind, @Subject, @Proposal, @UserNo, @Name, @now)
            """,
            new
            {
                id,
                wanted.ProviderNo,
                wanted.AccountNo,
                kind = (short)wanted.Kind,
                wanted.Subject,
                wanted.Proposal,
                by.UserNo,
                by.Name,
                now = now.ToMicros(),
            },
            transaction);
        return id;
    }

    /// <summary>Refusal: <see cref="Refusal.UnknownApproval"/>.</summary>
    public static async Task<Result<Approval>> Find(
        DbConnection connection, DbTransaction? transaction, int providerNo, string id)
    {
        var row = await connection.QuerySingleOrDefaultAsync<ApprovalRow>(
            $"select {Columns} from approval where id = @id and provider_no = @providerNo", new { id, providerNo },
            transaction);
        return row is null ? Refusal.UnknownApproval : row.ToApproval();
    }

    /// <summary>The oldest first: whoever waits longest is served first.</summary>
    public static async Task<IReadOnlyList<Approval>> Waiting(
        DbConnection connection, int providerNo, long afterNo)
    {
        var rows = await connection.QueryAsync<ApprovalRow>(
            $"""
            select {Columns} from approval
            where provider_no = @providerNo and outcome is null and no > @afterNo order by no limit {PageRows + 1}
            """,
            new { providerNo, afterNo });
        return [.. rows.Select(row => row.ToApproval())];
    }

    /// <summary>Of one account and kind, the newest first.</summary>
    public static async Task<IReadOnlyList<Approval>> OfAccount(
        DbConnection connection, DbTransaction? transaction, long accountNo, int most)
    {
        var rows = await connection.QueryAsync<ApprovalRow>(
            $"select {Columns} from approval where account_no = @accountNo order by no desc limit @most",
            new { accountNo, most }, transaction);
        return [.. rows.Select(row => row.ToApproval())];
    }

    /// <summary>False when it was decided meanwhile.</summary>
    public static async Task<bool> Decide(
        DbConnection connection, DbTransaction transaction, long no, ApprovalOutcome outcome, string remark, Actor by,
        Instant now) =>
        await connection.ExecuteAsync(
            """
            update approval set outcome = @outcome, remark = @remark, decided_by_user_no = @UserNo,
              decided_by = @Name, decided_at_micros = @now
            where no = @no and outcome is null
            """,
            new { no, outcome = (short)outcome, remark, by.UserNo, by.Name, now = now.ToMicros() }, transaction) == 1;

    /// <summary>What was approved could not take effect: it waits again, and says why.</summary>
    public static Task Reopen(DbConnection connection, DbTransaction? transaction, long no, string why) =>
        connection.ExecuteAsync(
            """
            update approval set outcome = null, decided_by_user_no = null, decided_by = null,
              decided_at_micros = null, remark = @why
            where no = @no and outcome = 1 and applied = 0
            """,
            new { no, why }, transaction);

    /// <summary>
    /// What somebody decided alone could not take effect: they are told at once, and it waits for nobody.
    /// </summary>
    public static Task Withdraw(DbConnection connection, DbTransaction? transaction, long no, string why) =>
        connection.ExecuteAsync(
            "update approval set outcome = 2, remark = @why where no = @no and outcome = 1 and applied = 0",
            new { no, why }, transaction);

    public static Task Applied(DbConnection connection, DbTransaction? transaction, long no) =>
        connection.ExecuteAsync("update approval set applied = 1 where no = @no", new { no }, transaction);

    /// <summary>Whether a later one of the kind has taken effect for the account.</summary>
    public static async Task<bool> IsOvertaken(DbConnection connection, Approval approval) =>
        await connection.ExecuteScalarAsync<long?>(
            """
            select no from approval
            where account_no = @AccountNo and no > @No and kind = @kind and applied = 1 and outcome = 1 limit 1
            """,
            new { approval.AccountNo, approval.No, kind = (short)approval.Kind }) is not null;

    /// <summary>Approved, but whoever was at it did not come to the end.</summary>
    public static async Task<IReadOnlyList<Approval>> Unapplied(DbConnection connection, Instant decidedBefore)
    {
        var rows = await connection.QueryAsync<ApprovalRow>(
            $"""
            select {Columns} from approval
            where outcome = 1 and applied = 0 and decided_at_micros < @before order by no limit {PageRows}
            """,
            new { before = decidedBefore.ToMicros() });
        return [.. rows.Select(row => row.ToApproval())];
    }

    sealed class ApprovalRow
    {
        public long No { get; init; }
        public string Id { get; init; } = "";
        public int ProviderNo { get; init; }
        public long? AccountNo { get; init; }
        public int Kind { get; init; }
        public string Subject { get; init; } = "";
        public string Proposal { get; init; } = "";
        public long? AskedByUserNo { get; init; }
        public string AskedBy { get; init; } = "";
        public long AskedAtMicros { get; init; }
        public int? Outcome { get; init; }
        public string? DecidedBy { get; init; }
        public long? DecidedAtMicros { get; init; }
        public string Remark { get; init; } = "";
        public int Applied { get; init; }

        public Approval ToApproval() => new(
            No, Id, ProviderNo, AccountNo, (ApprovalKind)Kind, Subject, Proposal, AskedByUserNo, AskedBy,
            Instants.FromMicros(AskedAtMicros), (ApprovalOutcome?)Outcome, DecidedBy,
            Instants.FromMicros(DecidedAtMicros), Remark, Applied != 0);
    }
}
