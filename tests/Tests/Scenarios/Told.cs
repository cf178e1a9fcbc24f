using Dapper;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Notifications;
using Tollkeeper.Ledger;
using Tollkeeper.Notifications;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>A customer whose balance moves, the people who are told, and their mails.</summary>
public static class Told
{
    public static async Task<long> AccountNo(this Served served, Customer customer)
    {
        await using var connection = await served.Installation.Database.Connect();
        var no = await AccountStore.FindNo(connection, customer.Id);
        Assert.NotNull(no);
        return no.Value;
    }

    /// <summary>A user of a role, with a language, who has confirmed the address.</summary>
    public static async Task<User> Reader(
        this Served served, Shop shop, long? accountNo, string email, Role role, Language? language = null)
    {
        Assert.True(EmailAddress.TryParse(email, out var address));
        var hash = PasswordHash.Of(Served.Password, new byte[PasswordHash.SaltBytes]);
        var made = await new CreateUser(served.Installation.Database, served.Clock).Run(
            new NewUser(shop.Provider.No, accountNo, address, true, hash, language, role), "test");
        Assert.True(made.Accepted, made.Refused?.ToString());
        return made.Value;
    }

    /// <summary>R65: where bills go, and a distribution list of one.</summary>
    public static async Task Profile(
        this Served served, long accountNo, string billing, string listed, Language language)
    {
        await using var connection = await served.Installation.Database.Connect();
        await connection.ExecuteAsync(
            "insert into account_profile (account_no, billing_email, language) values (@accountNo, @billing, @tongue)",
            new { accountNo, billing, tongue = (short)language });
        await connection.ExecuteAsync(
            "insert into account_mail_list (account_no, email_key, email) values (@accountNo, @listed, @listed)",
            new { accountNo, listed });
    }

    /// <summary>Takes money from the balance, in micros.</summary>
    public static async Task Spend(this Served served, Shop shop, long accountNo, long micros)
    {
        var policy = served.Installation.Rules.Providers.PolicyOf(shop.Provider.No, served.Clock.Now).Value.Policy;
        var moved = await served.Installation.Money.Post(
            new MoneyMove(
                shop.Provider.No, accountNo, null, EntryKind.Debit, new Money(micros, shop.Provider.Currency),
                LedgerCode.InTransit, Guid.NewGuid().ToString(), "a test's debit"),
            policy.Alert.LowBalanceMicros);
        Assert.True(moved.Accepted, moved.Refused?.ToString());
    }

    /// <summary>All mails of an account, the oldest first, once nothing waits to become one.</summary>
    public static async Task<IReadOnlyList<ListedMail>> MailsOf(this Served served, long accountNo)
    {
        var installation = served.Installation;
        await Wait.Until(
            async () =>
            {
                await using var connection = await installation.Database.Connect();
                var waiting = await MailStore.Waiting(connection, served.Clock.Now, CancellationToken.None);
                return waiting is { Crossings: false, Notices: false };
            },
            TimeSpan.FromSeconds(20), () => "what is to be told is told");
        var mails = await KeptMailStore.OfAccount(
            installation.Database, accountNo, long.MaxValue, CancellationToken.None);
        return [.. mails.Reverse()];
    }

    /// <summary>The same, once as many as are expected have come as far as that.</summary>
    public static async Task<IReadOnlyList<ListedMail>> MailsOf(
        this Served served, long accountNo, int count, MailState state)
    {
        IReadOnlyList<ListedMail> found = [];
        await Wait.Until(
            async () => (found = await served.MailsOf(accountNo)).Count(mail => mail.State == state) >= count,
            TimeSpan.FromSeconds(20),
            () => $"{count} mails are {state}: {string.Join(", ", found.Select(each => $"{each.To} {each.State}"))}");
        return found;
    }
}
