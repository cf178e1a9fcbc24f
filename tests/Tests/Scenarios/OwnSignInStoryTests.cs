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
    public async Task Two_step_sign_in_asks_for_a_code_that_is_good_once_or_a_recovery_code_that_is_good_once(
        DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (provider, _) = await Customer(served);
        using var ana = await served.SignedIn(provider, Email);
        var start = await ana.Open("/account/security/two-step");
        var wrong = await ana.Submit(start, null, ("BeginProof", "not my password"));
        Assert.Equal((422, "password_wrong"), Refusal(wrong));
        var begun = await ana.Submit(start, null, ("BeginProof", Served.Password));
        Assert.Equal((303, "/account/security/two-step"), Left(begun));
        var setUp = await ana.Follow(begun);
        // Begun and not confirmed it proves nothing, and after a while it is shown to nobody.
        var unconfirmed = setUp.Document.QuerySelector("#key")!.TextContent.Replace(" ", "", StringComparison.Ordinal);
        var offer = await ana.Send(HttpMethod.Post, "/account/security/passkeys", new FormUrlEncodedContent(
            [new("form_token", setUp.Field("form_token")!), new("proof", Code(served, unconfirmed))]));
        Assert.Equal(422, offer.Status);
        await served.Move(Duration.FromMinutes(16));
        Assert.Null((await ana.Open("/account/security/two-step")).Document.QuerySelector("#key"));
        var anew = await ana.Submit(
            await ana.Open("/account/security/two-step"), "begin", ("BeginProof", Served.Password));
        setUp = await ana.Follow(anew);
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
        var link = await new MailLinks(served.Installation.Database, served.Clock).Issue(
            (await User(served, provider)), LinkPurpose.ResetPassword);
        Assert.Equal(200, (await there.Open("/reset-password?token=" + link)).Status);
        Assert.Equal("/account/security?done=password", (await Change(Served.Password)).Location);
        // Whoever reads the mailbox has a link that was sent before.
        Assert.Equal((404, "link_spent"), Refusal(await there.Open("/reset-password?token=" + link)));
        await served.Refresh();
        Assert.Equal((200, 302), ((await here.Open("/calls")).Status, (await there.Open("/calls")).Status));

        Task<Page> Change(string current) => here.Submit(
            page, null, ("Current", current), ("New", "a new and long one"), ("Again", "a new and long one"));
    }

    [BothDatabases]
    public async Task Two_step_sign_in_is_turned_on_once_however_often_the_form_is_sent_and_off_with_a_code(
        DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (provider, _) = await Customer(served);
        using var ana = await served.SignedIn(provider, Email);
        await ana.Submit(await ana.Open("/account/security/two-step"), null, ("BeginProof", Served.Password));
        var setUp = await ana.Open("/account/security/two-step");
        var key = setUp.Document.QuerySelector("#key")!.TextContent.Replace(" ", "", StringComparison.Ordinal);
        var code = Code(served, key);
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ana.Submit(setUp, "on", ("Code", code))));
        Assert.Single(answers.Select(Codes).Distinct(StringComparer.Ordinal));
        Assert.Equal(10, Codes(answers[0]).Split(' ').Length);
        await served.Move(Duration.FromMinutes(11));
        Assert.Equal((409, "form_sent"), Refusal(await ana.Submit(setUp, "on", ("Code", Code(served, key)))));

        var on = await ana.Open("/account/security/two-step");
        var wrong = await ana.Submit(on, "codes", ("CodesProof", "not my password"));
        Assert.Equal((422, "password_wrong"), Refusal(wrong));
        var anew = Codes(await ana.Submit(on, "codes", ("CodesProof", Served.Password)));
        Assert.NotEqual(Codes(answers[0]), anew);
        Assert.Equal((422, "code_wrong"), Refusal(await ana.Submit(on, "off", ("OffProof", "000000"))));
        var off = await ana.Submit(on, "off", ("OffProof", Code(served, key)));
        Assert.Equal((303, "/account/security?done=two-step-off"), Left(off));
        using var plain = await served.SignedIn(provider, Email);
        await served.Mail(Email, which: 2);
        foreach (var subject in new[] { "two-step sign-in is on", "two-step sign-in is off" })
            Assert.Contains(served.Mails(), mail => mail.Subject.EndsWith(subject, StringComparison.Ordinal));
        Assert.Equal(
            ["recovery_codes_made", "recovery_codes_made", "signed_in", "signed_in", "two_step_off", "two_step_on"],
            (await served.Acts(provider)).Order(StringComparer.Ordinal));

        static string Codes(Page page) =>
            string.Join(' ', page.Document.QuerySelectorAll("#codes li").Select(item => item.TextContent));
    }

    [BothDatabases]
    public async Task A_password_is_changed_once_however_often_the_form_is_sent_and_guessed_five_times_at_most(
        DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (provider, _) = await Customer(served);
        using var ana = await served.SignedIn(provider, Email);
        var page = await ana.Open("/account/security");
        (string, string)[] fields =
            [("Current", Served.Password), ("New", "a new and long one"), ("Again", "a new and long one")];
        for (var i = 0; i < 2; i++)
            Assert.Equal((303, "/account/security?done=password"), Left(await ana.Submit(page, "password", fields)));
        page = await ana.Open("/account/security");
        for (var i = 0; i < 5; i++)
            Assert.Equal((422, "password_wrong"), Refusal(await ana.Submit(page, "password", fields)));
        Assert.Equal((429, "sign_in_locked"), Refusal(await ana.Submit(page, "password", fields)));
        Assert.Equal(200, (await ana.Open("/account/security")).Status);
    }

    [Fact]
    public async Task A_passkey_is_offered_only_to_who_proves_to_be_the_user()
    {
        await using var served = await Served.Start(DatabaseKind.Sqlite);
        var (provider, _) = await Customer(served);
        using var ana = await served.SignedIn(provider, Email);
        var token = (await ana.Open("/account/security")).Field("form_token")!;
        foreach (var proof in new[] { "", "not my password" })
        {
            var no = await ana.Send(HttpMethod.Post, "/account/security/passkeys", Form(proof));
            Assert.Equal(422, no.Status);
            Assert.Contains("password", no.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("challenge", no.Text, StringComparison.Ordinal);
        }
        var yes = await ana.Send(HttpMethod.Post, "/account/security/passkeys", Form(Served.Password));
        Assert.Equal(200, yes.Status);
        Assert.Contains("challenge", yes.Text, StringComparison.Ordinal);

        FormUrlEncodedContent Form(string proof) => new([new("form_token", token), new("proof", proof)]);
    }

    [BothDatabases]
    public async Task Nobody_renames_or_removes_somebody_else_s_passkey(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (provider, _) = await Customer(served);
        var bo = await served.User(provider, "bo@example.com", Served.Password);
        await served.Installation.Database.InTransaction<bool>((connection, transaction) => PasskeyStore.Insert(
            connection, transaction, new Passkey(
                [7, 7], bo.No, "Telephone of Bo", [1], 0, [], true, true, true, [2], [3], served.Clock.Now, null)));
        using var ana = await served.SignedIn(provider, Email);
        foreach (var act in new[] { "rename", "remove" })
        {
            var answer = await ana.Send(HttpMethod.Post, "/account/security/passkeys/" + act, await Form(ana));
            Assert.Equal((404, "page_not_found"), Refusal(answer));
        }
        Assert.Equal(2, (await served.Acts(provider)).Count(act => act == "foreign_id_asked"));
        using var owner = await served.SignedIn(provider, bo.Email.Text);
        Assert.Contains("Telephone of Bo", (await owner.Open("/account/security")).Text, StringComparison.Ordinal);

        static async Task<FormUrlEncodedContent> Form(Visitor visitor) => new(
            [new("form_token", (await visitor.Open("/account/security")).Field("form_token")!), new("id", "0707"),
                new("name", "Mine now")]);
    }

    static async Task<(Provider Provider, User User)> Customer(Served served)
    {
        var shop = await served.Shop();
        var customer = await shop.Customer("10");
        await using var connection = await served.Installation.Database.Connect();
        var no = await AccountStore.FindNo(connection, customer.Id);
        return (shop.Provider, await served.User(shop.Provider, Email, Served.Password, no));
    }

    static async Task<User> User(Served served, Provider provider)
    {
        await using var connection = await served.Installation.Database.Connect();
        return (await UserStore.Find(connection, null, provider.No, Email)).Value;
    }

    static string Code(Served served, string key) =>
        TimedCode.Of(TimedCode.KeyOf(key)!, TimedCode.StepOf(served.Clock.GetCurrentInstant()));

    static (int Status, string Name) Refusal(Page page) =>
        (page.Status, page.Document.QuerySelector(".refusal-name, .error-name code")?.TextContent.Trim() ?? "");

    static (int Status, string? Location) Left(Page page) => (page.Status, page.Location);
}
