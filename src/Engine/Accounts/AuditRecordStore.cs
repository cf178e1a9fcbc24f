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
}
