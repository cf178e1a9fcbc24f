using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>People at the door, over HTTP, with a clock that the story moves.</summary>
public sealed class SignInStoryTests
{
    const string Password = "correct horse battery";
    const string Home = "/office/customers";

    [BothDatabases]
    public async Task Somebody_signs_in_goes_on_after_a_restart_and_on_another_node_and_signs_goneon_all(
        DatabaseKind kind)
    {
        await using var one = await Served.Start(kind);
        var staff = await one.Staff();
        using var ana = one.At(staff.Provider);
        Assert.Equal("/sign-in?returnUrl=%2Foffice%2Frates", (await ana.Open("/office/rates")).Location);
        var page = await ana.SignIn(staff.Email, Password, "/office/rates");
        Assert.Equal((200, "/office/rates"), (page.Status, page.Path));
        Assert.Contains("tollkeeper", ana.Cookies.Keys);

        await using var two = await one.Another();
        using var there = two.At(staff.Provider);
        there.Cookies["tollkeeper"] = ana.Cookies["tollkeeper"];
        Assert.Equal("/office/rates", (await there.Visit("/office/rates")).Path);

        var gone = await ana.Submit(await ana.Open("/office/rates"), "/sign-out");
        Assert.Equal((303, "/sign-in"), (gone.Status, gone.Location));
        Assert.DoesNotContain("tollkeeper", ana.Cookies.Keys);
        await two.Refresh();
        Assert.StartsWith("/sign-in", (await there.Visit("/office/rates")).Path, StringComparison.Ordinal);
        Assert.Equal(["signed_out", "signed_in"], await one.Acts(staff.Provider));
    }

    [BothDatabases]
    public async Task A_wrong_password_and_an_address_that_nobody_has_are_answered_alike_and_five_lock(
        DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var staff = await served.Staff();
        foreach (var email in new[] { staff.Email, "nobody@example.com" })
        {
            using var visitor = served.At(staff.Provider);
            for (var i = 1; i <= 6; i++)
            {
                var page = await visitor.SignIn(email, "wrong horse battery");
                var refusal = i < 5 ? "sign_in_failed" : "sign_in_locked";
                Assert.Equal((refusal, i < 5 ? 422 : 429), (page.Refusal, page.Status));
                Assert.Equal(email, page.Field("Email"));
                Assert.Equal("", page.Field("Password"));
            }
        }
        using var ana = served.At(staff.Provider);
        Assert.Equal("sign_in_locked", (await ana.SignIn(staff.Email, Password)).Refusal);
        await served.Move(Duration.FromMinutes(15));
        Assert.Equal(Home, (await ana.SignIn(staff.Email, Password)).Path);
        Assert.Equal(2, (await served.Acts(staff.Provider)).Count(act => act == "sign_in_locked"));
    }

