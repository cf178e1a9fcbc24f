using System.Text.Json.Nodes;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Providers;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>How many calls an account may have and start, and from where (R67–R70, C21).</summary>
public sealed class NetworkStoryTests
{
    [BothDatabases]
    public async Task R68_R69_R70_The_customer_sees_limits_and_what_counts_against_them_and_staff_change_them(
        DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, customer, staff) = await Stage(served, "wholesale-usd");
        using var ana = await Customer(served, shop, customer);
        Assert.Equal(200, (await shop.Authorize("c1", customer.Id)).Status);
        Assert.Equal(200, (await shop.Authorize("c2", customer.Id, sw: "sw2")).Status);
        Assert.Equal("channels_exceeded", (await shop.Authorize("c3", customer.Id)).Refusal);
        var page = await ana.Open("/account/network");
        Assert.Contains("Channels enabled1 at each switch", page.Text, StringComparison.Ordinal);
        Assert.Contains(customer.Id, page.Text, StringComparison.Ordinal);
        Assert.Contains("support", page.Text, StringComparison.Ordinal);
        Assert.Equal("2", page.Document.QuerySelector("[data-live=channels]")!.TextContent);
        // The one without a channel did not start.
        Assert.Equal("2", page.Document.QuerySelector("[data-live=started]")!.TextContent);
        Assert.Equal(2, page.Document.QuerySelectorAll("[data-live^='channels.']").Length);
        Assert.Empty(page.Document.QuerySelectorAll("main form"));

