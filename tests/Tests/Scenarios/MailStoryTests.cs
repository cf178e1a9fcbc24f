using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Host;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>What is done by links in mails: a forgotten password, an address to confirm, an invitation.</summary>
public sealed class MailStoryTests
{
    const string Password = "correct horse battery";
    const string NewPassword = "a new horse battery";
    const string Home = "/office/customers";

    [BothDatabases]
    public async Task A_forgotten_password_is_chosen_anew_by_a_mail_and_the_old_one_and_its_sessions_are_over(
        DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var staff = await served.Staff();
        using var thief = served.At(staff.Provider);
        await thief.SignIn(staff.Email, Password);

        using var ana = served.At(staff.Provider, "fr");
        var asked = await Ask(ana, "/forgot-password", "ANA@example.com");
        Assert.Contains("un courriel est en route", asked.Text, StringComparison.Ordinal);
        var mail = await served.Mail(staff.Email);
        Assert.Equal("retail-usd : choisissez un nouveau mot de passe", mail.Subject);
        Assert.Contains("From: retail-usd <no-reply@retail-usd.localhost>", mail.Raw, StringComparison.Ordinal);
        Assert.Equal($"http://retail-usd.localhost:{served.Http.BaseAddress!.Port}", mail.Origin);

        var page = await ana.Open(mail.Link);
        Assert.Equal("no-referrer", page.Headers["Referrer-Policy"]);
        Assert.Equal("passwords_differ", (await Reset(page, NewPassword, "another horse")).Refusal);
        Assert.Equal("password_too_short", (await Reset(page, "short", "short")).Refusal);
        Assert.Equal("password_guessable", (await Reset(page, "Password123", "Password123")).Refusal);
        var done = await Reset(page, NewPassword, NewPassword);
        Assert.Equal("/sign-in?done=reset", done.Path);
        Assert.Equal((404, "link_spent"), Answer(await Reset(page, NewPassword, NewPassword)));
        Assert.Equal((404, "link_spent"), Answer(await ana.Open(mail.Link)));

        await served.Refresh();
        Assert.StartsWith("/sign-in", (await thief.Visit(Home)).Path, StringComparison.Ordinal);
        Assert.Equal("sign_in_failed", (await ana.SignIn(staff.Email, Password)).Refusal);
        Assert.Equal(Home, (await ana.SignIn(staff.Email, NewPassword)).Path);
        Assert.Contains("mot de passe a changé", (await served.Mail(staff.Email, 2)).Subject,
            StringComparison.Ordinal);
        Assert.Contains("password_reset", await served.Acts(staff.Provider));

        async Task<Page> Reset(Page from, string password, string again) => await ana.FollowAll(
            await ana.Submit(from, "reset", ("New", password), ("Again", again)));
    }

    [BothDatabases]
    public async Task A_link_names_the_providers_own_host_whatever_the_request_said(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var staff = await served.Staff();
        using var forger = new Visitor(served, "evil.example");
        Assert.Equal((404, "unknown_provider"), Answer(await forger.Open("/forgot-password")));
        using var ana = served.At(staff.Provider);
        ana.Headers["X-Forwarded-Host"] = "evil.example";
        ana.Headers["X-Forwarded-For"] = "203.0.113.9";
        ana.Headers["X-Forwarded-Proto"] = "https";
        ana.Headers["Forwarded"] = "host=evil.example;proto=https";
        await Ask(ana, "/forgot-password", staff.Email);
        Assert.Equal($"http://retail-usd.localhost:{served.Http.BaseAddress!.Port}",
            (await served.Mail(staff.Email)).Origin);
        var asked = (await served.Records(staff.Provider)).Single(record => record.Act == "reset_asked");
        Assert.Equal(("ana@example.com", "127.0.0.1"), (asked.Subject, asked.Address));
    }

    [BothDatabases]
    public async Task An_address_that_nobody_has_gets_the_same_answer_and_no_mail_and_a_mailbox_is_not_filled(
        DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var staff = await served.Staff();
        using var visitor = served.At(staff.Provider);
        var unknown = await Ask(visitor, "/forgot-password", "nobody@example.com");
        var known = await Ask(visitor, "/forgot-password", staff.Email);
        Assert.Equal(known.Text, unknown.Text);
        Assert.Equal((422, "bad_email"), Answer(await visitor.Submit(
            await visitor.Open("/forgot-password"), "mail", ("Email", "not an address"))));
        for (var i = 0; i < 5; i++) await Ask(visitor, "/forgot-password", staff.Email);
        var other = await served.User(staff.Provider, "bo@example.com", Password);
        await Ask(visitor, "/forgot-password", other.Email.Text);
        await served.Mail(other.Email.Text);
        Assert.Equal(3, served.Mails().Count(mail => mail.To == staff.Email));
        Assert.DoesNotContain(served.Mails(), mail => mail.To == "nobody@example.com");
    }

