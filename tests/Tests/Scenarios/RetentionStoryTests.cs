using Dapper;
using NodaTime;
using Tollkeeper.Engine.Notifications;
using Tollkeeper.Providers;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>What is kept of people no longer than the provider's rules say.</summary>
public sealed class RetentionStoryTests
{
    static readonly (string, string)[] Filled =
    [
        ("Name", "Northwind Voice"), ("Type", "prepaid"), ("ContactName", "Ana García"),
        ("Phone", "+1 416 555 0100"), ("ServiceCountry", "CA"), ("ServiceLine1", "1 Main Street"),
        ("ServiceCity", "Toronto"), ("ServiceRegion", "ON"), ("ServicePostalCode", "m5v 2t6"),
    ];

    [BothDatabases]
    public async Task Sign_ups_that_came_to_nothing_and_the_words_of_old_mails_are_forgotten(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop("wholesale-usd");
        await served.User(shop.Provider, "staff@example.com", Served.Password);
        await SignUp(served, shop, "never@example.com", confirm: false);
        await SignUp(served, shop, "declined@example.com", confirm: true);
        using (var staff = await served.SignedIn(shop.Provider, "staff@example.com"))
        {
            var item = await staff.FollowLink(await staff.Open("/office/work"), "main a[href^='/office/work/']");
            Assert.Equal(303, (await staff.Submit(item, "decide", ("Outcome", "decline"))).Status);
        }
        await SignUp(served, shop, "waits@example.com", confirm: true);
        Assert.Equal((0, 0), await Forget(served, shop, Duration.FromDays(29)));
        Assert.Equal(3, await Count(served, "sign_up"));
        Assert.Equal((2, 0), await Forget(served, shop, Duration.FromDays(2)));
        Assert.Equal((1, 1), (await Count(served, "sign_up"), await Count(served, "approval")));

        var mails = await Count(served, "mail where text_body is not null");
        Assert.True(mails >= 3, $"{mails} mails");
        var (_, forgotten) = await Forget(served, shop, Duration.FromDays(1_000));
        Assert.InRange(forgotten, 3, mails);
        Assert.Equal(0, await Count(served, "mail where html_body is not null and due_at_micros is null"));
        using var reader = await served.SignedIn(shop.Provider, "staff@example.com");
        var mail = await reader.FollowLink(await reader.Open("/office/mail"), "main a[href*='/mai_']");
        Assert.Contains("no longer kept", mail.Text, StringComparison.Ordinal);
    }

    static async Task<(int SignUps, int Mails)> Forget(Served served, Shop shop, Duration later)
    {
        await served.Move(later);
        var rules = PolicyPresets.All["wholesale-usd"].Retention;
        return await new ForgetPersonal(served.Installation.Database, served.Clock).Run(
            shop.Provider.No, rules, CancellationToken.None);
    }

    static async Task<long> Count(Served served, string of)
    {
        await using var connection = await served.Installation.Database.Connect();
        return await connection.ExecuteScalarAsync<long>($"select count(*) from {of}");
    }

    static async Task SignUp(Served served, Shop shop, string email, bool confirm)
    {
        using var stranger = served.At(shop.Provider);
        await stranger.Submit(await stranger.Open("/sign-up"), "sign-up", [.. Filled, ("Email", email)]);
        var link = (await served.Mail(email)).Link;
        if (!confirm) return;
        await stranger.FollowAll(await stranger.Submit(
            await stranger.Open(link), "confirm", ("New", Served.Password), ("Again", Served.Password)));
    }
}
