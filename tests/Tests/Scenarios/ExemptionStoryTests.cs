using System.Net.Http.Headers;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Payments;
using Tollkeeper.Engine.Taxes;
using Tollkeeper.Payments;
using Tollkeeper.Taxes;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>A reseller in British Columbia, from the page of the portal to what its deposits bear (R40–R46).</summary>
public sealed class ExemptionStoryTests
{
    const string Pdf = "%PDF-1.4\nform\n%%EOF\n";

    [BothDatabases]
    public async Task R42_R45_A_reseller_is_exempt_by_certificate_then_expired_then_by_number_then_revoked(
        DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, customer, ana, staff) = await Stage(served, "BC");
        Assert.Equal("GST 5.00, PST 7.00", await Bears(served, shop, customer));
        var page = await ana.Open("/account/tax");
        Assert.Contains("PST 7% Yes", page.Text, StringComparison.Ordinal);

        var sent = await ana.FollowAll(await Send(ana, page, "form.pdf", Pdf));
        Assert.Contains("Waits for review", sent.Text, StringComparison.Ordinal);
        Assert.Equal("GST 5.00, PST 7.00", await Bears(served, shop, customer));
        var item = await staff.FollowLink(await staff.Open("/office/work"), "main a[href*='/apr_']");
        Assert.Equal(
            "field_empty", (await staff.Submit(item, "decide", ("Outcome", "decline"))).Refusal);
        Assert.Equal(
            "dates_reversed",
            (await staff.Submit(item, "decide", ("Outcome", "approve"), ("To", "2026-01-31"))).Refusal);
        var file = await staff.FollowLink(item, "main a[href$='/certificate']");
        Assert.Equal(Pdf, file.Html);
        Assert.Equal("nosniff", file.Headers["X-Content-Type-Options"]);
        var granted = await staff.FollowAll(
            await staff.Submit(item, "decide", ("Outcome", "approve"), ("To", "2026-03-31")));
        Assert.Contains("circle-check", granted.Html, StringComparison.Ordinal);
        Assert.Equal("GST 5.00, PST 0.00 by FIN 490", await Bears(served, shop, customer));
        Assert.Contains("you are exempt", (await served.Mail("ana@example.com")).Subject, StringComparison.Ordinal);
        Assert.Contains("No: exempt, FIN 490", (await ana.Open("/account/tax")).Text, StringComparison.Ordinal);

        await served.Move(Duration.FromDays(29));
        Assert.Equal("GST 5.00, PST 0.00 by FIN 490", await Bears(served, shop, customer));
        await served.Move(Duration.FromDays(1));
        using var again = await served.SignedIn(shop.Provider, "ana@example.com");
        Assert.Equal("GST 5.00, PST 7.00", await Bears(served, shop, customer));
        page = await again.Open("/account/tax");
        Assert.Contains("Expired", page.Text, StringComparison.Ordinal);

        var declared = await again.FollowAll(
            await again.Submit(page, "declare", ("Number", " pst-1234-5678 "), ("Declared", "yes")));
        Assert.Contains("on file", declared.Text, StringComparison.Ordinal);
        Assert.Equal("GST 5.00, PST 0.00 by PST-1234-5678", await Bears(served, shop, customer));
        Assert.Contains("PST-1234-5678", (await again.Open("/account/contact")).Text, StringComparison.Ordinal);
        var edit = await again.Open("/account/contact/edit");
        Assert.Null(edit.Document.QuerySelector("input[name=ProvincialTaxId]"));

