using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Notifications;
using Tollkeeper.Providers;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>
/// Who may sign in for an account or a provider, as a browser without scripts does it (R66, R72, R73).
/// </summary>
public sealed class UserStoryTests
{
    const string Ana = "ana@example.com";
    const string Bo = "bo@example.com";
    const string Users = "/account/users";

    sealed record Firm(Shop Shop, Customer Customer, long No)
    {
        public Provider Provider => Shop.Provider;

        public Team Team => new(Provider.No, No);
    }

    [BothDatabases]
    public async Task R72_An_invited_user_chooses_a_password_and_may_do_what_the_role_allows(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var firm = await Open(served);
        using var ana = await served.SignedIn(firm.Provider, Ana);
        var sent = await ana.Submit(
            await ana.Open(Users), "invite", ("Email", Bo), ("Name", "Bo 北风 📞"), ("Role", "technical"),
            ("Language", "fr"), ("Topics", "Status"));
        Assert.Equal((303, Users + "?done=invited"), (sent.Status, sent.Location));
        Assert.Contains("Bo 北风 📞", (await ana.Follow(sent)).Text, StringComparison.Ordinal);
        var mail = await served.Mail(Bo);
        Assert.Contains("Votre accès", mail.Subject, StringComparison.Ordinal);

        using var bo = served.At(firm.Provider);
        Assert.Equal("sign_in_failed", (await bo.Knock(Bo, Served.Password)).Refusal);
        await bo.Submit(await bo.Open(mail.Link), "reset", ("New", Served.Password), ("Again", Served.Password));
        Assert.Equal(303, (await bo.Knock(Bo, Served.Password)).Status);
        Assert.Equal(200, (await bo.Open("/calls")).Status);
        Assert.Equal(404, (await bo.Open(Users)).Status);
        Assert.Equal(404, (await bo.Open("/account/contact/edit")).Status);
        var user = await served.UserNamed(firm.Provider, Bo);
        Assert.Equal(
            (Role.Technical, "Bo 北风 📞", (int)NoticeTopics.Status, true),
            (user.Role, user.Name, user.Notifications ?? 0, user.HasCome));

        var changed = await ana.Submit(
            await ana.Open($"{Users}/{user.Id}"), "user", ("Role", "billing"), ("Name", "Bo"), ("Topics", "Balance"));
        Assert.Equal(303, changed.Status);
        await served.Refresh();
        Assert.Equal(200, (await bo.Open("/account/contact/edit")).Status);
        var record = (await served.Records(firm.Provider)).First(one => one.Act == "user_changed");
        Assert.Contains("technical", record.Before, StringComparison.Ordinal);
        Assert.Contains("billing", record.After, StringComparison.Ordinal);
    }

    [BothDatabases]
    public async Task R73_The_primary_admin_hands_over_by_the_link_beside_a_user_and_is_it_no_more(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var firm = await Open(served);
        await served.User(firm.Provider, Bo, Served.Password, firm.No, role: Role.ReadOnly);
        using var ana = await served.SignedIn(firm.Provider, Ana);
        var user = await ana.FollowLink(await ana.Open(Users), $"a[href='{Users}/{await Id(served, firm, Bo)}']");
        var confirm = await ana.FollowLink(user, "a[href$='/primary']");
        // Looking changes nothing.
        Assert.Equal(Role.PrimaryAdmin, (await served.UserNamed(firm.Provider, Ana)).Role);
        var left = await ana.Submit(confirm, "primary", ("Role", "technical"), ("Proof", "wrong horse"));
        Assert.Equal((422, "password_wrong"), (left.Status, left.Refusal));
        Assert.Equal(Role.PrimaryAdmin, (await served.UserNamed(firm.Provider, Ana)).Role);
        var done = await ana.Submit(confirm, "primary", ("Role", "technical"), ("Proof", Served.Password));
        Assert.Equal((303, "/account/contact?handed-over=yes"), (done.Status, done.Location));
        Assert.Equal(Role.Technical, (await served.UserNamed(firm.Provider, Ana)).Role);
        Assert.Equal(Role.PrimaryAdmin, (await served.UserNamed(firm.Provider, Bo)).Role);
        await served.Refresh();
        Assert.Equal(404, (await ana.Open(Users)).Status);
        Assert.Contains("another primary admin", (await served.Mail(Ana)).Subject, StringComparison.Ordinal);
        Assert.Contains("another primary admin", (await served.Mail(Bo)).Subject, StringComparison.Ordinal);
        Assert.Contains("primary_admin_handed_over", await served.Acts(firm.Provider));
    }

