using System.Data.Common;
using Dapper;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Notifications;

namespace Tollkeeper.Engine.Notifications;

/// <summary>Who might be told of what happens to some accounts.</summary>
sealed record AccountRecipients(
    ILookup<long, NoticeUser> Users, IReadOnlyDictionary<long, NoticeAddresses> Addresses)
{
    public static AccountRecipients None { get; } = new(
        Array.Empty<NoticeUser>().ToLookup(_ => 0L), new Dictionary<long, NoticeAddresses>());
}

/// <summary>Who might be told, of many accounts and users at once.</summary>
static class RecipientStore
{
    const string Columns = "no, account_no, role, email, language, notifications, email_confirmed, locked";

    /// <summary>
    /// The users of accounts, and R65: the billing e-mail and the distribution list; an account without a profile has
    /// none. One round trip.
    /// </summary>
    public static async Task<AccountRecipients> OfAccounts(
        DbConnection connection, DbTransaction transaction, IReadOnlyCollection<long> accountNos)
    {
        if (accountNos.Count == 0) return AccountRecipients.None;
        var isOne = NumberList.IsOneOf(connection, "@nos");
        await using var answers = await connection.QueryMultipleAsync(
            $"""
            select {Columns} from portal_user where account_no {isOne} and removed_at_micros is null order by no;
            select account_no, language, billing_email from account_profile where account_no {isOne};
            select account_no, email from account_mail_list where account_no {isOne} order by email_key
            """,
            new { nos = NumberList.Value(connection, accountNos) }, transaction);
        var users = await answers.ReadAsync<UserRow>();
        var profiles = await answers.ReadAsync<(long AccountNo, int Language, string Email)>();
        var listed = (await answers.ReadAsync<(long AccountNo, string Email)>())
            .ToLookup(row => row.AccountNo, row => row.Email);
        return new AccountRecipients(
            users.ToLookup(row => row.AccountNo!.Value, ToUser),
            profiles.ToDictionary(
                row => row.AccountNo,
                row => new NoticeAddresses(
                    [.. Parsed(listed[row.AccountNo].Prepend(row.Email))], (Language)row.Language)));
    }

    public static async Task<ILookup<long, NoticeUser>> Users(
        DbConnection connection, DbTransaction transaction, IReadOnlyCollection<long> userNos)
    {
        if (userNos.Count == 0) return Array.Empty<UserRow>().ToLookup(row => row.No, ToUser);
        var rows = await connection.QueryAsync<UserRow>(
            $"""
            select {Columns} from portal_user
            where no {NumberList.IsOneOf(connection, "@nos")} and removed_at_micros is null
            """,
            new { nos = NumberList.Value(connection, userNos) }, transaction);
        return rows.ToLookup(row => row.No, ToUser);
    }

    static IEnumerable<EmailAddress> Parsed(IEnumerable<string> texts)
    {
        foreach (var text in texts)
            if (EmailAddress.TryParse(text, out var address)) yield return address;
    }

    static NoticeUser ToUser(UserRow row)
    {
        Demand.That(EmailAddress.TryParse(row.Email, out var address), "a user's row has an e-mail address");
        return new NoticeUser(
            row.No, address, (Language?)row.Language, (Role)row.Role, (NoticeTopics?)row.Notifications,
            row.EmailConfirmed != 0 && row.Locked == 0);
    }

    sealed class UserRow
    {
        public long No { get; init; }
        public long? AccountNo { get; init; }
        public int Role { get; init; }
        public string Email { get; init; } = "";
        public int? Language { get; init; }
        public int? Notifications { get; init; }
        public int EmailConfirmed { get; init; }
        public int Locked { get; init; }
    }
}
