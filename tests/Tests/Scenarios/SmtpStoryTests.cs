using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Notifications;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>Mails and a mail server that is there, is away, refuses, or dies in the middle.</summary>
public sealed class SmtpStoryTests
{
    const long Dollar = 1_000_000;

    [BothDatabases]
    public async Task A_mail_server_that_is_away_for_a_day_costs_no_mail_and_none_comes_twice(DatabaseKind kind)
    {
        await using var sink = new MailSink();
        await sink.Close();
        await using var served = await Start(kind, sink);
        var shop = await served.Shop();
        var accounts = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            var no = await served.AccountNo(await shop.Customer("6"));
            await served.Reader(shop, no, $"ana{i}@example.com", Role.PrimaryAdmin);
            await served.Spend(shop, no, 2 * Dollar);
            accounts.Add(no);
        }
        for (var hour = 0; hour < 24; hour += 6)
        {
            await served.Move(Duration.FromHours(6));
            await Task.Delay(700);
        }
        Assert.All(await served.MailsOf(accounts[0]), mail => Assert.NotEqual(MailState.Sent, mail.State));
        sink.Open();
        await served.Move(Duration.FromMinutes(5));
        foreach (var no in accounts) await served.MailsOf(no, 1, MailState.Sent);
        await served.Move(Duration.FromHours(6));
        await Task.Delay(700);
        Assert.Equal(
            Enumerable.Range(0, 5).Select(i => $"ana{i}@example.com"),
            sink.Mails.Select(mail => mail.To).Order(StringComparer.Ordinal));
    }

    [BothDatabases]
    public async Task A_refusal_for_good_is_shown_and_tried_again_when_staff_say_so(DatabaseKind kind)
    {
        await using var sink = new MailSink { Refuse = NoSuchAna };
        await using var served = await Start(kind, sink);
        var shop = await served.Shop();
        var no = await served.AccountNo(await shop.Customer("6"));
        await served.Reader(shop, no, "ana@example.com", Role.PrimaryAdmin);
        await served.Reader(shop, null, "sam@example.com", Role.Owner);
        await served.Spend(shop, no, 2 * Dollar);
        var mail = (await served.MailsOf(no, 1, MailState.Bounced))[0];
        Assert.Equal("550 5.1.1 no such user", mail.Answer);

        using var sam = await served.SignedIn(shop.Provider, "sam@example.com");
        var work = await sam.Open("/office/work");
        Assert.Contains("1 mail of the last week did not arrive", work.Text, StringComparison.Ordinal);
        var list = await sam.Open("/office/mail?show=undelivered");
        Assert.Contains("ana@example.com", list.Text, StringComparison.Ordinal);
        var page = await sam.Open($"/office/mail/{mail.Id}");
        Assert.Contains("550 5.1.1 no such user", page.Text, StringComparison.Ordinal);
        sink.Refuse = _ => null;
        for (var press = 0; press < 2; press++)
            Assert.Equal(303, (await sam.Submit(page, "again")).Status);
        await served.MailsOf(no, 1, MailState.Sent);
        Assert.Single(sink.Mails);
        Assert.Contains("mail_tried_again", await served.Acts(shop.Provider));
        Assert.Contains("Every mail was taken", (await sam.Open("/office/mail?show=undelivered")).Text,
            StringComparison.Ordinal);
    }

    [BothDatabases]
    public async Task What_is_refused_for_now_is_tried_again_later(DatabaseKind kind)
    {
        await using var sink = new MailSink { Refuse = _ => "451 4.7.1 greylisted" };
        await using var served = await Start(kind, sink);
        var shop = await served.Shop();
        var no = await served.AccountNo(await shop.Customer("6"));
        await served.Reader(shop, no, "ana@example.com", Role.PrimaryAdmin);
        await served.Spend(shop, no, 2 * Dollar);
        await Wait.Until(
            async () => (await served.MailsOf(no)) is [{ State: MailState.Queued, Answer: "451 4.7.1 greylisted" }],
            TimeSpan.FromSeconds(10), () => "the mail waits for another try");
        sink.Refuse = _ => null;
        await served.Move(Duration.FromMinutes(1));
        await served.MailsOf(no, 1, MailState.Sent);
        Assert.Single(sink.Mails);
    }

    [BothDatabases]
    public async Task A_mail_whose_fate_nobody_knows_comes_again_under_the_same_Message_ID(DatabaseKind kind)
    {
        await using var sink = new MailSink { DieAfter = 1 };
        await using var served = await Start(kind, sink);
        var shop = await served.Shop();
        var no = await served.AccountNo(await shop.Customer("6"));
        await served.Reader(shop, no, "ana@example.com", Role.PrimaryAdmin);
        await served.Spend(shop, no, 2 * Dollar);
        await Wait.Until(
            async () => sink.Mails.Count == 1 && (await served.MailsOf(no)) is [{ State: MailState.Queued }],
            TimeSpan.FromSeconds(10), () => "the first try broke off");
        await served.Move(Duration.FromMinutes(1));
        await served.MailsOf(no, 1, MailState.Sent);
        Assert.Equal(2, sink.Mails.Count);
        Assert.Single(sink.Mails.Select(mail => mail.Header("Message-ID")).Distinct(StringComparer.Ordinal));
    }

    [BothDatabases]
    public async Task A_node_that_dies_with_a_mail_in_hand_leaves_it_to_another(DatabaseKind kind)
    {
        await using var sink = new MailSink();
        await sink.Close();
        await using var served = await Start(kind, sink);
        var shop = await served.Shop();
        var no = await served.AccountNo(await shop.Customer("6"));
        await served.Reader(shop, no, "ana@example.com", Role.PrimaryAdmin);
        await served.Spend(shop, no, 2 * Dollar);
        await served.MailsOf(no);
        await served.StopServing();
        // As a node does that loses its power right after it took the mail.
        await served.Installation.Database.InTransaction<bool>(async (connection, transaction) =>
        {
            var now = served.Clock.Now + Duration.FromHours(1);
            var claimed = await Tollkeeper.Engine.Notifications.MailStore.Claim(
                connection, transaction, now, now + Duration.FromMinutes(5), 10);
            Assert.Single(claimed);
            return true;
        });
        sink.Open();
        await using var other = await served.Another(with: sink);
        await served.Move(Duration.FromMinutes(30));
        await Task.Delay(700);
        Assert.Empty(sink.Mails);
        await served.Move(Duration.FromMinutes(40));
        await served.MailsOf(no, 1, MailState.Sent);
        Assert.Single(sink.Mails);
    }

    [BothDatabases]
    public async Task A_link_goes_out_with_the_mail_and_is_kept_nowhere(DatabaseKind kind)
    {
        await using var sink = new MailSink();
        await using var served = await Start(kind, sink);
        var staff = await served.Staff();
        using var visitor = served.At(staff.Provider);
        await visitor.Submit(await visitor.Open("/forgot-password"), "mail", ("Email", staff.Email));
        await Wait.Until(
            () => Task.FromResult(sink.Mails.Count == 1), TimeSpan.FromSeconds(10), () => "the mail is there");
        var link = sink.Mails.Single().Link;
        Assert.Equal(200, (await visitor.Open(link)).Status);
        var token = link.Split('=')[1];
        using var sam = await served.SignedIn(staff.Provider, staff.Email);
        var list = await sam.Open("/office/mail");
        var path = list.Document.QuerySelector("a[href^='/office/mail/mai_']")!.GetAttribute("href")!;
        var page = await sam.Open(path);
        Assert.Contains("is not kept, and is blanked out here", page.Text, StringComparison.Ordinal);
        var html = await sam.Open(path + "/html");
        Assert.Contains("sandbox", html.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.All([page.Html, html.Html], text => Assert.DoesNotContain(token, text, StringComparison.Ordinal));
        Assert.DoesNotContain("reset-password?", page.Html + html.Html, StringComparison.Ordinal);
    }

    static string? NoSuchAna(string to) =>
        to.StartsWith("ana", StringComparison.Ordinal) ? "550 5.1.1 no such user" : null;

    static async Task<Served> Start(DatabaseKind kind, MailSink sink) => await Served.Start(
        await TestDatabase.New(kind), new MovableClock(),
        with: settings => settings with { Smtp = $"127.0.0.1:{sink.Port}", SmtpRate = "500" });
}
