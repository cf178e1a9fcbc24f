using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Host.Api;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>Keys that customers and staff make on their pages.</summary>
public sealed class KeyStoryTests
{
    [BothDatabases]
    public async Task A_customers_key_is_shown_once_reads_what_was_chosen_of_its_own_account_and_ends_when_revoked(
        DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, customer, ana) = await Stage(served);
        var neighbour = await shop.Customer("7");
        var form = await ana.Open("/account/keys");
        var made = await ana.Submit(form, "make", ("Name", "Ledger <b>robot</b>"), ("Scopes", "balance"));
        var key = Shown(made);
        Assert.Equal(key, Shown(await ana.Submit(form, "make", ("Name", "Ledger robot"), ("Scopes", "balance"))));
        var list = await ana.Open("/account/keys");
        Assert.DoesNotContain(key, list.Html, StringComparison.Ordinal);
        Assert.Contains("Ledger <b>robot</b>", list.Text, StringComparison.Ordinal);
        Assert.Contains("Not used yet", list.Text, StringComparison.Ordinal);

        var balance = await served.Get($"/v1/balance?account={neighbour.Id}", key);
        Assert.Equal((200, "10.000000"), (balance.Status, balance["balance.amount"]));
        Assert.Equal("key_not_for_this", (await served.Get("/v1/entries", key)).Refusal);
        await served.Move(Duration.FromMinutes(1));
        await served.Get("/v1/balance", key);
        await served.Installation.Rules.Keys.WriteUses(default);
        Assert.Contains("Last used", (await ana.Open("/account/keys")).Text, StringComparison.Ordinal);