    [BothDatabases]
    public async Task A_reset_link_is_good_for_an_hour_and_a_confirmation_for_three_days(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var staff = await served.Staff();
        var newcomer = await served.User(staff.Provider, "new@example.com", Password, confirmed: false);
        using var visitor = served.At(staff.Provider);
        Assert.Equal("email_not_confirmed", (await visitor.SignIn(newcomer.Email.Text, Password)).Refusal);
        await Ask(visitor, "/resend-confirmation", staff.Email);
        await Ask(visitor, "/resend-confirmation", newcomer.Email.Text);
        var confirm = await served.Mail(newcomer.Email.Text);
        await Ask(visitor, "/forgot-password", staff.Email);
        var reset = await served.Mail(staff.Email);
        Assert.Single(served.Mails(), mail => mail.To == staff.Email);

        await served.Move(Duration.FromHours(1));
        Assert.Equal((404, "link_spent"), Answer(await visitor.Open(reset.Link)));
        await served.Move(Duration.FromHours(70));
        for (var i = 0; i < 2; i++) Assert.Equal(200, (await visitor.Open(confirm.Link)).Status);
        Assert.Equal("email_not_confirmed", (await visitor.SignIn(newcomer.Email.Text, Password)).Refusal);
        var done = await visitor.FollowAll(await visitor.Submit(await visitor.Open(confirm.Link), "confirm"));
        Assert.Equal("/sign-in?done=confirmed", done.Path);
        Assert.Equal((404, "link_spent"), Answer(await visitor.Open(confirm.Link)));
        Assert.Equal(Home, (await visitor.SignIn(newcomer.Email.Text, Password)).Path);

        await served.User(staff.Provider, "late@example.com", Password, confirmed: false);
        await Ask(visitor, "/resend-confirmation", "late@example.com");
        var late = await served.Mail("late@example.com");
        await served.Move(Duration.FromDays(3));
        Assert.Equal((404, "link_spent"), Answer(await visitor.Open(late.Link)));
    }

    [Fact]
    public async Task Who_is_made_a_user_by_the_command_chooses_a_password_by_the_mail_and_is_in()
    {
        await using var test = await TestDatabase.New(DatabaseKind.Sqlite);
        var clock = new MovableClock(SystemClock.Instance.GetCurrentInstant());
        var provider = await new House(test.Database, clock).Provider();
        var output = await Command(test, "user", "create", "--provider", provider.Name, "--email",
            "New@example.com", "--language", "fr");
        Assert.Contains("New@example.com may sign in at retail-usd", output, StringComparison.Ordinal);
        var mail = Assert.Single(MailsOfServed.Of(test.Folder));
        Assert.Equal(("New@example.com", "Votre accès à retail-usd", "http://retail-usd.localhost:8080"),
            (mail.To, mail.Subject, mail.Origin));

        await using var served = await Served.Start(test, clock, borrowed: true);
        using var visitor = served.At(provider);
        var page = await visitor.Open(mail.Link);
        var done = await visitor.Submit(page, "reset", ("New", NewPassword), ("Again", NewPassword));
        Assert.Equal("/sign-in?done=reset", done.Location);
        Assert.Equal(Home, (await visitor.SignIn("new@example.com", NewPassword)).Path);

        Assert.Contains("New@example.com", await Command(test, "user", "list", "--provider", provider.Name),
            StringComparison.Ordinal);
        await Command(test, "user", "lock", "--provider", provider.Name, "--email", "new@example.com");
        await served.Refresh();
        Assert.StartsWith("/sign-in", (await visitor.Visit(Home)).Path, StringComparison.Ordinal);
        Assert.Equal("user_barred", (await visitor.SignIn("new@example.com", NewPassword)).Refusal);
        await Command(test, "user", "unlock", "--provider", provider.Name, "--email", "new@example.com");
        Assert.Equal(Home, (await visitor.SignIn("new@example.com", NewPassword)).Path);
    }

    [Theory]
    [InlineData("https://{host}", null)]
    [InlineData("https://{host}:8443/", null)]
    [InlineData("https://portal.example", Refusal.SettingInvalid)]
    [InlineData("{host}", Refusal.SettingInvalid)]
    [InlineData("ftp://{host}", Refusal.SettingInvalid)]
    [InlineData("https://evil.example/{host}", Refusal.SettingInvalid)]
    public async Task A_public_address_names_the_place_of_the_host(string pattern, Refusal? refusal)
    {
        await using var test = await TestDatabase.New(DatabaseKind.Sqlite);
        var settings = new Settings(test.Folder, null, "http://127.0.0.1:0", CheckSchemaOnly: false)
        {
            PublicUrl = pattern,
        };
        var opened = await Installation.Open(
            settings, new MovableClock(), Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, true);
        Assert.Equal(refusal, opened.Refused?.Refusal);
        if (opened.Accepted) await opened.Value.DisposeAsync();
    }

    static async Task<string> Command(TestDatabase test, params string[] arguments)
    {
        var log = Path.Combine(test.Folder, "command.log");
        await using var program = ChildProgram.Start(
            "dotnet", log, [Path.Combine(AppContext.BaseDirectory, "tollkeeper.dll"), .. arguments],
            new Dictionary<string, string>
            {
                ["TOLLKEEPER_DATA"] = test.Folder,
                ["TOLLKEEPER_DATABASE"] = "",
                ["TOLLKEEPER_URLS"] = "http://127.0.0.1:8080",
            });
        await program.End(TimeSpan.FromSeconds(60));
        return await File.ReadAllTextAsync(log);
    }

    static (int, string?) Answer(Page page) => (page.Status, page.Refusal);

    static async Task<Page> Ask(Visitor visitor, string path, string email) => await visitor.FollowAll(
        await visitor.Submit(await visitor.Open(path), "mail",
            ("Email", email)));
}