    [BothDatabases]
    public async Task Of_twenty_wrong_passwords_at_once_five_are_looked_at(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var staff = await served.Staff();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using var visitor = served.At(staff.Provider);
            return (await visitor.SignIn(staff.Email, "wrong horse battery")).Refusal;
        }));
        Assert.Equal(4, answers.Count(refusal => refusal == "sign_in_failed"));
        Assert.Equal(16, answers.Count(refusal => refusal == "sign_in_locked"));
        using var ana = served.At(staff.Provider);
        Assert.Equal("sign_in_locked", (await ana.SignIn(staff.Email, Password)).Refusal);
    }

    [BothDatabases]
    public async Task A_door_that_is_knocked_at_too_often_from_one_network_stays_shut_for_a_while(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var staff = await served.Staff();
        using var visitor = served.At(staff.Provider);
        var door = await visitor.Open("/sign-in");
        for (var i = 0; i < 40; i++) Assert.Equal("sign_in_failed", (await Knock()).Refusal);
        var shut = await Knock();
        Assert.Equal((429, "too_many_tries"), (shut.Status, shut.Refusal));
        await served.Move(Duration.FromMinutes(5));
        Assert.Equal(Home, (await visitor.SignIn(staff.Email, Password)).Path);

        Task<Page> Knock() => visitor.Submit(door, "sign-in", ("Email", "not an address"), ("Password", "x"));
    }

    [BothDatabases]
    public async Task A_session_is_of_one_provider_and_its_cookie_opens_no_other_ones_pages(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var staff = await served.Staff();
        var other = await served.House.Provider("retail-cad");
        await served.Refresh();
        using var ana = served.At(staff.Provider);
        await ana.SignIn(staff.Email, Password);
        using var there = served.At(other);
        there.Cookies["tollkeeper"] = ana.Cookies["tollkeeper"];
        Assert.StartsWith("/sign-in", (await there.Visit("/office/rates")).Path, StringComparison.Ordinal);
        Assert.DoesNotContain("tollkeeper", there.Cookies.Keys);
        var record = Assert.Single(await served.Records(other), one => one.Act == "other_providers_session");
        Assert.Equal((null, ""), (record.AccountNo, record.Subject));
        Assert.Equal("/office/rates", (await ana.Visit("/office/rates")).Path);
        Assert.Equal("sign_in_failed", (await there.SignIn(staff.Email, Password)).Refusal);
    }

    [BothDatabases]
    public async Task A_cookie_that_was_stolen_dies_with_the_sign_goneand_one_left_alone_after_half_a_day(
        DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var staff = await served.Staff();
        using var ana = served.At(staff.Provider);
        await ana.SignIn(staff.Email, Password);
        using var thief = served.At(staff.Provider);
        thief.Cookies["tollkeeper"] = ana.Cookies["tollkeeper"];
        Assert.Equal("/office/rates", (await thief.Visit("/office/rates")).Path);
        await ana.Submit(await ana.Open("/office/rates"), "/sign-out");
        Assert.StartsWith("/sign-in", (await thief.Visit("/office/rates")).Path, StringComparison.Ordinal);

        await ana.SignIn(staff.Email, Password);
        await served.Move(Duration.FromHours(12));
        Assert.StartsWith("/sign-in", (await ana.Visit("/office/rates")).Path, StringComparison.Ordinal);
        foreach (var made in new[] { "x", new string('A', 300) })
        {
            ana.Cookies["tollkeeper"] = made;
            Assert.StartsWith("/sign-in", (await ana.Visit("/office/rates")).Path, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_open_page_that_asks_by_itself_keeps_no_session_alive()
    {
        await using var served = await Served.Start(DatabaseKind.Sqlite);
        var staff = await served.Staff();
        using var ana = served.At(staff.Provider);
        await ana.SignIn(staff.Email, Password);
        using var page = served.At(staff.Provider);
        page.Cookies["tollkeeper"] = ana.Cookies["tollkeeper"];
        page.Headers["X-Unseen"] = "1";
        for (var hour = 0; hour < 11; hour++)
        {
            await served.Move(Duration.FromHours(1));
            Assert.Equal("/office/rates", (await page.Visit("/office/rates")).Path);
        }
        await served.Move(Duration.FromHours(1));
        Assert.StartsWith("/sign-in", (await ana.Visit("/office/rates")).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_asks_only_whether_a_page_is_there_is_told()
    {
        await using var served = await Served.Start(DatabaseKind.Sqlite);
        var staff = await served.Staff();
        using var ana = served.At(staff.Provider);
        Assert.Equal((302, "/sign-in"), Head(await ana.Send(HttpMethod.Head, "/", null)));
        Assert.Equal((200, null), Head(await ana.Send(HttpMethod.Head, "/sign-in", null)));
        Assert.Equal((404, null), Head(await ana.Send(HttpMethod.Head, "/nowhere", null)));

        static (int, string?) Head(Page page) => (page.Status, page.Location);
    }

    [BothDatabases]
    public async Task Signing_in_leads_to_no_other_host_and_needs_a_form_of_our_own(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var staff = await served.Staff();
        foreach (var away in new[]
        {
            "https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/\tx", "evil",
        })
        {
            using var visitor = served.At(staff.Provider);
            var door = await visitor.Open("/sign-in?returnUrl=" + Uri.EscapeDataString(away));
            var answer = await visitor.Submit(door, "sign-in", ("Email", staff.Email), ("Password", Password));
            Assert.Equal((303, "/"), (answer.Status, answer.Location));
        }
        using var forged = served.At(staff.Provider);
        await forged.Open("/sign-in");
        var bare = await forged.Send(HttpMethod.Post, "/sign-in", new FormUrlEncodedContent(
            [new("_handler", "sign-in"), new("Email", staff.Email), new("Password", Password)]));
        Assert.Equal((400, "form_expired"), (bare.Status, bare.Refusal));
        Assert.DoesNotContain("tollkeeper", forged.Cookies.Keys);
    }

    [BothDatabases]
    public async Task Who_is_not_confirmed_or_barred_is_told_so_with_the_right_password_only(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var staff = await served.Staff();
        var newcomer = await served.User(staff.Provider, "new@example.com", Password, confirmed: false);
        using var visitor = served.At(staff.Provider);
        Assert.Equal("sign_in_failed", (await visitor.SignIn(newcomer.Email.Text, "wrong horse")).Refusal);
        Assert.Equal("email_not_confirmed", (await visitor.SignIn(newcomer.Email.Text, Password)).Refusal);
        var barred = await new LockUser(served.Installation.Database, served.Clock).Run(
            staff.Provider.No, staff.User.Email, locked: true, Actor.Named("test"));
        Assert.True(barred.Accepted);
        Assert.Equal("user_barred", (await visitor.SignIn(staff.Email, Password)).Refusal);
    }
}