        var seen = await staff.Open($"/office/customers/{customer.Id}/network");
        var form = await staff.FollowLink(seen, "main a[href$='/network/edit']");
        Assert.Equal("1", form.Field("Channels"));
        var saved = await staff.FollowAll(await staff.Submit(
            form, "network", ("Channels", "2"), ("CallsPerSecond", "50"), ("Networks", "")));
        Assert.Contains("are saved", saved.Text, StringComparison.Ordinal);
        await served.Move(Duration.FromSeconds(3));
        Assert.Equal(200, (await shop.Authorize("c4", customer.Id)).Status);
        Assert.Equal(
            "1", (await ana.Open("/account/network")).Document.QuerySelector("[data-live=started]")!.TextContent);
        var record = (await served.Records(shop.Provider)).Single(one => one.Act == "network_set");
        Assert.Equal(
            ("channels: 1; calls a second: 10; addresses: any", "channels: 2; calls a second: 50; addresses: any",
                "staff@example.com"),
            (record.Before, record.After, record.Details));
    }

    [BothDatabases]
    public async Task C21_Where_the_limit_is_the_accounts_it_counts_over_all_switches(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, customer, _) = await Stage(served, "retail-usd");
        using var ana = await Customer(served, shop, customer);
        var scope = PolicyPresets.All["retail-usd"].Limits.Scope;
        var page = await ana.Open("/account/network");
        Assert.Contains(
            scope == LimitScope.Account ? "over all switches" : "at each switch", page.Text,
            StringComparison.Ordinal);
    }

    [BothDatabases]
    public async Task A_call_from_an_address_that_is_not_allowed_is_refused_by_name(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, customer, staff) = await Stage(served);
        string?[] sources = ["192.0.2.1", "1.2.3.4:5060", "fe80::1%eth0", "pbx.example", "", null];
        for (var i = 0; i < sources.Length; i++)
        {
            Assert.Equal(200, (await Call(served, shop, $"any{i}", customer.Id, sources[i])).Status);
            Assert.Equal(200, (await shop.End($"any{i}", 0)).Status);
        }
        await Save(staff, customer, "203.0.113.0/28\n2001:db8::/56");

        Assert.Equal("address_not_allowed", (await Call(served, shop, "c1", customer.Id, "192.0.2.1")).Refusal);
        Assert.Equal("address_not_allowed", (await Call(served, shop, "c1", customer.Id, "2001:db9::1")).Refusal);
        foreach (var unreadable in new[] { "203.0.113.9:5060", "fe80::1%eth0", "somewhere", "", null })
            Assert.Equal(
                (403, "address_not_allowed"), Answered(await Call(served, shop, "c1", customer.Id, unreadable)));
        Assert.Equal(200, (await Call(served, shop, "c1", customer.Id, "203.0.113.9")).Status);
        Assert.Equal(200, (await shop.End("c1", 0)).Status);
        Assert.Equal(200, (await Call(served, shop, "c2", customer.Id, "[2001:db8::77]")).Status);
        Assert.Equal(200, (await shop.End("c2", 0)).Status);
        // A carrier brings inbound calls; an emergency call asks nothing.
        Assert.Equal(200, (await Call(served, shop, "c3", customer.Id, "192.0.2.1", "inbound")).Status);
        Assert.Equal(200, (await shop.End("c3", 0)).Status);
        foreach (var source in new[] { "192.0.2.1", "203.0.113.9:5060", null })
            Assert.Equal(200, (await Call(served, shop, $"c5{source}", customer.Id, source, to: "911")).Status);
    }

    [BothDatabases]
    public async Task What_a_record_says_of_many_addresses_is_those_that_changed(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, customer, staff) = await Stage(served);
        var networks = Enumerable.Range(0x1000, AllowedNetwork.Most)
            .Select(i => $"2001:4860:{i:x}:1111:2222:3333:4444:5555").ToList();
        await Save(staff, customer, string.Join('\n', networks));
        await Save(staff, customer, string.Join('\n', networks[..^1].Append("198.51.100.7")));
        var records = (await served.Records(shop.Provider)).Where(one => one.Act == "network_set")
            .OrderBy(one => one.No).ToList();
        Assert.Equal(4, records.Count);
        var added = records[..3].SelectMany(one => one.After.Split(", added ")[1].Split(", "));
        Assert.Equal(networks.Order(), added.Order());
        Assert.EndsWith($"addresses: 50, removed {networks[^1]}", records[3].Before, StringComparison.Ordinal);
        Assert.EndsWith("addresses: 50, added 198.51.100.7", records[3].After, StringComparison.Ordinal);
    }

    [BothDatabases]
    public async Task An_address_is_one_accounts_alone_within_a_provider(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, customer, staff) = await Stage(served);
        var neighbour = await shop.Customer("10");
        await Save(staff, customer, "203.0.113.16/28 198.51.100.7");
        foreach (var taken in new[] { "203.0.113.20", "203.0.113.0/24", "203.0.113.24/29", "198.51.100.0/24" })
        {
            var refused = await Try(staff, neighbour, taken);
            Assert.Equal((409, "network_taken"), (refused.Status, refused.Refusal));
            Assert.Contains($"“{taken}”", refused.Text, StringComparison.Ordinal);
        }
        await Save(staff, neighbour, "203.0.113.15\n203.0.113.32");
        await Save(staff, customer, "203.0.113.16/28");
        await Save(staff, neighbour, "198.51.100.7");

        var other = await served.Shop("wholesale-usd");
        var theirs = await other.Customer("10");
        await served.User(other.Provider, "staff@example.com", Served.Password);
        using var otherStaff = await served.SignedIn(other.Provider, "staff@example.com");
        await Save(otherStaff, theirs, "198.51.100.7");
        Assert.Equal(404, (await otherStaff.Open($"/office/customers/{customer.Id}/network/edit")).Status);
        Assert.Equal(404, (await otherStaff.Open($"/office/customers/{customer.Id}/network")).Status);
    }

    [BothDatabases]
    public async Task Of_many_who_give_one_address_to_two_accounts_at_once_one_does(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var accounts = new List<long>();
        for (var i = 0; i < 8; i++) accounts.Add(await served.AccountNo((await shop.Customer()).Id));
        var save = new SaveNetwork(served.Installation.Database, served.Clock);
        var networks = AllowedNetwork.ParseAll("203.0.113.5").Value;
        var saved = await Task.WhenAll(accounts.Select(no => save.Run(
            shop.Provider.No, no, new NetworkSettings(100, 100, networks, 0), Actor.Named("test"))));
        Assert.Single(saved, each => each.Accepted);
        Assert.All(
            saved.Where(each => !each.Accepted),
            each => Assert.Equal(Refusal.NetworkTaken, each.Refused!.Refusal));
    }

    [BothDatabases]
    public async Task What_cannot_be_is_refused_with_what_was_typed_kept(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (_, customer, staff) = await Stage(served);
        var form = await staff.Open($"/office/customers/{customer.Id}/network/edit");
        (string Channels, string Cps, string Networks, string Refusal)[] bad =
        [
            ("", "5", "", "bad_limit"), ("1.5", "5", "", "bad_limit"), ("-1", "5", "", "bad_limit"),
            ("1000001", "5", "", "bad_limit"), ("99999999999", "x", "", "bad_limit"), ("٥", "5", "", "bad_limit"),
            ("5", "5", "<script>alert(1)</script>", "bad_network"), ("5", "5", "10.0.0.1", "network_private"),
            ("5", "5", "203.0.113.1 203.0.113.1", "network_twice"), ("5", "5", "0.0.0.0/0", "network_too_wide"),
            ("5", "5", "שלום 📞", "bad_network"), ("x", "5", "y", "bad_limit, bad_network"),
        ];
        foreach (var (channels, cps, networks, refusal) in bad)
        {
            var answer = await staff.Submit(
                form, "network", ("Channels", channels), ("CallsPerSecond", cps), ("Networks", networks));
            Assert.Equal((422, refusal), (answer.Status, answer.Refusal));
            Assert.Equal(channels, answer.Field("Channels"));
            Assert.Equal(networks, answer.Document.QuerySelector("textarea")!.TextContent);
        }
    }

    [BothDatabases]
    public async Task Of_two_staff_who_save_at_once_the_second_is_told_and_sees_what_the_first_saved(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (_, customer, staff) = await Stage(served);
        var form = await staff.Open($"/office/customers/{customer.Id}/network/edit");
        (string, string)[] first = [("Channels", "7"), ("CallsPerSecond", "7"), ("Networks", "203.0.113.5")];
        Assert.Equal(303, (await staff.Submit(form, "network", first)).Status);
        (string, string)[] mine = [("Channels", "8"), ("CallsPerSecond", "7"), ("Networks", "")];
        var second = await staff.Submit(form, "network", mine);
        Assert.Equal((409, "changed_meanwhile"), (second.Status, second.Refusal));
        Assert.Equal("8", second.Field("Channels"));
        Assert.Contains("203.0.113.5", second.Text, StringComparison.Ordinal);
        Assert.Equal(303, (await staff.Submit(second, "network", mine)).Status);
    }

    static (int, string?) Answered(Answer answer) => (answer.Status, answer.Refusal);

    static Task<Answer> Call(
        Served served, Shop shop, string call, string account, string? source, string direction = "outbound",
        string to = "+14165550100") =>
        served.Post("/v1/calls/authorize", shop.SwitchKey, new JsonObject
        {
            ["switch"] = "sw1",
            ["call"] = call,
            ["account"] = account,
            ["direction"] = direction,
            ["from"] = "+12125550100",
            ["to"] = to,
            ["sourceIp"] = source,
        });

    static async Task Save(Visitor staff, Customer customer, string networks) =>
        Assert.Equal(303, (await Try(staff, customer, networks)).Status);

    static async Task<Page> Try(Visitor staff, Customer customer, string networks) => await staff.Submit(
        await staff.Open($"/office/customers/{customer.Id}/network/edit"), "network", ("Networks", networks));

    static async Task<Visitor> Customer(Served served, Shop shop, Customer customer)
    {
        await served.User(shop.Provider, "ana@example.com", Served.Password, await served.AccountNo(customer.Id));
        return await served.SignedIn(shop.Provider, "ana@example.com");
    }

    static async Task<(Shop Shop, Customer Customer, Visitor Staff)> Stage(
        Served served, string preset = "retail-usd")
    {
        var shop = await served.Shop(preset);
        var customer = await shop.Customer("10", channels: 1, cps: 10, inbound: Inbound(preset));
        await served.User(shop.Provider, "staff@example.com", Served.Password);
        return (shop, customer, await served.SignedIn(shop.Provider, "staff@example.com"));
    }

    /// <summary>Where each direction has a wallet of its own.</summary>
    static string? Inbound(string preset) =>
        PolicyPresets.All[preset].Wallets.Plan == WalletPlan.Main ? null : "5";
}
