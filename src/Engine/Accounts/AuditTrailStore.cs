using System.Data.Common;
using System.Globalization;
using Dapper;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>Which records somebody wants to see; null and empty are any.</summary>
/// <param name="Subject">What it was done to, to the letter.</param>
/// <param name="From">The first instant.</param>
/// <param name="Until">The first instant that is too late.</param>
public sealed record RecordFilter(
    long? UserNo = null, Act? Act = null, string Subject = "", long? AccountNo = null, Instant? From = null,
    Instant? Until = null);

/// <summary>Where a page of records ends: the next one is older.</summary>
public readonly record struct RecordPlace(long AtMicros, long No)
{
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{AtMicros}-{No}");

    /// <summary>Null for whatever is no place: at the newest record.</summary>
    public static RecordPlace? Read(string? text)
    {
        var parts = text?.Split('-') ?? [];
        return parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var no)
            ? new RecordPlace(at, no)
            : null;
    }
}

/// <summary>A record with the names that people know who did it and the customer by.</summary>
public sealed record ListedRecord(
    WrittenRecord Written, string? UserId, string? UserEmail, string? AccountId, string? AccountName)
{
    public RecordPlace Place => new(Written.At.ToMicros(), Written.No);
}

/// <summary>
/// What is on record at a provider, the newest first. Whatever is filtered, one index leads to the rows in their
/// order, and what else is filtered for is looked at row by row: never more than one account, record or person has.
/// </summary>
public static class AuditTrailStore
{
    public const int PageRows = 50;

    const string Columns =
        """
        r.no, r.at_micros, r.provider_no, r.user_no, r.account_no, r.act, r.subject, r.details, r.before, r.after,
        r.address, u.id, u.email, a.id, a.name
        """;

    public static async Task<IReadOnlyList<ListedRecord>> Page(
        Database database, int providerNo, RecordFilter filter, RecordPlace? after, int most, CancellationToken ct)
    {
        var rows = new List<ListedRecord>();
        await database.Reads.Ask(Question(providerNo, filter, after, most, rows), ct);
        return rows;
    }

    /// <summary>The same as a part of a larger round trip.</summary>
    internal static PageQuestion Question(
        int providerNo, RecordFilter filter, RecordPlace? after, int most, List<ListedRecord> rows)
    {
        var values = new List<PageValue>();
        var text = TextFor(providerNo, filter, after, values);
        values.Add((long)most);
        return new PageQuestion(
            $"""
            select {Columns}
            from ({text} order by at_micros desc, no desc limit ${values.Count}) r
            left join portal_user u on u.no = r.user_no and u.provider_no = r.provider_no
            left join account a on a.no = r.account_no and a.provider_no = r.provider_no
            order by r.at_micros desc, r.no desc
            """,
            row => rows.Add(Read(ref row)), [.. values]);
    }

    /// <summary>The number of a user of a provider by id, or of one who is there now by e-mail address.</summary>
    public static Task<long?> FindPerson(DbConnection connection, int providerNo, string person) =>
        connection.ExecuteScalarAsync<long?>(
            PublicId.TryParse(person, PublicId.User, out _)
                ? "select no from portal_user where id = @person and provider_no = @providerNo"
                : "select no from portal_user where email_key = @person and provider_no = @providerNo "
                    + "and removed_at_micros is null",
            new { person, providerNo });

    /// <summary>
    /// A column in an expression is one that no index is chosen for: the databases would choose by what they believe of
    /// a table, and be wrong on the day when it matters.
    /// </summary>
    static string TextFor(int providerNo, RecordFilter filter, RecordPlace? after, List<PageValue> values)
    {
        var first = filter switch
        {
            { Subject.Length: > 0 } => Leading.Subject,
            { AccountNo: not null } => Leading.Account,
            { UserNo: not null } => Leading.User,
            { Act: not null } => Leading.Act,
            _ => Leading.Provider,
        };
        var isOwn = first is Leading.Subject or Leading.Act or Leading.Provider;
        var conditions = new List<string> { $"{(isOwn ? "provider_no" : "provider_no + 0")} = {Value(providerNo)}" };
        if (first == Leading.Subject)
        {
            var subject = Value(filter.Subject);
            conditions.Add($"substr(subject, 1, 100) = substr({subject}, 1, 100) and subject = {subject}");
        }
        if (filter.AccountNo is { } account)
            conditions.Add($"{(first == Leading.Account ? "account_no" : "account_no + 0")} = {Value(account)}");
        if (filter.UserNo is { } user)
            conditions.Add($"{(first == Leading.User ? "user_no" : "user_no + 0")} = {Value(user)}");
        if (filter.Act is { } act)
        {
            var leads = first is Leading.User or Leading.Act;
            conditions.Add($"{(leads ? "act" : "act || ''")} = {Value(AuditRecord.NameOf(act))}");
        }
        if (filter.From is { } from) conditions.Add($"at_micros >= {Value(from.ToMicros())}");
        var until = after ?? new RecordPlace(filter.Until?.ToMicros() ?? long.MaxValue, 0);
        conditions.Add($"(at_micros, no) < ({Value(until.AtMicros)}, {Value(until.No)})");
        return $"select * from audit_record where {string.Join(" and ", conditions)}";

        string Value(PageValue value)
        {
            values.Add(value);
            return $"${values.Count}";
        }
    }

    /// <summary>Which column leads to the rows.</summary>
    enum Leading
    {
        Subject,
        Account,
        User,
        Act,
        Provider,
    }

    static ListedRecord Read(ref RowReader row) => new(
        new WrittenRecord(
            row.Long(), Instants.FromMicros(row.Long()), row.IntOrNull(), row.LongOrNull(), row.LongOrNull(),
            row.Text(), row.Text(), row.Text(), row.Text(), row.Text(), row.Text()),
        row.TextOrNull(), row.TextOrNull(), row.TextOrNull(), row.TextOrNull());
}