        using var sam = await served.SignedIn(shop.Provider, "sam@example.com");
        var theirs = await sam.Open($"/office/customers/{customer.Id}/taxes");
        Assert.Equal("field_empty", (await sam.Submit(theirs, "revoke")).Refusal);
        var revoked = await sam.FollowAll(await sam.Submit(theirs, "revoke", ("Reason", "Not theirs <b>x</b>")));
        Assert.Contains("Not theirs <b>x</b>", revoked.Text, StringComparison.Ordinal);
        Assert.Equal("GST 5.00, PST 7.00", await Bears(served, shop, customer));
        Assert.Equal("exemption_ended", (await sam.Submit(theirs, "revoke", ("Reason", "x"))).Refusal);
        Assert.Equal(
            ["exemption_revoked", "exemption_asked", "exemption_granted", "exemption_asked"],
            (await served.Records(shop.Provider)).Select(record => record.Act)
                .Where(act => act.StartsWith("exemption", StringComparison.Ordinal)));
    }

    [BothDatabases]
    public async Task R46_What_is_no_declaration_is_refused_at_its_field_and_what_was_typed_stays(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (_, _, ana, _) = await Stage(served, "MB");
        var form = await ana.Open("/account/tax");
        Assert.Null(form.Document.QuerySelector("input[type=file]"));
        foreach (var typed in new[]
        {
            "", "12345678", "PST-1234-5678", "１２３４５６７", "🎈🎈🎈", "\u202e1234567", "<script>alert(1)</script>",
            new string('1', 200),
        })
        {
            var refused = await ana.Submit(form, "declare", ("Number", typed), ("Declared", "yes"));
            Assert.Equal((typed, 422, "bad_tax_number"), (typed, refused.Status, refused.Refusal));
            Assert.Equal(typed, refused.Field("Number"));
        }
        var unchecked_ = await ana.Submit(form, "declare", ("Number", "1234567"));
        Assert.Equal((422, "not_declared"), (unchecked_.Status, unchecked_.Refusal));
        // Pressed twice, it is declared once.
        (string, string)[] filled = [("Number", "1234567"), ("Declared", "yes")];
        Assert.Equal(303, (await ana.Submit(form, "declare", filled)).Status);
        Assert.Equal(303, (await ana.Submit(form, "declare", filled)).Status);
        var page = await ana.Open("/account/tax");
        Assert.Single(page.Document.QuerySelectorAll(".setting"));
        Assert.Contains("123456-7", page.Text, StringComparison.Ordinal);
        // A form of before it was declared, and one of before it was withdrawn.
        var stale = await ana.Submit(form, "declare", [.. filled, ("FormKey", SendOnce.NewKey())]);
        Assert.Equal("exemption_stands", stale.Refusal);
        var button = page.Document.QuerySelector<IHtmlButtonElement>("button[name=Exemption]")!;
        Assert.Equal(303, (await ana.Submit(page, "withdraw", ("Exemption", button.Value))).Status);
        Assert.Equal(
            "exemption_ended", (await ana.Submit(page, "withdraw", ("Exemption", button.Value))).Refusal);
        Assert.Equal("unknown_exemption", (await ana.Submit(page, "withdraw", ("Exemption", "x"))).Refusal);
    }

    [BothDatabases]
    public async Task R45_A_file_that_is_no_certificate_is_refused(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (_, _, ana, staff) = await Stage(served, "BC");
        var form = await ana.Open("/account/tax");
        foreach (var (name, content, declared, refusal) in new[]
        {
            ("form.pdf", "<html><script>alert(1)</script>", true, "bad_certificate"),
            ("form.exe", Pdf, true, "bad_certificate"), ("form.pdf", "", true, "certificate_missing"),
            ("form.pdf", Pdf + new string('x', 2 * CertificateFile.MostBytes) + Pdf, true, "bad_certificate"),
            ("form.pdf", Pdf, false, "not_declared"),
        })
        {
            var answer = await ana.FollowAll(await Send(ana, form, name, content, declared));
            Assert.Equal((name, refusal), (name, answer.Refusal));
        }
        Assert.DoesNotContain("/apr_", (await staff.Open("/office/work")).Html, StringComparison.Ordinal);
        // Pressed twice, it is sent once.
        form = await ana.Open("/account/tax");
        Assert.Equal("/account/tax?done=sent", (await Send(ana, form, "form.pdf", Pdf)).Location);
        Assert.Equal("/account/tax?done=sent", (await Send(ana, form, "form.pdf", Pdf)).Location);
        Assert.Single((await ana.Open("/account/tax")).Document.QuerySelectorAll(".setting"));
        var item = await staff.FollowLink(await staff.Open("/office/work"), "main a[href*='/apr_']");
        var rejected = await staff.Submit(item, "decide", ("Outcome", "decline"), ("Remark", "No signature 🖊"));
        Assert.Equal(303, rejected.Status);
        Assert.Contains("No signature 🖊", (await ana.Open("/account/tax")).Text, StringComparison.Ordinal);
        Assert.Contains(
            "No signature 🖊", (await served.Mail("ana@example.com")).Text, StringComparison.Ordinal);
    }

    [BothDatabases]
    public async Task R44_The_page_is_in_the_menu_where_the_province_qualifies_and_changes_by_who_may(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, customer, ana, _) = await Stage(served, "ON");
        Assert.Empty((await ana.Open("/account")).Document.QuerySelectorAll("a[href='/account/tax']"));
        Assert.Contains("Nothing to declare", (await ana.Open("/account/tax")).Text, StringComparison.Ordinal);
        await Live(served, await served.AccountNo(customer.Id), "", "SK", version: 1);
        Assert.NotEmpty((await ana.Open("/account")).Document.QuerySelectorAll("a[href='/account/tax']"));
        await Live(served, await served.AccountNo(customer.Id), "SK", "NY", version: 2);
        Assert.Contains("/account/tax", (await ana.Open("/account/contact")).Html, StringComparison.Ordinal);
        var edit = await ana.Open("/account/contact/edit");
        var wrong = await ana.Submit(edit, "profile", ("ProvincialTaxId", "PST-1234-5678"));
        Assert.Equal("bad_tax_number", wrong.Refusal);
        await served.User(
            shop.Provider, "rod@example.com", Served.Password, await served.AccountNo(customer.Id),
            role: Role.ReadOnly);
        using var rod = await served.SignedIn(shop.Provider, "rod@example.com");
        Assert.Null((await rod.Open("/account/tax")).Document.QuerySelector("main input[name=Number]"));
    }

    /// <summary>What a deposit of 100 bears now.</summary>
    static async Task<string> Bears(Served served, Shop shop, Customer customer)
    {
        var started = await new StartDeposit(
            served.Installation.Database, served.Installation.Rules, served.Clock).Run(
                shop.Provider.No, await served.AccountNo(customer.Id), null,
                new Money(100_000_000, shop.Provider.Currency), Actor.Named("ana"));
        Assert.True(started.Accepted, $"{started.Refused}");
        return string.Join(", ", started.Value.Lines.Select(Words));
    }

    static string Words(DepositLine line) =>
        $"{line.Code} {FixedPoint.Write(line.Micros / Money.MicrosPerCent, 2)}"
        + (line.ExemptBy is { } reason ? $" by {reason}" : "");

    static async Task<Page> Send(Visitor visitor, Page page, string name, string content, bool declared = true)
    {
        using var body = new MultipartFormDataContent();
        foreach (var hidden in page.Document.QuerySelectorAll<IHtmlInputElement>(
            "form[action='/account/tax/certificate'] input[type=hidden]"))
            body.Add(new StringContent(hidden.Value), hidden.Name!);
        if (declared) body.Add(new StringContent("yes"), "Declared");
        var bytes = new ByteArrayContent(Encoding.UTF8.GetBytes(content));
        bytes.Headers.ContentType = new MediaTypeHeaderValue("application/pdf");
        body.Add(bytes, "File", name);
        return await visitor.Send(HttpMethod.Post, "/account/tax/certificate", body);
    }

    static async Task<(Shop Shop, Customer Customer, Visitor Ana, Visitor Staff)> Stage(Served served, string province)
    {
        var shop = await served.Shop();
        var customer = await shop.Customer();
        var save = new SaveTaxRegistration(served.Installation.Database, served.Clock);
        foreach (var (register, number) in new[]
        {
            (TaxRegister.GstHst, "123026635RT0001"), (TaxRegister.BcPst, "PST-8765-4321"),
        })
            await save.Run(
                shop.Provider.No, new TaxRegistration(register, number, new(2022, 4, 1), null), Actor.Named("test"));
        await Live(served, await served.AccountNo(customer.Id), province, "NY", version: 0);
        await served.User(
            shop.Provider, "ana@example.com", Served.Password, await served.AccountNo(customer.Id));
        await served.User(shop.Provider, "sam@example.com", Served.Password);
        return (
            shop, customer, await served.SignedIn(shop.Provider, "ana@example.com"),
            await served.SignedIn(shop.Provider, "sam@example.com"));
    }

    /// <summary>A service address in a Canadian province, or none, and a billing address.</summary>
    static async Task Live(Served served, long accountNo, string service, string billing, int version)
    {
        var profile = Profile.Empty with
        {
            ContactName = "Ana",
            BillingEmail = "bills@example.com",
            Service = service.Length > 0 ? new("1 Street", "", "Town", service, "V8V 1A1", "CA") : Address.Empty,
            Billing = billing == "NY"
                ? new("2 Street", "", "Town", billing, "12207", "US")
                : new("2 Street", "", "Town", billing, "S4P 3Y2", "CA"),
            Version = version,
        };
        Assert.True(await served.Installation.Database.InTransaction((connection, transaction) =>
            ProfileStore.Save(connection, transaction, accountNo, profile)));
    }
}