    [BothDatabases]
    public async Task R73_Of_twenty_hand_overs_at_once_one_wins(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var firm = await Open(served);
        var ids = new List<string>();
        for (var i = 0; i < 20; i++) ids.Add((await Member(served, firm, $"user{i}@example.com")).Id);
        await served.User(firm.Provider, "sam@example.com", Served.Password);
        using var sam = await served.SignedIn(firm.Provider, "sam@example.com");
        var pages = new List<Page>();
        foreach (var id in ids)
            pages.Add(await sam.Open($"/office/customers/{firm.Customer.Id}/users/{id}/primary"));
        var answers = await Task.WhenAll(pages.Select(page => sam.Submit(page, "primary")));
        Assert.Single(answers, answer => answer.Status == 303);
        Assert.All(
            answers.Where(answer => answer.Status != 303),
            answer => Assert.Equal((409, "not_primary_admin"), (answer.Status, answer.Refusal)));
        await using var connection = await served.Installation.Database.Connect();
        var users = await UserStore.Of(connection, firm.Team);
        Assert.Single(users, user => user.Role == Role.PrimaryAdmin);
        Assert.Equal(21, users.Count);
        Assert.Single(await served.Acts(firm.Provider), act => act == "primary_admin_handed_over");
    }

    [BothDatabases]
    public async Task R73_The_last_primary_admin_is_neither_removed_nor_made_less_nor_replaced_by_who_has_not_come(
        DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var firm = await Open(served);
        var (database, by) = (served.Installation.Database, Actor.Named("test"));
        var ana = await served.UserNamed(firm.Provider, Ana);
        var bo = await served.User(firm.Provider, Bo, null, firm.No, confirmed: false, role: Role.Billing);
        Assert.Equal(
            Refusal.LastPrimaryAdmin,
            (await new RemoveUser(database, served.Clock).Run(firm.Team, ana.Id, true, by)).Refused?.Refusal);
        var change = new ChangeUser(database, served.Clock);
        Assert.Equal(
            Refusal.LastPrimaryAdmin,
            (await change.Run(firm.Team, ana.Id, new(Role.Billing, "", null, ana.Version), by)).Refused?.Refusal);
        Assert.Equal(
            Refusal.BadRole,
            (await change.Run(firm.Team, bo.Id, new(Role.PrimaryAdmin, "", null, bo.Version), by)).Refused?.Refusal);
        var handOver = new HandOverPrimaryAdmin(database, served.Clock);
        Assert.Equal(
            Refusal.NotAcceptedYet,
            (await handOver.Run(firm.Team, ana.Id, bo.Id, Role.Billing, by)).Refused?.Refusal);
        Assert.Equal(
            Refusal.NotPrimaryAdmin,
            (await handOver.Run(firm.Team, bo.Id, ana.Id, Role.Billing, by)).Refused?.Refusal);
        Assert.Equal(
            Refusal.BadRole,
            (await handOver.Run(firm.Team, ana.Id, bo.Id, Role.PrimaryAdmin, by)).Refused?.Refusal);
    }

    [BothDatabases]
    public async Task A_removed_user_is_out_at_once_and_the_address_may_be_invited_anew(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var firm = await Open(served);
        await served.User(firm.Provider, Bo, Served.Password, firm.No, role: Role.Billing);
        using var ana = await served.SignedIn(firm.Provider, Ana);
        using var bo = await served.SignedIn(firm.Provider, Bo);
        var page = await ana.Open($"{Users}/{await Id(served, firm, Bo)}");
        Assert.Equal(Users + "?done=removed", (await ana.Submit(page, "remove")).Location);
        await served.Refresh();
        Assert.Equal(302, (await bo.Open("/calls")).Status);
        Assert.Equal("sign_in_failed", (await bo.Knock(Bo, Served.Password)).Refusal);
        Assert.Equal(404, (await ana.Open(page.Path)).Status);
        Assert.Equal("unknown_user", (await ana.Submit(page, "user", ("Name", "Bo"))).Refusal);
        var again = await ana.Submit(await ana.Open(Users), "invite", ("Email", Bo), ("Role", "read-only"));
        Assert.Equal(303, again.Status);
        Assert.Contains("access", (await served.Mail(Bo)).Subject, StringComparison.Ordinal);
    }

