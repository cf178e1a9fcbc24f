using System.Data.Common;
using Dapper;
using NodaTime;
using Tollkeeper.Accounts;

namespace Tollkeeper.Engine.Accounts;

/// <summary>A record as it was written down.</summary>
public sealed record WrittenRecord(
    long No, Instant At, int? ProviderNo, long? UserNo, long? AccountNo, string Act, string Subject, string Details,
    string Before, string After, string Address);

/// <summary>Records of who did what. There is no statement here that changes or removes one.</summary>
public static class AuditRecordStore
{
    const int Longest = 1_000;

    public static Task Insert(
        DbConnection connection, DbTransaction transaction, AuditRecord record, Instant at) =>
        connection.ExecuteAsync(
            """
            insert into audit_record (
              at_micros, provider_no, user_no, account_no, act, subject, details, before, after, address)
            values (
              @at, @ProviderNo, @UserNo, @AccountNo, @Name, @subject, @details, @before, @after, @address)
            """,
            new
            {
                at = at.ToMicros(),
                record.ProviderNo,
                record.UserNo,
                record.AccountNo,
                record.Name,
                subject = Fitting(record.Subject),
                details = Fitting(record.Details),
                before = Fitting(record.Before),
                after = Fitting(record.After),
                address = Fitting(record.Address),
            },
            transaction);

    /// <summary>The newest first, before a number; null begins with the very newest.</summary>
    public static async Task<IReadOnlyList<WrittenRecord>> Newest(
        DbConnection connection, int providerNo, long? before, int most)
    {
        var rows = await connection.QueryAsync<RecordRow>(
            """
            select no, at_micros, provider_no, user_no, account_no, act, subject, details, before, after, address
            from audit_record
            where provider_no = @providerNo and no < @before order by no desc limit @most
            """,
            new { providerNo, before = before ?? long.MaxValue, most });
        return [.. rows.Select(row => new WrittenRecord(
            row.No, Instants.FromMicros(row.AtMicros), row.ProviderNo, row.UserNo, row.AccountNo, row.Act,
            row.Subject, row.Details, row.Before, row.After, row.Address))];
    }

    /// <summary>
    /// Some of a record is what a stranger sent: cut, and without what a database cannot keep, it is always written.
    /// </summary>
    static string Fitting(string text)
    {
        var cut = text.Length <= Longest ? text : text[..Longest];
        return PlainText.Fits(cut, Longest) || cut.Length == 0
            ? cut
            : string.Concat(cut.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '\uFFFD' : c));
    }

    sealed class RecordRow
    {
        public long No { get; init; }
        public long AtMicros { get; init; }
        public int? ProviderNo { get; init; }
        public long? UserNo { get; init; }
        public long? AccountNo { get; init; }
        public string Act { get; init; } = "";
        public string Subject { get; init; } = "";
        public string Details { get; init; } = "";
        public string Before { get; init; } = "";
        public string After { get; init; } = "";
        public string Address { get; init; } = "";
    }
}
