using Tollkeeper.Accounts;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Notifications;
using Tollkeeper.Notifications;
using Tollkeeper.Providers;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>What the people of an account are told of their balance and status.</summary>
public sealed class AlertStoryTests
{
    const long Dollar = 1_000_000;

    [BothDatabases]
    public async Task R82_R91_A_low_balance_is_told_once_in_each_language_to_the_right_people_and_again_once_it_rose(
        DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var customer = await shop.Customer("6");
        var no = await served.AccountNo(customer);
        await served.Reader(shop, no, "ana@example.com", Role.PrimaryAdmin, Language.Spanish);
        await served.Reader(shop, no, "tech@example.com", Role.Technical);
        await served.Reader(shop, no, "bill@example.com", Role.Billing);
        await served.Profile(no, "invoices@example.com", "ANA@example.com", Language.French);

        await served.Spend(shop, no, Dollar / 2);
        Assert.Empty(await served.MailsOf(no));
        await served.Spend(shop, no, Dollar);
        var mails = await served.MailsOf(no, 3, MailState.Sent);
        Assert.Equal(
            ["ana@example.com", "bill@example.com", "invoices@example.com"],
            mails.Select(mail => mail.To).Order(StringComparer.Ordinal));
        var ana = await served.Mail("ana@example.com");
        Assert.Equal("retail-usd: el saldo bajó a $4.5000\u00a0USD", ana.Subject);
        Assert.Contains("Saldo: $4.5000\u00a0USD", ana.Text, StringComparison.Ordinal);
        Assert.Contains("Aviso a partir de: $5.0000\u00a0USD", ana.Text, StringComparison.Ordinal);
        Assert.Contains("$4.5000", ana.Html, StringComparison.Ordinal);
        Assert.Contains("le solde est descendu", (await served.Mail("invoices@example.com")).Subject,
            StringComparison.Ordinal);

        await served.Spend(shop, no, Dollar);
        Assert.Equal(3, (await served.MailsOf(no)).Count);
        await customer.Deposit("10");
        await served.Spend(shop, no, 9 * Dollar);
        Assert.Equal(6, (await served.MailsOf(no)).Count);
    }

    [BothDatabases]
    public async Task C7_The_customers_amount_goes_before_the_packages_and_that_before_the_policys(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var no = await served.AccountNo(await shop.Customer("30"));
        await served.Reader(shop, no, "ana@example.com", Role.PrimaryAdmin);
        await using (var connection = await served.Installation.Database.Connect())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await Tollkeeper.Engine.Rating.PackageAlertStore.Save(connection, transaction, shop.DeckNo, 20 * Dollar);
            await transaction.CommitAsync();
        }
        await served.Spend(shop, no, 10 * Dollar);
        Assert.Contains("$20.0000", (await Told(1))[0].Subject, StringComparison.Ordinal);

        // The customer wants to know at 15, which the balance of 20 is above; then at 25, which it is below.
        await Set(15 * Dollar);
        Assert.Single(await Told(1));
        await Set(25 * Dollar);
        Assert.Equal(2, (await Told(2)).Count);
        await Set(25 * Dollar);
        await Set(15 * Dollar);
        await served.Spend(shop, no, 5 * Dollar);
        Assert.Equal(3, (await Told(3)).Count);
        // None of its own: the package's 20 is above the balance, as 15 was; nothing new is told.
        await Set(null);
        Assert.Equal(3, (await Told(3)).Count);

        async Task Set(long? micros) => Assert.True((await served.Installation.AlertThreshold.Set(
            no, micros, PolicyPresets.All["retail-usd"].Alert)).Accepted);

