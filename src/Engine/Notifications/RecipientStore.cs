using System.Data.Common;
using Dapper;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Notifications;

namespace Tollkeeper.Engine.Notifications;

/// <summary>Who might be told, of many accounts and users at once.</summary>
static class RecipientStore
{
    const string Columns = "no, account_no, role, email, language, notifications, email_confirmed, locked";

    public static Task<ILookup<long, NoticeUser>> OfAccounts(
        DbConnection connection, DbTransaction transaction, IReadOnlyCollection<long> accountNos) =>
        Users(connection, transaction, "account_no", accountNos, row => row.AccountNo!.Value);

    public static Task<ILookup<long, NoticeUser>> Users(
        DbConnection connection, DbTransaction transaction, IReadOnlyCollection<long> userNos) =>
        Users(connection, transaction, "no", userNos, row => row.No);

    static async Task<ILookup<long, NoticeUser>> Users(
        DbConnection connection, DbTransaction transaction, string column, IReadOnlyCollection<long> nos,
        Func<UserRow, long> key)
    {
        if (nos.Count == 0) return Array.Empty<UserRow>().ToLookup(key, ToUser);
        var rows = await connection.QueryAsync<UserRow>(
            $"""
            select {Columns} from portal_user
            where {column} {NumberList.IsOneOf(connection, "@nos")} and removed_at_micros is null order by no
            """,
            new { nos = NumberList.Value(connection, nos) }, transaction);
        return rows.ToLookup(key, ToUser);
    }

    /// <summary>R65: the billing e-mail and the distribution list; an account without a profile has none.</summary>
    public static async Task<Dictionary<long, NoticeAddresses>> Addresses(
        DbConnection connection, DbTransaction transaction, IReadOnlyCollection<long> accountNos)
    {
        if (accountNos.Count == 0) return [];
        var isOne = NumberList.IsOneOf(connection, "@nos");
        var nos = new { nos = NumberList.Value(connection, accountNos) };
        var profiles = await connection.QueryAsync<(long AccountNo, int Language, string Email)>(
            $"select account_no, language, billing_email from account_profile where account_no {isOne}", nos,
            transaction);
        var listed = (await connection.QueryAsync<(long AccountNo, string Email)>(
            $"select account_no, email from account_mail_list where account_no {isOne} order by email_key", nos,
            transaction)).ToLookup(row => row.AccountNo, row => row.Email);
        return profiles.ToDictionary(
            row => row.AccountNo,
            row => new NoticeAddresses([.. Parsed(listed[row.AccountNo].Prepend(row.Email))], (Language)row.Language));
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
