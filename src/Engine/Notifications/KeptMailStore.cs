using System.Data.Common;
using System.Globalization;
using Dapper;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Notifications;

namespace Tollkeeper.Engine.Notifications;

/// <summary>A mail in a list.</summary>
/// <param name="Subject">Null until it was written.</param>
/// <param name="Answer">What the mail server said last, or the file.</param>
public sealed record ListedMail(
    long No, string Id, NoticeKind Kind, string To, MailState State, string? Subject, string? Answer,
    Instant CreatedAt, Instant? SentAt);

/// <summary>A mail as it was sent, but for a link that opens something.</summary>
/// <param name="Personal">For one user alone: others of the account do not see it.</param>
/// <param name="DueAt">When it is tried next; null where it is over.</param>
public sealed record KeptMail(
    ListedMail Listed, int ProviderNo, long? AccountNo, string? AccountId, string? AccountName, long? UserNo,
    bool Personal, Language Language, int Attempts, Instant? DueAt, string? Text, string? Html, long? FileNo,
    string? FileName);

/// <summary>Mails as office and portal list and show them, the newest first.</summary>
public static class KeptMailStore
{
    public const int PageRows = 50;

    const string Columns =
        "m.no, m.id, m.kind, m.to_address, m.state, m.subject, m.answer, m.created_at_micros, m.sent_at_micros";

    static readonly string Most = (PageRows + 1).ToString(CultureInfo.InvariantCulture);

    static readonly string OfProviderText =
        $"""
        select {Columns} from mail m where m.provider_no = $1 and m.no < $2 order by m.no desc limit {Most}
        """;

    static readonly string UndeliveredText =
        $"""
        select {Columns} from mail m where m.provider_no = $1 and m.no < $2 and m.state in (3, 4)
        order by m.no desc limit {Most}
        """;

    static readonly string OfAccountText =
        $"""
        select {Columns} from mail m where m.account_no = $1 and m.no < $2 order by m.no desc limit {Most}
        """;

    static readonly string OfUserText =
        $"""
        select {Columns} from mail m where m.account_no = $1 and m.no < $2 and (m.personal = 0 or m.user_no = $3)
        order by m.no desc limit {Most}
        """;

    const string OneText =
        $"""
        select {Columns}, m.provider_no, m.account_no, a.id, a.name, m.user_no, m.personal, m.language, m.attempts,
          m.due_at_micros, m.text_body, m.html_body, n.file_no, f.name
        from mail m
        join notice n on n.no = m.notice_no
        left join notice_file f on f.no = n.file_no
        left join account a on a.no = m.account_no
        where m.id = $1
        """;

    /// <summary>One more than a page when there are more; so do the others.</summary>
    public static Task<IReadOnlyList<ListedMail>> OfProvider(
        Database database, int providerNo, bool undelivered, long before, CancellationToken ct) =>
        Page(database, undelivered ? UndeliveredText : OfProviderText, ct, providerNo, before);

    /// <summary>For staff: all of an account.</summary>
    public static Task<IReadOnlyList<ListedMail>> OfAccount(
        Database database, long accountNo, long before, CancellationToken ct) =>
        Page(database, OfAccountText, ct, accountNo, before);

    /// <summary>For a user of the account: what its people were told, and what this user was.</summary>
    public static Task<IReadOnlyList<ListedMail>> OfAccount(
        Database database, long accountNo, long userNo, long before, CancellationToken ct) =>
        Page(database, OfUserText, ct, accountNo, before, userNo);

    /// <summary>Whose ever it is: who asks has to look. Null where there is none.</summary>
    public static async Task<KeptMail?> Find(Database database, string id, CancellationToken ct)
    {
        if (!PublicId.TryParse(id, PublicId.Mail, out _)) return null;
        KeptMail? found = null;
        await database.Reads.Ask(new PageQuestion(OneText, row => found = ReadKept(ref row), id), ct);
        return found;
    }

    /// <summary>Drops the words of some mails that are over; the rest of them stays.</summary>
    public static Task<int> ForgetWordsBefore(
        DbConnection connection, DbTransaction transaction, int providerNo, Instant before, int most) =>
        connection.ExecuteAsync(
            """
            update mail set text_body = null, html_body = null where no in (
              select no from mail
              where provider_no = @providerNo and created_at_micros < @before and text_body is not null
                and due_at_micros is null
              order by created_at_micros limit @most)
            """,
            new { providerNo, before = before.ToMicros(), most }, transaction);

    static async Task<IReadOnlyList<ListedMail>> Page(
        Database database, string text, CancellationToken ct, params PageValue[] values)
    {
        var rows = new List<ListedMail>();
        await database.Reads.Ask(new PageQuestion(text, row => rows.Add(ReadListed(ref row)), values), ct);
        return rows;
    }

    static ListedMail ReadListed(ref RowReader row) => new(
        row.Long(), row.Text(), (NoticeKind)row.Small(), row.Text(), (MailState)row.Small(), row.TextOrNull(),
        row.TextOrNull(), Instants.FromMicros(row.Long()), Instants.FromMicros(row.LongOrNull()));

    static KeptMail ReadKept(ref RowReader row) => new(
        ReadListed(ref row), row.Int(), row.LongOrNull(), row.TextOrNull(), row.TextOrNull(), row.LongOrNull(),
        row.YesNo(), (Language)row.Small(), row.Int(), Instants.FromMicros(row.LongOrNull()), row.TextOrNull(),
        row.TextOrNull(), row.LongOrNull(), row.TextOrNull());
}