        Task<IReadOnlyList<ListedMail>> Told(int count) => served.MailsOf(no, count, MailState.Sent);
    }

    [BothDatabases]
    public async Task R48_R93_Off_by_money_and_back_is_told_and_a_first_deposit_is_not(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop("retail-cad");
        var customer = await shop.Customer("20");
        var no = await served.AccountNo(customer);
        await served.Reader(shop, no, "ana@example.com", Role.PrimaryAdmin);
        Assert.Empty(await served.MailsOf(no));
        await served.Spend(shop, no, 20 * Dollar);
        Assert.Equal(2, (await served.MailsOf(no, 2, MailState.Sent)).Count);
        var off = served.Mails().Single(mail => mail.Subject.Contains("No calls", StringComparison.Ordinal));
        Assert.Equal("retail-cad: No calls can be made or received", off.Subject);
        await customer.Deposit("50");
        await served.MailsOf(no, 3, MailState.Sent);
        Assert.Single(served.Mails(), mail => mail.Subject == "retail-cad: calls run again");
    }

    [BothDatabases]
    public async Task R50_A_suspension_and_its_end_are_told_to_users_who_want_to_know(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var customer = await shop.Customer();
        var no = await served.AccountNo(customer);
        await served.Reader(shop, no, "ana@example.com", Role.PrimaryAdmin, Language.French);
        await served.Reader(shop, no, "tech@example.com", Role.Technical);
        await served.Reader(shop, no, "see@example.com", Role.ReadOnly);
        await served.Profile(no, "invoices@example.com", "list@example.com", Language.English);
        Assert.Equal(200, (await customer.Suspend("violation", "outbound")).Status);
        await served.MailsOf(no, 2, MailState.Sent);
        var ana = await served.Mail("ana@example.com");
        Assert.Equal("retail-usd : votre compte est suspendu", ana.Subject);
        Assert.Contains("L’entente de service", ana.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await customer.Unsuspend("violation")).Status);
        Assert.Equal(200, (await customer.Unsuspend("violation")).Status);
        Assert.Equal(4, (await served.MailsOf(no, 4, MailState.Sent)).Count);
        Assert.Equal("retail-usd: your account is on again", (await served.Mail("tech@example.com", 2)).Subject);
    }

    [BothDatabases]
    public async Task A_crossing_is_told_once_however_many_nodes_there_are(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var customers = new List<long>();
        for (var i = 0; i < 8; i++) customers.Add(await served.AccountNo(await shop.Customer("6")));
        foreach (var no in customers)
            await served.Reader(shop, no, $"ana{no}@example.com", Role.PrimaryAdmin);
        if (kind == DatabaseKind.Postgres)
        {
            await using var second = await served.Another();
            await using var third = await served.Another();
            await Task.WhenAll(customers.Select(no => served.Spend(shop, no, 2 * Dollar)));
            foreach (var no in customers) Assert.Single(await served.MailsOf(no, 1, MailState.Sent));
        }
        else
        {
            await Task.WhenAll(customers.Select(no => served.Spend(shop, no, 2 * Dollar)));
            foreach (var no in customers) Assert.Single(await served.MailsOf(no, 1, MailState.Sent));
        }
        Assert.Equal(customers.Count, served.Mails().Count);
    }

    [BothDatabases]
    public async Task A_sign_in_from_a_new_place_is_told_and_one_from_a_known_place_is_not(DatabaseKind kind)
    {
        await using var served = await Served.Start(
            await TestDatabase.New(kind), new MovableClock(),
            with: settings => settings with { Proxies = "127.0.0.1" });
        var staff = await served.Staff();
        await SignIn("192.0.2.1");
        await SignIn("192.0.2.1");
        await SignIn("198.51.100.7");
        var mail = await served.Mail(staff.Email);
        Assert.Equal("retail-usd: sign-in from a new place", mail.Subject);
        Assert.Contains("198.51.100.7", mail.Text, StringComparison.Ordinal);
        await SignIn("192.0.2.1");
        await SignIn("2001:db8:1:100::1");
        await served.Mail(staff.Email, 2);
        // The rest of an IPv6 address changes every day.
        await SignIn("2001:db8:1:1ff:ffff::9");
        await served.Move(NodaTime.Duration.FromDays(91));
        await SignIn("192.0.2.1");
        Assert.Equal(2, served.Mails().Count);

        async Task SignIn(string from)
        {
            using var visitor = served.At(staff.Provider);
            visitor.Headers["X-Forwarded-For"] = from;
            Assert.Equal(200, (await visitor.SignIn(staff.Email, Served.Password)).Status);
        }
    }
}
