using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>How strangers become customers, as a browser without scripts does it.</summary>
public sealed class SignUpStoryTests
{
    const string Email = "new@example.com";

    static readonly (string, string)[] Filled =
    [
        ("Name", "Northwind Voice"), ("Email", Email), ("Type", "prepaid"), ("ContactName", "Ana García"),
        ("Phone", "+1 416 555 0100"), ("ServiceCountry", "CA"), ("ServiceLine1", "1 Main Street"),
        ("ServiceCity", "Toronto"), ("ServiceRegion", "ON"), ("ServicePostalCode", "m5v 2t6"),
    ];

    [BothDatabases]
    public async Task From_sign_up_to_the_first_call(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        using var stranger = served.At(shop.Provider);
        var sent = await stranger.FollowAll(await stranger.Submit(await stranger.Open("/sign-up"), "sign-up", Filled));
        Assert.Contains("A mail is on its way", sent.Text, StringComparison.Ordinal);

        var link = (await served.Mail(Email)).Link;
        var chosen = await stranger.Submit(
            await stranger.Open(link), "confirm", ("New", Served.Password), ("Again", Served.Password));
        Assert.Equal((303, "/sign-in?done=reset"), (chosen.Status, chosen.Location));
        Assert.Equal("link_spent", (await stranger.Open(link)).Refusal);

        using var customer = await served.SignedIn(shop.Provider, Email);
        var contact = await customer.Open("/account/contact");
        Assert.Contains("Toronto Ontario M5V 2T6", contact.Text, StringComparison.Ordinal);
        var user = await served.UserNamed(shop.Provider, Email);
        Assert.Equal((Role.PrimaryAdmin, "Ana García", true), (user.Role, user.Name, user.EmailConfirmed));

        var id = (await served.AccountsOf(shop.Provider)).Single();
        Assert.Equal("account_off_funds", (await shop.Authorize("call-1", id)).Refusal);
        await served.Deposit(id, "5");
        Assert.Equal(200, (await shop.Authorize("call-2", id)).Status);
    }

    [BothDatabases]
    public async Task Where_staff_look_first_nobody_signs_in_before_they_approve(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop("wholesale-usd");
        await served.User(shop.Provider, "staff@example.com", Served.Password);
        foreach (var (email, approved) in new[] { (Email, true), ("bad@example.com", false) })
        {
            using var stranger = served.At(shop.Provider);
            await stranger.Submit(
                await stranger.Open("/sign-up"), "sign-up", [.. Filled, ("Email", email)]);
            var waits = await stranger.FollowAll(await stranger.Submit(
                await stranger.Open((await served.Mail(email)).Link), "confirm", ("New", Served.Password),
                ("Again", Served.Password)));
            Assert.Contains("once it is approved", waits.Text, StringComparison.Ordinal);
            Assert.Equal("sign_in_failed", (await stranger.Knock(email, Served.Password)).Refusal);

            using var staff = await served.SignedIn(shop.Provider, "staff@example.com");
            var item = await staff.FollowLink(await staff.Open("/office/work"), "main a[href^='/office/work/']");
            Assert.Contains("Northwind Voice", item.Text, StringComparison.Ordinal);
            var decided = await staff.Submit(item, "decide", ("Outcome", approved ? "approve" : "decline"));
            Assert.Equal(303, decided.Status);
            var told = await served.Mail(email, 2);
            Assert.Contains(
                approved ? "account is open" : "about your sign-up", told.Subject, StringComparison.Ordinal);
            var knock = await stranger.Knock(email, Served.Password);
            Assert.Equal(approved, knock.Status == 303);
        }
        Assert.Single(await served.AccountsOf(shop.Provider));
    }

    [BothDatabases]
    public async Task Whoever_is_a_customer_already_learns_it_by_mail_and_nobody_else_does(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        await served.User(shop.Provider, Email, Served.Password);
        using var stranger = served.At(shop.Provider);
        var sent = await stranger.FollowAll(await stranger.Submit(await stranger.Open("/sign-up"), "sign-up", Filled));
        Assert.Contains("A mail is on its way", sent.Text, StringComparison.Ordinal);
        var mail = await served.Mail(Email);
        Assert.Contains("already", mail.Subject, StringComparison.Ordinal);
        Assert.DoesNotContain("token", mail.Text, StringComparison.Ordinal);
        Assert.Empty(await served.AccountsOf(shop.Provider));
    }

    [Fact]
    public async Task What_is_wrong_is_said_at_its_field_and_what_was_typed_stays()
    {
        await using var served = await Served.Start(DatabaseKind.Sqlite);
        var shop = await served.Shop();
        using var stranger = served.At(shop.Provider);
        var form = await stranger.Open("/sign-up");
        (string Field, string Typed, string Refusal)[] wrong =
        [
            ("Name", "", "field_empty"), ("Name", new string('n', 101), "bad_text"), ("Email", "nobody", "bad_email"),
            ("ServiceRegion", "NY", "bad_place"), ("ServicePostalCode", "D1A 1A1", "bad_postal_code"),
            ("Phone", "call me", "bad_phone"), ("ServiceCountry", "XX", "bad_place"),
        ];
        foreach (var (field, typed, refusal) in wrong)
        {
            var refused = await stranger.Submit(form, "sign-up", [.. Filled, (field, typed)]);
            Assert.Equal(422, refused.Status);
            Assert.Contains(refusal, refused.Refusal, StringComparison.Ordinal);
            Assert.NotNull(refused.Document.QuerySelector($"#{field}[aria-invalid=true]"));
            Assert.Equal("Ana García", refused.Field("ContactName"));
        }
        // Other alphabets, emoji, right to left, markup: a name is a name.
        foreach (var name in new[] { "北风语音", "שלום עולם", "Voix 📞 Québec", "<script>alert(1)</script>" })
        {
            var taken = await stranger.Submit(form, "sign-up", [.. Filled, ("Name", name), ("Email", "bad")]);
            Assert.Equal("bad_email", taken.Refusal);
            Assert.Equal(name, taken.Field("Name"));
            Assert.DoesNotContain("<script>alert", taken.Html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_country_shows_its_own_fields_before_anything_is_saved()
    {
        await using var served = await Served.Start(DatabaseKind.Sqlite);
        var shop = await served.Shop();
        using var stranger = served.At(shop.Provider);
        var form = await stranger.Open("/sign-up");
        var canada = await stranger.Submit(form, "sign-up", ("ServiceCountry", "CA"), ("Do", "refresh"));
        Assert.Equal(200, canada.Status);
        Assert.NotNull(canada.Document.QuerySelector("select[name=ServiceRegion] option[value=QC]"));
        var france = await stranger.Submit(canada, "sign-up", ("ServiceCountry", "FR"), ("Do", "refresh"));
        Assert.NotNull(france.Document.QuerySelector("input[name=ServiceRegion]"));
        Assert.Empty(served.Mails());
    }
}