        var idPart = key.Split('_')[2];
        Assert.Equal(303, (await ana.Submit(await ana.Open("/account/keys"), "revoke", ("Key", idPart))).Status);
        await served.Refresh();
        var refused = await served.Get("/v1/balance", key);
        Assert.Equal((401, "key_revoked"), (refused.Status, refused.Refusal));
        Assert.Equal("unknown_key", (await served.Get("/v1/balance", key[..^3] + "AAA")).Refusal);
        var records = await served.Records(shop.Provider);
        Assert.Contains(records, one => one.Act == "key_made" && one.Subject == idPart
            && one.After == "name: Ledger <b>robot</b>; scopes: balance; until: revoked"
            && one.Details == "ana@example.com");
        Assert.Single(records, one => one.Act == "key_revoked" && one.Subject == idPart);
    }

    [BothDatabases]
    public async Task A_key_opens_until_the_end_of_its_last_day(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (_, _, ana) = await Stage(served);
        var form = await ana.Open("/account/keys");
        Assert.Equal(
            (422, "date_past"), Refused(await ana.Submit(form, "make", ("Name", "x"), ("Expires", "2026-03-01"))));
        var key = Shown(await ana.Submit(form, "make", ("Name", "x"), ("Expires", "2026-03-02")));
        Assert.Equal(200, (await served.Get("/v1/entries", key)).Status);
        await served.Move(Duration.FromHours(12));
        Assert.Equal(200, (await served.Get("/v1/balance", key)).Status);
        await served.Move(Duration.FromHours(10));
        var over = await served.Get("/v1/balance", key);
        Assert.Equal((401, "key_expired"), (over.Status, over.Refusal));
    }

    [BothDatabases]
    public async Task What_cannot_be_is_refused_and_what_was_typed_stays(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (_, _, ana) = await Stage(served);
        var form = await ana.Open("/account/keys");
        Assert.Equal((422, "field_empty"), Refused(await ana.Submit(form, "make", ("Name", " "))));
        Assert.Equal((422, "bad_text"), Refused(await ana.Submit(form, "make", ("Name", new string('x', 61)))));
        Assert.Equal((422, "bad_text"), Refused(await ana.Submit(form, "make", ("Name", "a\u0001"))));
        Assert.Equal(
            (422, "scope_missing"), Refused(await ana.Submit(form, "make", ("Name", "x"), ("Scopes", "calls"))));
        var kept = await ana.Submit(form, "make", ("Name", "שלום 📞"), ("Expires", "tomorrow"));
        Assert.Equal((422, "bad_date"), Refused(kept));
        Assert.Equal("שלום 📞", kept.Field("Name"));
        Assert.Equal(409, (await ana.Submit(form, "make", ("Name", "x"), ("FormKey", "nonsense"))).Status);
        for (var keys = 1; keys < IssueKey.MostOfAccount; keys++)
            Assert.Equal(200, (await ana.Submit(await ana.Open("/account/keys"), "make", ("Name", "x"))).Status);
        Assert.Equal(
            (409, "too_many_keys"),
            Refused(await ana.Submit(await ana.Open("/account/keys"), "make", ("Name", "x"))));
    }

    [BothDatabases]
    public async Task Staff_make_keys_for_switches_and_nobody_revokes_those_of_others(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, customer, ana) = await Stage(served);
        await served.Engineer(shop.Provider, "eve@example.com");
        using var eve = await served.SignedIn(shop.Provider, "eve@example.com");
        var form = await eve.Open("/office/keys");
        var key = Shown(await eve.Submit(form, "make", ("Name", "Toronto SBC"), ("Scopes", "calls")));
        Assert.StartsWith("tk_switch_", key, StringComparison.Ordinal);
        var call = new JsonObject
        {
            ["switch"] = "toronto",
            ["call"] = "c1",
            ["account"] = customer.Id,
            ["direction"] = "outbound",
            ["from"] = "+12125550100",
            ["to"] = "+14165550100",
        };
        Assert.Equal(200, (await served.Post("/v1/calls/authorize", key, call)).Status);
        Assert.Equal("key_not_for_this", (await served.Post("/v1/calls/import", key, new JsonObject())).Refusal);
        await served.Refresh();
        var network = await eve.Open($"/office/customers/{customer.Id}/network");
        Assert.Contains("Toronto SBC", network.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Toronto SBC", (await ana.Open("/account/network")).Text, StringComparison.Ordinal);

        var idPart = key.Split('_')[2];
        var theirs = await ana.Submit(await ana.Open("/account/keys"), "revoke", ("Key", idPart));
        Assert.Equal((404, "page_not_found"), Refused(theirs));
        var own = customer.OwnKey.Split('_')[2];
        Assert.Equal(404, (await eve.Submit(await eve.Open("/office/keys"), "revoke", ("Key", own))).Status);
        await served.Refresh();
        Assert.Equal(200, (await customer.Balance()).Status);
        Assert.Equal(200, (await served.Post("/v1/calls/authorize", key, call)).Status);
    }

    [BothDatabases]
    public async Task Staff_see_a_customers_keys_and_revoke_one_that_is_lost(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, customer, ana) = await Stage(served);
        var neighbour = await shop.Customer("7");
        var key = Shown(await ana.Submit(
            await ana.Open("/account/keys"), "make", ("Name", "Lost <i>robot</i>"), ("Scopes", "balance")));
        await served.User(shop.Provider, "sam@example.com", Served.Password);
        using var sam = await served.SignedIn(shop.Provider, "sam@example.com");
        var path = $"/office/customers/{customer.Id}/keys";
        var list = await sam.Open(path);
        Assert.Contains("Lost <i>robot</i>", list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(key, list.Html, StringComparison.Ordinal);

        var idPart = key.Split('_')[2];
        var elsewhere = await sam.Open($"/office/customers/{neighbour.Id}/keys");
        Assert.Equal(404, (await sam.Submit(elsewhere, "revoke", ("Key", idPart))).Status);
        Assert.Equal(200, (await served.Get("/v1/balance", key)).Status);
        Assert.Equal(303, (await sam.Submit(list, "revoke", ("Key", idPart))).Status);
        await served.Refresh();
        Assert.Equal("key_revoked", (await served.Get("/v1/balance", key)).Refusal);
        var record = Assert.Single(await served.Records(shop.Provider), one => one.Act == "key_revoked");
        Assert.Equal((idPart, "sam@example.com"), (record.Subject, record.Details));
        Assert.NotNull(record.AccountNo);

        var other = await served.Shop("wholesale-usd");
        await served.User(other.Provider, "sam@example.com", Served.Password);
        using var stranger = await served.SignedIn(other.Provider, "sam@example.com");
        Assert.Equal(404, (await stranger.Open(path)).Status);
    }

    [BothDatabases]
    public async Task Many_switch_keys_come_in_pages(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, _, _) = await Stage(served);
        await served.Engineer(shop.Provider, "eve@example.com");
        using var eve = await served.SignedIn(shop.Provider, "eve@example.com");
        var issue = new IssueKey(served.Installation.Database, served.Clock);
        for (var i = 1; i <= HeldKeys.PageRows; i++)
        {
            var terms = new KeyTerms($"Switch {i:d3}", KeyScopes.Calls, null);
            Assert.True((await issue.Run(KeyHolder.Switch(shop.Provider.No), terms, Actor.Named("test"))).Accepted);
        }
        var first = await eve.Open("/office/keys");
        Assert.Contains("Switch 050", first.Text, StringComparison.Ordinal);
        Assert.Contains("Switch 001", first.Text, StringComparison.Ordinal);
        // The one that the provider had before.
        var own = shop.SwitchKey.Split('_')[2];
        Assert.DoesNotContain(own, first.Html, StringComparison.Ordinal);
        var second = await eve.FollowLink(first, "main a[rel=next]");
        Assert.Contains(own, second.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Switch 001", second.Text, StringComparison.Ordinal);
        Assert.Null(second.Document.QuerySelector("main a[rel=next]"));
    }

    [BothDatabases]
    public async Task The_key_that_brought_a_call_is_the_switchs_last_one(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, customer, _) = await Stage(served);
        var key = (await new IssueKey(served.Installation.Database, served.Clock).Run(
            KeyHolder.Switch(shop.Provider.No), new KeyTerms("Nightly import", KeyScopes.Import, null),
            Actor.Named("test"))).Value;
        var line = new JsonObject
        {
            ["switch"] = "archive",
            ["call"] = "c1",
            ["account"] = customer.Id,
            ["direction"] = "outbound",
            ["from"] = "+12125550100",
            ["to"] = "+14165550100",
            ["endedAt"] = served.Clock.Now.ToString(),
            ["seconds"] = 0,
            ["disposition"] = "busy",
        };
        var imported = await served.Post("/v1/calls/import", key.Reveal(), line);
        Assert.True(imported["accepted"] == "1", imported.Text);
        await served.Refresh();
        var (_, switches) = await NetworkStore.Read(
            served.Installation.Database, shop.Provider.No, await served.AccountNo(customer.Id), default);
        Assert.Equal("Nightly import", switches.Single(one => one.Name == "archive").KeyName);
    }

    /// <summary>Every route of the API × a key with every single scope.</summary>
    [Fact]
    public async Task Each_route_of_the_API_opens_to_the_one_scope_that_it_names()
    {
        await using var served = await Served.Start(DatabaseKind.Sqlite);
        var shop = await served.Shop();
        var customer = await shop.Customer("10");
        var issue = new IssueKey(served.Installation.Database, served.Clock);
        KeyHolder[] holders =
        [
            KeyHolder.Switch(shop.Provider.No), KeyHolder.Account(await served.AccountNo(customer.Id)),
            KeyHolder.Operator,
        ];
        var wrong = new List<string>();
        var asked = 0;
        foreach (var holder in holders)
            foreach (var scope in KeyScopesOf.Each(KeyScopesOf.Kind(holder.Kind)))
            {
                var issued = await issue.Run(holder, new KeyTerms("x", scope, null), Actor.Named("test"));
                foreach (var route in served.Routes.Where(IsOfApi))
                {
                    var needed = route.Metadata.GetMetadata<NeedsScope>();
                    Assert.True(needed is not null, $"{route.RoutePattern.RawText} says what a key must open");
                    var method = route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0];
                    var path = route.RoutePattern.RawText!
                        .Replace("{id}", customer.Id, StringComparison.Ordinal)
                        .Replace("{reason}", "none", StringComparison.Ordinal);
                    var answer = await served.Send(
                        new HttpMethod(method), path, issued.Value.Reveal(),
                        method == "GET" ? null : new StringContent("{}"));
                    asked++;
                    if (needed.Scope == scope != (answer.Refusal != "key_not_for_this"))
                        wrong.Add($"{method} {path} with {scope} of {holder.Kind}: {answer.Status}");
                }
            }
        Assert.Empty(wrong);
        Assert.True(asked >= 8 * 12, $"{asked} combinations");

        // What gateways post is proven by their signature, and opens to no key.
        static bool IsOfApi(RouteEndpoint route) =>
            route.RoutePattern.RawText?.TrimStart('/') is { } path
            && path.StartsWith("v1/", StringComparison.Ordinal)
            && !path.StartsWith("v1/gateways/", StringComparison.Ordinal);
    }

    static string Shown(Page page)
    {
        var key = page.Document.QuerySelector("#made-key")?.TextContent;
        Assert.True(key is not null, $"{page.Status} {page.Refusal}: {page.Text}");
        return key;
    }

    static (int, string?) Refused(Page page) => (page.Status, page.Refusal);

    static async Task<(Shop Shop, Customer Customer, Visitor Ana)> Stage(Served served)
    {
        var shop = await served.Shop();
        var customer = await shop.Customer("10");
        await served.User(shop.Provider, "ana@example.com", Served.Password, await served.AccountNo(customer.Id));
        return (shop, customer, await served.SignedIn(shop.Provider, "ana@example.com"));
    }
}
