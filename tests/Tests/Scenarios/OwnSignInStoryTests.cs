using System.Text;
using System.Text.RegularExpressions;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Providers;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>What people change about their own sign-in, as a browser without scripts does it.</summary>
public sealed class OwnSignInStoryTests
{
    const string Email = "ana@example.com";

    [BothDatabases]
    public async Task A_customer_signs_in_comes_to_the_page_that_was_asked_for_and_signs_out_for_good(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (provider, _) = await Customer(served);
        using var ana = new Visitor(served, provider.Host);
        var asked = await ana.Open("/calls?direction=inbound");
        Assert.Equal((302, "/sign-in?returnUrl=%2Fcalls%3Fdirection%3Dinbound"), (asked.Status, asked.Location));
        var signedIn = await ana.Knock(Email, Served.Password, asked.Location!);
        Assert.Equal((303, "/calls?direction=inbound"), (signedIn.Status, signedIn.Location));
        Assert.Equal(200, (await ana.Follow(signedIn)).Status);
        var balance = await ana.Open("/finances/account-balance");
        Assert.Contains("Available", balance.Text, StringComparison.Ordinal);

        var stolen = ana.Cookies["tollkeeper"];
        Assert.Equal("/sign-in", (await ana.Submit(balance, "/sign-out")).Location);
        Assert.Equal(302, (await ana.Open("/calls")).Status);
        ana.Cookies["tollkeeper"] = stolen;
        Assert.Equal(302, (await ana.Open("/calls")).Status);
    }

    [BothDatabases]
    public async Task A_session_ends_when_it_was_idle_for_half_a_day_and_after_a_month_in_any_case(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (provider, _) = await Customer(served);
        using var idle = await served.SignedIn(provider, Email);
        await served.Move(Duration.FromHours(11));
        Assert.Equal(200, (await idle.Open("/calls")).Status);
        await served.Move(Duration.FromHours(12));
        Assert.Equal(302, (await idle.Open("/calls")).Status);
        using var busy = await served.SignedIn(provider, Email);
        for (var hours = 0; hours < 30 * 24 - 11; hours += 11)
        {
            Assert.Equal(200, (await busy.Open("/calls")).Status);
            await served.Move(Duration.FromHours(11));
        }
        await served.Move(Duration.FromHours(11));
        Assert.Equal(302, (await busy.Open("/calls")).Status);
    }

    [BothDatabases]
    public async Task A_forgotten_password_is_set_anew_by_a_link_that_works_once_for_an_hour_and_ends_other_sessions(
        DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (provider, _) = await Customer(served);
        using var elsewhere = await served.SignedIn(provider, Email);
        using var ana = new Visitor(served, provider.Host, "fr");
        var asked = await ana.Submit(await ana.Open("/forgot-password"), null, ("Email", Email));
        var unknown = await ana.Submit(await ana.Open("/forgot-password"), null, ("Email", "nobody@example.com"));
        Assert.Equal((200, asked.Text), (unknown.Status, unknown.Text));

        var mail = await Mail(served, 1);
        Assert.Contains("nouveau mot de passe", mail, StringComparison.Ordinal);
        var link = new Uri(Regex.Match(mail, @"http://\S+").Value);
        Assert.Equal(provider.Host, link.Host);
        var form = await ana.Open(link.PathAndQuery);
        Assert.Contains(Email, form.Text, StringComparison.Ordinal);
        Assert.Equal((422, "passwords_differ"), Refusal(await ana.Submit(
            form, null, ("New", "another long one"), ("Again", "another one"))));
        Assert.Equal((422, "password_too_short"), Refusal(await ana.Submit(form, null, ("New", "short"))));
        var set = await ana.Submit(form, null, ("New", "another long one"), ("Again", "another long one"));
        Assert.Equal("/sign-in?done=reset", set.Location);
        Assert.Equal((404, "link_spent"), Refusal(await ana.Open(link.PathAndQuery)));
        Assert.Equal((404, "link_spent"), Refusal(await ana.Submit(
            form, null, ("New", "yet another one"), ("Again", "yet another one"))));

        await served.Refresh();
        Assert.Equal(302, (await elsewhere.Open("/calls")).Status);
        Assert.Equal((422, "sign_in_failed"), Refusal(await ana.Knock(Email, Served.Password)));
        Assert.Equal(303, (await ana.Knock(Email, "another long one")).Status);
    }

    [BothDatabases]
    public async Task A_link_expires_and_leads_to_the_provider_s_host_whatever_host_was_asked(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (provider, _) = await Customer(served);
        using var forged = new Visitor(served, provider.Host.ToUpperInvariant());
        await forged.Submit(await forged.Open("/forgot-password"), null, ("Email", Email));
        var link = new Uri(Regex.Match(await Mail(served, 1), @"http://\S+").Value);
        Assert.Equal(provider.Host, link.Host);
        await served.Move(Duration.FromMinutes(61));
        Assert.Equal((404, "link_spent"), Refusal(await forged.Open(link.PathAndQuery)));
        using var evil = new Visitor(served, "evil.example");
        Assert.Equal(404, (await evil.Open("/forgot-password")).Status);
    }