    [BothDatabases]
    public async Task Of_two_who_save_a_user_at_once_the_second_is_told_and_what_was_typed_stays(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var firm = await Open(served);
        var bo = await served.User(firm.Provider, Bo, Served.Password, firm.No, role: Role.Billing);
        await served.User(firm.Provider, "sam@example.com", Served.Password);
        using var ana = await served.SignedIn(firm.Provider, Ana);
        using var sam = await served.SignedIn(firm.Provider, "sam@example.com");
        var mine = await ana.Open($"{Users}/{bo.Id}");
        var theirs = await sam.Open($"/office/customers/{firm.Customer.Id}/users/{bo.Id}");
        Assert.Equal(303, (await sam.Submit(theirs, "user", ("Name", "Bo of Sam"))).Status);
        var second = await ana.Submit(mine, "user", ("Name", "Bo of Ana"), ("Role", "technical"));
        Assert.Equal((409, "changed_meanwhile", "Bo of Ana"), (second.Status, second.Refusal, second.Field("Name")));
        Assert.Contains("Bo of Sam", second.Text, StringComparison.Ordinal);
        Assert.Equal(303, (await ana.Submit(second, "user", ("Name", "Bo of Ana"))).Status);
        Assert.Equal("Bo of Ana", (await served.UserNamed(firm.Provider, Bo)).Name);
    }

    [BothDatabases]
    public async Task The_last_owner_stays_also_when_two_remove_each_other_at_once(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var (one, two) = (
            await served.User(shop.Provider, Ana, Served.Password, role: Role.Owner),
            await served.User(shop.Provider, Bo, Served.Password, role: Role.Owner));
        using var ana = await served.SignedIn(shop.Provider, Ana);
        using var bo = await served.SignedIn(shop.Provider, Bo);
        var pages = (await ana.Open("/office/staff/" + two.Id), await bo.Open("/office/staff/" + one.Id));
        await Task.WhenAll(ana.Submit(pages.Item1, "remove"), bo.Submit(pages.Item2, "remove"));
        await using var connection = await served.Installation.Database.Connect();
        var left = Assert.Single(await UserStore.Of(connection, new Team(shop.Provider.No, null)));
        Assert.Equal(Role.Owner, left.Role);
        await served.Refresh();
        using var last = await served.SignedIn(shop.Provider, left.Email.Text);
        var own = await last.Open("/office/staff/" + left.Id);
        Assert.Equal("last_owner", (await last.Submit(own, "remove")).Refusal);
        Assert.Equal("last_owner", (await last.Submit(own, "user", ("Role", "support"))).Refusal);
    }

    [Fact]
    public async Task Staff_lock_a_user_and_invite_again_who_has_not_come()
    {
        await using var served = await Served.Start(DatabaseKind.Sqlite);
        var firm = await Open(served);
        var bo = await served.User(firm.Provider, Bo, null, firm.No, confirmed: false, role: Role.Billing);
        await served.User(firm.Provider, "sam@example.com", Served.Password);
        using var sam = await served.SignedIn(firm.Provider, "sam@example.com");
        var path = $"/office/customers/{firm.Customer.Id}/users/{bo.Id}";
        Assert.Equal(303, (await sam.Submit(await sam.Open(path), "again")).Status);
        await served.Mail(Bo);
        Assert.Equal(path + "?done=lock", (await sam.Submit(await sam.Open(path), "lock", ("Do", "lock"))).Location);
        Assert.True((await served.UserNamed(firm.Provider, Bo)).Locked);
        Assert.Equal(
            path + "?done=unlock", (await sam.Submit(await sam.Open(path), "lock", ("Do", "unlock"))).Location);
        // What staff locked is not undone by removing and inviting.
        await sam.Submit(await sam.Open(path), "lock", ("Do", "lock"));
        var remove = new RemoveUser(served.Installation.Database, served.Clock);
        Assert.Equal(
            Refusal.UserBarred,
            (await remove.Run(firm.Team, bo.Id, byStaff: false, Actor.Named(Ana))).Refused?.Refusal);
        await sam.Submit(await sam.Open(path), "lock", ("Do", "unlock"));
        // Nobody is asked so often that a mailbox fills.
        for (var i = 0; i < 2; i++) await sam.Submit(await sam.Open(path), "again");
        Assert.Equal("too_many_tries", (await sam.Submit(await sam.Open(path), "again")).Refusal);
    }

