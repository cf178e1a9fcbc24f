using System.Data.Common;
using Dapper;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Taxes;

namespace Tollkeeper.Engine.Taxes;

/// <summary>Why accounts are not charged taxes, and what they sent as proof; nothing is ever deleted.</summary>
public static class ExemptionStore
{
    const string Columns =
        """
        e.no, e.id, e.provider_no, e.account_no, e.class, e.place, e.tax_code, e.number, e.certificate,
        e.resale_declared, e.state, e.from_date, e.to_date, e.declaration_version, e.declaration, e.asked_at_micros,
        e.asked_by_user_no, e.asked_by, e.asked_from, e.approval_id, e.active_at_micros, e.decided_at_micros,
        e.decided_by, e.remark, e.ended_date, e.ended_at_micros, e.ended_by, e.version, c.name as file_name
        """;

    const string Tables = "tax_exemption e left join tax_certificate c on c.exemption_no = e.no";

    /// <summary>The newest first.</summary>
    internal const string OfOneAccount =
        $"select {Columns} from {Tables} where e.account_no = @accountNo order by e.no desc";

    /// <summary>
    /// Of a provider's account, the newest first. Until the transaction ends nobody else changes them. Null where the
    /// provider has no such account.
    /// </summary>
    public static async Task<IReadOnlyList<KeptExemption>?> Lock(
        DbConnection connection, DbTransaction transaction, int providerNo, long accountNo)
    {
        var found = await connection.ExecuteAsync(
            "update account set blocks = blocks where no = @accountNo and provider_no = @providerNo",
            new { accountNo, providerNo }, transaction);
        return found == 0 ? null : await OfAccount(connection, transaction, accountNo);
    }

    /// <summary>The newest first.</summary>
    public static async Task<IReadOnlyList<KeptExemption>> OfAccount(
        DbConnection connection, DbTransaction? transaction, long accountNo)
    {
        var rows = await connection.QueryAsync<ExemptionRow>(OfOneAccount, new { accountNo }, transaction);
        return [.. rows.Select(row => row.ToExemption())];
    }

    /// <summary>Refusal: <see cref="Refusal.UnknownExemption"/>.</summary>
    public static async Task<Result<KeptExemption>> Find(
        DbConnection connection, DbTransaction? transaction, int providerNo, string id)
    {
        var row = await connection.QuerySingleOrDefaultAsync<ExemptionRow>(
            $"select {Columns} from {Tables} where e.id = @id and e.provider_no = @providerNo", new { id, providerNo },
            transaction);
        return row is null ? Refusal.UnknownExemption : row.ToExemption();
    }

    public static Task<string> AccountName(DbConnection connection, DbTransaction transaction, long accountNo) =>
        connection.QuerySingleAsync<string>(
            "select name from account where no = @accountNo", new { accountNo }, transaction);

    /// <returns>Its number.</returns>
    public static Task<long> Insert(DbConnection connection, DbTransaction transaction, KeptExemption wanted) =>
        connection.ExecuteScalarAsync<long>(
            """
            insert into tax_exemption (
              id, provider_no, account_no, class, place, tax_code, number, certificate, resale_declared, state,
              from_date, to_date, declaration_version, declaration, asked_at_micros, asked_by_user_no, asked_by,
              asked_from, approval_id, active_at_micros, decided_at_micros, decided_by, remark, version)
            values (
              @Id, @ProviderNo, @AccountNo, @Class, @Place, @TaxCode, @Number, @Certificate, @ResaleDeclared, @State,
              @FromDate, @ToDate, @DeclarationVersion, @Declaration, @AskedAtMicros, @AskedByUserNo, @AskedBy,
              @AskedFrom, @ApprovalId, @ActiveAtMicros, @DecidedAtMicros, @DecidedBy, @Remark, @Version)
            returning no
            """,
            ExemptionRow.Of(wanted), transaction);

    public static Task InsertFile(
        DbConnection connection, DbTransaction transaction, long exemptionNo, CertificateFile file) =>
        connection.ExecuteAsync(
            """
            insert into tax_certificate (exemption_no, name, media_type, content)
            values (@exemptionNo, @Name, @MediaType, @Content)
            """,
            new { exemptionNo, file.Name, file.MediaType, file.Content }, transaction);

    /// <summary>What was sent with an exemption; null: nothing was.</summary>
    public static async Task<CertificateFile?> File(DbConnection connection, long exemptionNo)
    {
        var row = await connection.QuerySingleOrDefaultAsync<FileRow>(
            "select name, media_type, content from tax_certificate where exemption_no = @exemptionNo",
            new { exemptionNo });
        return row is null ? null : new CertificateFile(row.Name, row.MediaType, row.Content);
    }

    /// <summary>What was decided of it, or that it ended. False when somebody changed it meanwhile.</summary>
    public static async Task<bool> Change(DbConnection connection, DbTransaction transaction, KeptExemption changed) =>
        await connection.ExecuteAsync(
            """
            update tax_exemption set state = @State, from_date = @FromDate, to_date = @ToDate,
              active_at_micros = @ActiveAtMicros, decided_at_micros = @DecidedAtMicros, decided_by = @DecidedBy,
              remark = @Remark, ended_date = @EndedDate, ended_at_micros = @EndedAtMicros, ended_by = @EndedBy,
              version = version + 1
            where no = @No and version = @Version
            """,
            ExemptionRow.Of(changed), transaction) == 1;

    sealed class FileRow
    {
        public string Name { get; init; } = "";
        public string MediaType { get; init; } = "";
        public byte[] Content { get; init; } = [];
    }
}