    [BothDatabases]
    public async Task Who_was_not_confirmed_signs_in_after_the_link_of_the_mail_was_followed(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var provider = (await served.Shop()).Provider;
        await served.User(provider, "new@example.com", Served.Password, confirmed: false);
        using var visitor = new Visitor(served, provider.Host);
        Assert.Equal((403, "email_not_confirmed"), Refusal(await visitor.Knock("new@example.com", Served.Password)));
        await visitor.Submit(await visitor.Open("/resend-confirmation"), null, ("Email", "new@example.com"));
        var link = new Uri(Regex.Match(await Mail(served, 1), @"http://\S+").Value);
        var page = await visitor.Open(link.PathAndQuery);
        Assert.Equal((403, "email_not_confirmed"), Refusal(await visitor.Knock("new@example.com", Served.Password)));
        Assert.Equal("/sign-in?done=confirmed", (await visitor.Submit(page, null)).Location);
        Assert.Equal(303, (await visitor.Knock("new@example.com", Served.Password)).Status);
    }

    [BothDatabases]
    public async Task Two_step_sign_in_asks_for_a_code_that_is_good_once_or_a_recovery_code_that_is_good_once(
        DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (provider, _) = await Customer(served);
        using var ana = await served.SignedIn(provider, Email);
        var begun = await ana.Submit(await ana.Open("/account/security/two-step"), null);
        Assert.Equal((303, "/account/security/two-step"), Left(begun));
        var setUp = await ana.Follow(begun);
        Assert.Contains("Six digits", setUp.Text, StringComparison.Ordinal);
        var key = setUp.Document.QuerySelector("#key")!.TextContent.Replace(" ", "", StringComparison.Ordinal);
        Assert.Equal((422, "code_wrong"), Refusal(await ana.Submit(setUp, null, ("Code", "000000"))));
        var on = await ana.Submit(setUp, null, ("Code", Code(served, key)));
        var codes = on.Document.QuerySelectorAll("#codes li").Select(item => item.TextContent).ToList();
        Assert.Equal(10, codes.Distinct(StringComparer.Ordinal).Count());

        await served.Move(Duration.FromMinutes(1));
        using var second = new Visitor(served, provider.Host);
        var step = await second.Knock(Email, Served.Password);
        Assert.Equal("/sign-in/two-step", step.Location);
        Assert.Equal(302, (await second.Open("/calls")).Status);
        var code = Code(served, key);
        Assert.Equal((303, "/"), Left(await second.Submit(await second.Follow(step), null, ("Code", code))));
        Assert.Equal(200, (await second.Open("/calls")).Status);

        using var replayed = new Visitor(served, provider.Host);
        var again = await replayed.Follow(await replayed.Knock(Email, Served.Password));
        Assert.Equal((422, "code_wrong"), Refusal(await replayed.Submit(again, null, ("Code", code))));
        var recovery = await replayed.Open("/sign-in/recovery");
        Assert.Equal((303, "/"), Left(await replayed.Submit(recovery, null, ("Code", codes[3].ToLowerInvariant()))));
        using var twice = new Visitor(served, provider.Host);
        await twice.Knock(Email, Served.Password);
        Assert.Equal((422, "code_wrong"), Refusal(await twice.Submit(
            await twice.Open("/sign-in/recovery"), null, ("Code", codes[3]))));
    }

    [BothDatabases]
    public async Task A_changed_password_ends_the_other_sessions_and_not_this_one(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (provider, _) = await Customer(served);
        using var here = await served.SignedIn(provider, Email);
        using var there = await served.SignedIn(provider, Email);
        var page = await here.Open("/account/security");
        Assert.Equal((422, "password_wrong"), Refusal(await Change("wrong one here")));
        Assert.Equal("/account/security?done=password", (await Change(Served.Password)).Location);
        await served.Refresh();
        Assert.Equal((200, 302), ((await here.Open("/calls")).Status, (await there.Open("/calls")).Status));

        Task<Page> Change(string current) => here.Submit(
            page, null, ("Current", current), ("New", "a new and long one"), ("Again", "a new and long one"));
    }

    static async Task<(Provider Provider, User User)> Customer(Served served)
    {
        var shop = await served.Shop();
        var customer = await shop.Customer("10");
        await using var connection = await served.Installation.Database.Connect();
        var no = await AccountStore.FindNo(connection, customer.Id);
        return (shop.Provider, await served.User(shop.Provider, Email, Served.Password, no));
    }

    static string Code(Served served, string key) =>
        TimedCode.Of(TimedCode.KeyOf(key)!, TimedCode.StepOf(served.Clock.GetCurrentInstant()));

    static (int Status, string Name) Refusal(Page page) =>
        (page.Status, page.Document.QuerySelector(".refusal-name, .error-name code")?.TextContent.Trim() ?? "");

    static (int Status, string? Location) Left(Page page) => (page.Status, page.Location);

    /// <summary>The text of the n-th mail, which is written a moment after the page is answered.</summary>
    static async Task<string> Mail(Served served, int count)
    {
        var folder = Path.Combine(served.Folder, "mail");
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.eml") : [];
            if (files.Length >= count)
            {
                var mail = await File.ReadAllTextAsync(files[count - 1]);
                var body = Regex.Match(
                    mail, @"base64\r?\n(?:\S+: [^\n]+\n)*\r?\n([A-Za-z0-9+/=\r\n]+)").Groups[1].Value;
                return Encoding.UTF8.GetString(Convert.FromBase64String(body));
            }
            await Task.Delay(50);
        }
        throw new TimeoutException("No mail was written.");
    }
}
