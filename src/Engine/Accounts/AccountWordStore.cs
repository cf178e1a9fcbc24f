using System.Data.Common;
using Dapper;
using Tollkeeper.Accounts;

namespace Tollkeeper.Engine.Accounts;

/// <summary>
/// The words by which customers are found, written in the transaction that changes what they are of. Each part of what
/// is known of a customer has its own: whoever changes one part need not know the others.
/// </summary>
static class AccountWordStore
{
    const long Self = 0;
    const long Contact = -1;

    /// <summary>Of a new account; none of this ever changes.</summary>
    public static Task OfAccount(
        DbConnection connection, DbTransaction transaction, long accountNo, string id, NewAccount account) =>
        Write(connection, transaction, accountNo, Self,
            [
                .. SearchWords.OfText(id[(PublicId.Account.Length + 1)..]), .. SearchWords.OfText(account.Name),
                .. account.SipUsers.SelectMany(SearchWords.OfSipUser),
            ]);

    public static Task OfProfile(
        DbConnection connection, DbTransaction transaction, long accountNo, Profile profile) =>
        Write(connection, transaction, accountNo, Contact,
            [
                .. SearchWords.OfText(profile.ContactName), .. SearchWords.OfText(profile.BillingName),
                .. SearchWords.OfPhone(profile.Phone), .. SearchWords.OfMail(profile.BillingEmail),
                .. profile.MailList.SelectMany(SearchWords.OfMail),
            ]);

    /// <summary>Of a customer's user; nobody looks for staff among customers.</summary>
    public static Task OfUser(
        DbConnection connection, DbTransaction transaction, long userNo, long? accountNo, string name,
        EmailAddress email) =>
        accountNo is { } account
            ? Write(connection, transaction, account, userNo,
                [.. SearchWords.OfText(name), .. SearchWords.OfMail(email.Text)])
            : Task.CompletedTask;

    public static Task ForgetUser(
        DbConnection connection, DbTransaction transaction, long userNo, long? accountNo) =>
        accountNo is { } account ? Write(connection, transaction, account, userNo, []) : Task.CompletedTask;

    static async Task Write(
        DbConnection connection, DbTransaction transaction, long accountNo, long part, string[] words)
    {
        var former = (await connection.QueryAsync<string>(
            "select word from account_word where account_no = @accountNo and part = @part",
            new { accountNo, part }, transaction)).ToHashSet(StringComparer.Ordinal);
        var now = words.Where(word => word.Length > 0).ToHashSet(StringComparer.Ordinal);
        foreach (var word in former.Except(now, StringComparer.Ordinal))
        {
            await connection.ExecuteAsync(
                "delete from account_word where account_no = @accountNo and word = @word and part = @part",
                new { accountNo, word, part }, transaction);
        }
        foreach (var word in now.Except(former, StringComparer.Ordinal))
        {
            await connection.ExecuteAsync(
                """
                insert into account_word (provider_no, word, account_no, part)
                select provider_no, @word, no, @part from account where no = @accountNo
                on conflict do nothing
                """,
                new { accountNo, word, part }, transaction);
        }
    }
}
