using Tollkeeper.Accounts;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>Who did what, as staff find it.</summary>
public sealed class AuditStoryTests
{
    [BothDatabases]
    public async Task What_staff_did_about_a_customer_is_found_by_whom_what_and_when(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, customer, owner) = await Stage(served);
        var form = await owner.Open($"/office/customers/{customer.Id}/status");
        Assert.Equal(303, (await owner.Submit(
            form, "suspend", ("Reason", "fraud"), ("Remark", "<b>=1+1</b>, \"שלום\" 📞"))).Status);
        var trail = await owner.Open("/office/audit");
        Assert.Contains("Account suspended", trail.Text, StringComparison.Ordinal);
        var page = await owner.FollowLink(trail, "main a[href*='person=usr_']");
        Assert.Contains("owner@example.com", page.Text, StringComparison.Ordinal);
        var found = await owner.Open("/office/audit?act=suspended&person=OWNER%40example.com&record=fraud");
        var row = Assert.Single(found.Document.QuerySelectorAll("tbody tr"));
        Assert.Contains("(<b>=1+1</b>, \"שלום\" 📞)", row.TextContent, StringComparison.Ordinal);
        var tab = await owner.Open($"/office/customers/{customer.Id}/audit?act=suspended");
        Assert.Single(tab.Document.QuerySelectorAll("tbody tr"));
        Assert.Empty((await owner.Open("/office/audit?to=2001-01-01")).Document.QuerySelectorAll("tbody tr"));

        var file = await owner.Open($"/office/audit.csv?account={customer.Id}&act=suspended");
        var lines = file.Html.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("at,local_time,person,act,record,customer,details,before,after,address", lines[0]);
        Assert.Contains($",owner@example.com,suspended,fraud,{customer.Id},", Assert.Single(lines[1..]),
            StringComparison.Ordinal);
        Assert.Equal(shop.Provider.No, (await served.Records(shop.Provider))[0].ProviderNo);
    }

    [BothDatabases]
    public async Task A_filter_that_is_wrong_says_where_and_another_provider_s_customer_is_none(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, customer, owner) = await Stage(served);
        var second = await shop.Customer();
        var other = await (await served.Shop("retail-cad")).Customer("10");
        foreach (var (query, refusal) in new[]
        {
            ("from=yesterday", "bad_date"), ("to=2026-02-30", "bad_date"), ("from=0001-01-01", "bad_date"),
            ("act=flew", "bad_text"), ("person=nobody%40example.com", "unknown_user"),
            ("record=a%00b", "bad_text"), ("record=a%01b", "bad_text"), ($"account={other.Id}", "unknown_account"),
            ("account=7", "unknown_account"), ("record=" + new string('x', 1_001), "bad_text"),
            ("person=" + new string('x', 255), "bad_text"), ("account=" + new string('x', 255), "bad_text"),
            ("act=" + new string('x', 255), "bad_text"), ("from=" + new string('1', 255), "bad_date"),
        })
        {
            Assert.Equal((query, refusal), (query, (await owner.Open("/office/audit?" + query)).Refusal));
            Assert.Equal((query, refusal), (query, (await owner.Open("/office/audit.csv?" + query)).Refusal));
        }
        Assert.Contains(await served.Records(shop.Provider),
            record => record.Act == "foreign_id_asked" && record.Subject == other.Id);
        var tab = $"/office/customers/{customer.Id}/audit?record=";
        // Nothing of one customer was done to another.
        Assert.Empty((await owner.Open(tab + second.Id)).Document.QuerySelectorAll("tbody tr"));
        Assert.Equal(200, (await owner.Open(tab + customer.Id)).Status);
        Assert.Equal(200, (await owner.Open("/office/audit?record=" + new string('x', 1_000))).Status);
        var typed = await owner.Open("/office/audit?record=%3Cscript%3E%F0%9F%93%9E&after=nonsense");
        Assert.Equal((200, "<script>📞"), (typed.Status, typed.Field("record")));
    }

    [BothDatabases]
    public async Task Who_looks_for_who_asked_for_a_foreign_id_has_not_asked_for_it(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, _, owner) = await Stage(served);
        var other = await (await served.Shop("retail-cad")).Customer("10");
        Assert.Equal(404, (await owner.Open("/office/customers/" + other.Id)).Status);
        await served.Installation.Records.Write();
        for (var times = 0; times < 2; times++)
        {
            var found = await owner.FollowLink(
                await owner.Open("/office/audit?act=foreign_id_asked"), $"main a[href$='record={other.Id}']");
            Assert.Single(found.Document.QuerySelectorAll("tbody tr"));
        }
        Assert.Single(await served.Records(shop.Provider), record => record.Act == "foreign_id_asked");
    }

    [Fact]
    public async Task A_file_that_is_read_slowly_keeps_another_provider_s_staff_waiting_for_nothing()
    {
        await using var served = await Served.Start(DatabaseKind.Sqlite);
        var (shop, _, owner) = await Stage(served);
        var other = await served.Shop("retail-cad");
        await served.User(other.Provider, "owner@example.com", Served.Password, role: Role.Owner);
        using var there = await served.SignedIn(other.Provider, "owner@example.com");
        var text = new string('x', 1_000);
        for (var no = 0; no < 5_000; no++)
        {
            served.Installation.Records.Add(new AuditRecord(
                Act.NoteWritten, shop.Provider.No, null, null, text, text)
            { Before = text, After = text });
        }
        await served.Installation.Records.Write();
        using (await owner.Listen("/office/audit.csv"))
        using (await owner.Listen("/office/audit.csv"))
        {
            Assert.Equal("busy", (await owner.Open("/office/audit.csv")).Refusal);
            Assert.Equal(200, (await there.Open("/office/audit.csv")).Status);
        }
    }

    [BothDatabases]
    public async Task A_customer_is_found_from_any_page_by_what_staff_know(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, customer, owner) = await Stage(served);
        await served.User(
            shop.Provider, "zoe.angstrom@example.org", Served.Password, await served.AccountNo(customer.Id));
        var bar = (await owner.Open("/office/rates")).Document.QuerySelector("header form[role=search]");
        Assert.Equal("/office/customers", bar?.GetAttribute("action"));
        foreach (var typed in new[] { customer.Id, "zoe.angstrom@", "angstrom" })
        {
            var found = await owner.Open("/office/customers?q=" + Uri.EscapeDataString(typed));
            Assert.Single(found.Document.QuerySelectorAll("tbody tr"));
            Assert.Equal(typed, found.Field("q"));
        }
        foreach (var typed in new[] { "<script>", "\u202Eabc", "📞", new string('x', 5_000), "nobody", "a\u0001" })
        {
            var none = await owner.Open("/office/customers?q=" + Uri.EscapeDataString(typed));
            Assert.Equal((200, 0), (none.Status, none.Document.QuerySelectorAll("tbody tr").Length));
        }
    }

    static async Task<(Shop Shop, Customer Customer, Visitor Owner)> Stage(Served served)
    {
        var shop = await served.Shop();
        var customer = await shop.Customer("10");
        await served.User(shop.Provider, "owner@example.com", Served.Password, role: Role.Owner);
        return (shop, customer, await served.SignedIn(shop.Provider, "owner@example.com"));
    }
}