    [Fact]
    public async Task What_is_wrong_with_an_invitation_is_said_and_a_double_press_invites_once()
    {
        await using var served = await Served.Start(DatabaseKind.Sqlite);
        var firm = await Open(served);
        var neighbour = await served.Customer(firm.Shop);
        await served.User(firm.Provider, "cy@example.com", Served.Password, neighbour.No, role: Role.PrimaryAdmin);
        using var ana = await served.SignedIn(firm.Provider, Ana);
        var form = await ana.Open(Users);
        (string Field, string Typed, string Refusal)[] wrong =
        [
            ("Email", "", "bad_email"), ("Email", "not one", "bad_email"),
            ("Email", "cy@example.com", "already_exists"), ("Name", new string('n', 101), "bad_text"),
            ("Name", "a\u0007b", "bad_text"), ("Role", "", "bad_role"), ("Role", "primary-admin", "bad_role"),
            ("Role", "owner", "bad_role"),
        ];
        foreach (var (field, typed, refusal) in wrong)
        {
            var refused = await ana.Submit(
                await ana.Open(Users), "invite", ("Email", Bo), ("Role", "billing"), ("Name", "<script>1</script>"),
                (field, typed));
            Assert.Equal((true, refusal), (refused.Status is 409 or 422, refused.Refusal));
            Assert.DoesNotContain("<script>1", refused.Html, StringComparison.Ordinal);
        }
        var presses = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ana.Submit(
            form, "invite", ("Email", Bo), ("Role", "billing"), ("Name", "שלום <b>עולם</b>"))));
        Assert.All(presses, press => Assert.Equal(303, press.Status));
        await served.Mail(Bo);
        Assert.Single(served.Mails(), mail => mail.To == Bo);
        // Nobody else's users: not there, and on record.
        var cy = await served.UserNamed(firm.Provider, "cy@example.com");
        Assert.Equal(404, (await ana.Open($"{Users}/{cy.Id}")).Status);
        Assert.Equal(404, (await ana.Open($"{Users}/{cy.Id}/primary")).Status);
        Assert.Contains("foreign_id_asked", await served.Acts(firm.Provider));
    }

    [BothDatabases]
    public async Task Somebody_sees_where_the_own_sessions_are_and_ends_one_or_all_others(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var firm = await Open(served);
        using var here = await served.SignedIn(firm.Provider, Ana);
        using var there = await served.SignedIn(firm.Provider, Ana);
        using var elsewhere = await served.SignedIn(firm.Provider, Ana);
        var page = await here.Open("/account/security");
        var ends = page.Document.QuerySelectorAll("input[name=Session]");
        Assert.Equal(2, ends.Length);
        Assert.DoesNotContain(here.Cookies["tollkeeper"], page.Html, StringComparison.Ordinal);
        var handler = ends[0].Closest("form")!.QuerySelector("input[name=_handler]")!.GetAttribute("value");
        Assert.Equal("/account/security?done=session", (await here.Submit(page, handler)).Location);
        Assert.Single(new[] { there, elsewhere }, other => other.Open("/calls").Result.Status == 302);
        var rest = await here.Open("/account/security");
        Assert.Equal("/account/security?done=sessions", (await here.Submit(rest, "end-others")).Location);
        Assert.Equal(302, (await there.Open("/calls")).Status);
        Assert.Equal(302, (await elsewhere.Open("/calls")).Status);
        Assert.Equal(200, (await here.Open("/calls")).Status);
    }

    [BothDatabases]
    public async Task Another_address_counts_once_it_is_confirmed_from_both_mailboxes(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var firm = await Open(served);
        const string Next = "ana@elsewhere.example";
        using var ana = await served.SignedIn(firm.Provider, Ana);
        var form = await ana.Open("/account/security/email");
        Assert.Equal(
            "password_wrong", (await ana.Submit(form, "email", ("Email", Next), ("Proof", "wrong wrong"))).Refusal);
        form = await ana.Open("/account/security/email");
        Assert.Equal(
            "already_exists",
            (await ana.Submit(form, "email", ("Email", Ana), ("Proof", Served.Password))).Refusal);
        form = await ana.Open("/account/security/email");
        var asked = await ana.Submit(form, "email", ("Email", Next), ("Proof", Served.Password));
        Assert.Equal("/account/security?done=email", asked.Location);
        var (former, wished) = ((await served.Mail(Ana)).Link, (await served.Mail(Next)).Link);

        using var anybody = served.At(firm.Provider);
        var half = await anybody.Submit(await anybody.Open(wished), "change");
        Assert.Equal("/change-email?done=half", half.Location);
        Assert.Equal("sign_in_failed", (await anybody.Knock(Next, Served.Password)).Refusal);
        // The same mailbox twice is not both.
        Assert.Equal(
            "/change-email?done=half", (await anybody.Submit(await anybody.Open(wished), "change")).Location);
        Assert.Equal(
            "/change-email?done=whole", (await anybody.Submit(await anybody.Open(former), "change")).Location);
        Assert.Equal("link_spent", (await anybody.Open(former)).Refusal);
        Assert.Equal("sign_in_failed", (await anybody.Knock(Ana, Served.Password)).Refusal);
        Assert.Equal(303, (await anybody.Knock(Next, Served.Password)).Status);
        Assert.Contains("was changed", (await served.Mail(Ana, 2)).Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wish_for_another_address_ends_with_a_new_wish_a_new_password_or_time()
    {
        await using var served = await Served.Start(DatabaseKind.Sqlite);
        var firm = await Open(served);
        using var ana = await served.SignedIn(firm.Provider, Ana);
        using var anybody = served.At(firm.Provider);
        await Wish(ana, "one@example.com");
        var first = (await served.Mail("one@example.com")).Link;
        await Wish(ana, "two@example.com");
        Assert.Equal("link_spent", (await anybody.Open(first)).Refusal);
        var second = (await served.Mail("two@example.com")).Link;
        Assert.Equal(200, (await anybody.Open(second)).Status);
        await served.Move(NodaTime.Duration.FromDays(3));
        Assert.Equal("link_spent", (await anybody.Open(second)).Refusal);
        using var again = await served.SignedIn(firm.Provider, Ana);
        await Wish(again, "three@example.com");
        var third = (await served.Mail("three@example.com")).Link;
        await again.Submit(
            await again.Open("/account/security"), "password", ("Current", Served.Password),
            ("New", "another good battery"), ("Again", "another good battery"));
        Assert.Equal("link_spent", (await anybody.Open(third)).Refusal);
    }

    static async Task Wish(Visitor visitor, string email)
    {
        var form = await visitor.Open("/account/security/email");
        Assert.Equal(303, (await visitor.Submit(form, "email", ("Email", email), ("Proof", Served.Password))).Status);
    }

    static async Task<Firm> Open(Served served)
    {
        var shop = await served.Shop();
        var (customer, no) = await served.Customer(shop);
        await served.User(shop.Provider, Ana, Served.Password, no, role: Role.PrimaryAdmin);
        return new Firm(shop, customer, no);
    }

    static readonly string Hash = PasswordHash.Of(Served.Password, new byte[PasswordHash.SaltBytes]);

    static async Task<User> Member(Served served, Firm firm, string email)
    {
        Assert.True(EmailAddress.TryParse(email, out var address));
        return (await new CreateUser(served.Installation.Database, served.Clock).Run(
            new NewUser(firm.Provider.No, firm.No, address, true, Hash, null, Role.ReadOnly), "test")).Value;
    }

    static async Task<string> Id(Served served, Firm firm, string email) =>
        (await served.UserNamed(firm.Provider, email)).Id;
}
