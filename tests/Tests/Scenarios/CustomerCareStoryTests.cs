using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>What staff do about a customer, as a browser without scripts does it.</summary>
public sealed class CustomerCareStoryTests
{
    [BothDatabases]
    public async Task R50_A_suspension_for_a_violation_is_lifted_by_staff_and_by_no_payment(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, customer, staff) = await Stage(served);
        var path = $"/office/customers/{customer.Id}/status";
        Assert.Equal(200, (await shop.Authorize("call-1", customer.Id)).Status);
        var form = await staff.Open(path);
        (string, string)[] why = [("Reason", "violation-dialer"), ("Remark", "900 calls of 3 s")];
        // The button is pressed twice: the second press is the first one again.
        var twice = await Task.WhenAll(staff.Submit(form, "suspend", why), staff.Submit(form, "suspend", why));
        Assert.All(twice, answer => Assert.Equal(303, answer.Status));
        var standing = await staff.FollowAll(twice[0]);
        Assert.Contains("Dialer traffic", standing.Text, StringComparison.Ordinal);
        Assert.Contains("900 calls of 3 s", standing.Text, StringComparison.Ordinal);

        Assert.Equal("account_suspended", (await shop.Authorize("call-2", customer.Id)).Refusal);
        await customer.Deposit("100");
        Assert.Equal("account_suspended", (await shop.Authorize("call-3", customer.Id)).Refusal);
        Assert.Equal(200, (await shop.Authorize("call-4", customer.Id, "911")).Status);
        Assert.Equal("already_exists", (await staff.Submit(standing, "suspend", why)).Refusal);
        Assert.Equal("unknown_reason",
            (await staff.Submit(standing, "suspend", ("Reason", "dislike"), ("Remark", ""))).Refusal);

        Assert.Equal(303, (await staff.Submit(standing, "suspend", ("Reason", "fraud"), ("Remark", ""))).Status);
        standing = await staff.Open(path);
        Assert.Equal(303, (await staff.Submit(standing, "clear", ("Reason", "fraud"))).Status);
        Assert.Equal("account_suspended", (await shop.Authorize("call-6", customer.Id)).Refusal);
        Assert.Equal(303, (await staff.Submit(standing, "clear", ("Reason", "violation-dialer"))).Status);
        Assert.Equal(200, (await shop.Authorize("call-5", customer.Id)).Status);
        var acts = await served.Records(shop.Provider);
        var record = acts.Last(one => one.Act == "suspended");
        Assert.Equal(("", "violation-dialer: Outbound (900 calls of 3 s)", "staff@example.com"),
            (record.Before, record.After, record.Details));
        Assert.Contains(acts, one => one.Act == "suspension_cleared" && one.Before == "violation-dialer: Outbound");
    }

    [BothDatabases]
    public async Task A_closed_account_lets_nothing_new_through_and_its_name_must_be_typed_to_close_it(
        DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, customer, staff) = await Stage(served);
        var form = await staff.Open($"/office/customers/{customer.Id}/status");
        Assert.Equal("not_confirmed", (await staff.Submit(form, "close", ("Confirm", "yes"))).Refusal);
        Assert.Equal(303, (await staff.Submit(form, "close", ("Confirm", customer.Id))).Status);
        Assert.Equal("account_closed", (await shop.Authorize("call-1", customer.Id)).Refusal);
    }

    [BothDatabases]
    public async Task R54_R60_From_a_credit_application_to_an_approved_limit_to_Off_at_the_limit(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, _, staff) = await Stage(served);
        var customer = await shop.Customer(type: AccountType.Postpaid);
        var no = await served.AccountNo(customer.Id);
        await served.User(shop.Provider, "ana@example.com", Served.Password, no);
        using var ana = await served.SignedIn(shop.Provider, "ana@example.com");
        var page = await ana.Open("/account/credit");
        Assert.Equal("bad_amount, field_empty", (await ana.Submit(page, "credit", ("Limit", "lots"))).Refusal);
        var applied = await ana.FollowAll(await ana.Submit(
            page, "credit", ("Limit", "0.05"), ("Term", "14"), ("LegalName", "Northwind Voice Inc."),
            ("MonthlySpend", "about 100")));
        Assert.Contains("is being looked at", applied.Text, StringComparison.Ordinal);
        Assert.Equal("account_off_funds", (await shop.Authorize("call-1", customer.Id)).Refusal);

        var item = await staff.FollowLink(await staff.Open("/office/work"), "main a[href^='/office/work/']");
        var credit = await staff.FollowLink(item, "main a[href*='/credit?application=']");
        Assert.Equal("0.05", credit.Field("Limit"));
        var proposed = await staff.FollowAll(await staff.Submit(credit, "credit"));
        Assert.Contains("waits for somebody else", proposed.Text, StringComparison.Ordinal);
        item = await staff.FollowLink(await staff.Open("/office/work"), "main a[href^='/office/work/']");
        Assert.Equal("second_person", (await staff.Submit(item, "decide", ("Outcome", "approve"))).Refusal);

        await served.User(shop.Provider, "finance@example.com", Served.Password, role: Role.Finance);
        using var finance = await served.SignedIn(shop.Provider, "finance@example.com");
        item = await finance.FollowLink(await finance.Open("/office/work"), "main a[href^='/office/work/']");
        Assert.Equal(303, (await finance.Submit(item, "decide", ("Outcome", "approve"))).Status);
        Assert.Equal("already_decided", (await finance.Submit(item, "decide", ("Outcome", "approve"))).Refusal);
        Assert.Contains("14 days", (await ana.Open("/account/credit")).Text, StringComparison.Ordinal);
        var mail = await served.Mail("ana@example.com");
        Assert.Contains("credit limit is $0.0500", mail.Subject, StringComparison.Ordinal);
        var set = (await served.Records(shop.Provider)).Single(record => record.Act == "credit_limit_set");
        Assert.StartsWith("0", set.Before, StringComparison.Ordinal);

        Answer answer;
        for (var calls = 2; (answer = await shop.Authorize($"call-{calls}", customer.Id)).Status == 200; calls++)
        {
            Assert.InRange(calls, 2, 100);
            await shop.End($"call-{calls}", 300);
        }
        Assert.Equal(402, answer.Status);
    }

    [Fact]
    public async Task R54_Who_applied_for_credit_in_vain_is_told_once()
    {
        await using var served = await Served.Start(DatabaseKind.Sqlite);
        var (shop, _, staff) = await Stage(served);
        var customer = await shop.Customer(type: AccountType.Postpaid);
        var no = await served.AccountNo(customer.Id);
        await served.User(shop.Provider, "first@example.com", Served.Password, no);
        await served.User(shop.Provider, "ana@example.com", Served.Password, no, role: Role.Billing);
        using var ana = await served.SignedIn(shop.Provider, "ana@example.com");
        // Who applied hears of it, whatever the boxes say.
        await ana.Submit(await ana.Open("/account/notifications"), "topics", ("Topics", ""));
        await ana.Submit(
            await ana.Open("/account/credit"), "credit", ("Limit", "5"), ("Term", "14"), ("LegalName", "Northwind"),
            ("MonthlySpend", "little"));
        var item = await staff.FollowLink(await staff.Open("/office/work"), "main a[href^='/office/work/']");
        Assert.Equal(303, (await staff.Submit(item, "decide", ("Outcome", "decline"))).Status);
        Assert.Equal("already_decided", (await staff.Submit(item, "decide", ("Outcome", "decline"))).Refusal);
        Assert.Contains("was not approved", (await served.Mail("ana@example.com")).Text, StringComparison.Ordinal);
        Assert.Single(served.Mails(), mail => mail.To == "ana@example.com");
    }

    [BothDatabases]
    public async Task Of_twenty_who_approve_at_once_one_does(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, _, staff) = await Stage(served);
        var customer = await shop.Customer(type: AccountType.Postpaid);
        var credit = await staff.Open($"/office/customers/{customer.Id}/credit");
        Assert.Equal(303, (await staff.Submit(credit, "credit", ("Limit", "10"), ("Term", "30"))).Status);
        await served.User(shop.Provider, "finance@example.com", Served.Password, role: Role.Finance);
        using var finance = await served.SignedIn(shop.Provider, "finance@example.com");
        var item = await finance.FollowLink(await finance.Open("/office/work"), "main a[href^='/office/work/']");
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            finance.Submit(item, "decide", ("Outcome", "approve"))));
        Assert.Single(answers, answer => answer.Status == 303);
        Assert.All(answers.Where(answer => answer.Status != 303), answer =>
            Assert.Equal("already_decided", answer.Refusal));
        Assert.Single(await served.Records(shop.Provider), record => record.Act == "credit_limit_set");
    }

    [BothDatabases]
    public async Task Of_two_staff_who_save_at_once_the_second_is_told_and_sees_what_the_first_saved(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (_, customer, staff) = await Stage(served);
        var form = await staff.Open($"/office/customers/{customer.Id}/profile");
        (string, string)[] filled =
        [
            ("ContactName", "First"), ("Language", "fr"), ("ServiceCountry", "CA"), ("ServiceLine1", "1 Rue"),
            ("ServiceCity", "Montréal"), ("ServiceRegion", "QC"), ("ServicePostalCode", "H2Y1C6"),
            ("BillingEmail", "bills@example.com"), ("MailList", "one@example.com\ntwo@example.com"),
        ];
        Assert.Equal(303, (await staff.Submit(form, "profile", filled)).Status);
        var second = await staff.Submit(form, "profile", [.. filled, ("ContactName", "Second")]);
        Assert.Equal((409, "changed_meanwhile"), (second.Status, second.Refusal));
        Assert.Equal("Second", second.Field("ContactName"));
        Assert.Contains("First", second.Text, StringComparison.Ordinal);
        var third = await staff.Submit(second, "profile", [.. filled, ("ContactName", "Second")]);
        Assert.Equal(303, third.Status);
        var saved = await staff.FollowAll(third);
        Assert.Equal("Second", saved.Field("ContactName"));
        Assert.Equal("bills@example.com", saved.Field("BillingEmail"));
    }

    [BothDatabases]
    public async Task R44_A_provincial_tax_ID_is_asked_for_where_the_province_qualifies(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (_, customer, staff) = await Stage(served);
        var form = await staff.Open($"/office/customers/{customer.Id}/profile");
        foreach (var (region, asked) in new[] { ("BC", true), ("MB", true), ("SK", true), ("ON", false) })
        {
            var shown = await staff.Submit(
                form, "profile", ("ServiceCountry", "CA"), ("ServiceRegion", region), ("Do", "refresh"));
            Assert.Equal(asked, shown.Document.QuerySelector("input[name=ProvincialTaxId]") is not null);
        }
    }

    [BothDatabases]
    public async Task Notes_are_kept_line_by_line_and_an_empty_one_is_none(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (_, customer, staff) = await Stage(served);
        var form = await staff.Open($"/office/customers/{customer.Id}/notes");
        Assert.Equal("field_empty", (await staff.Submit(form, "note", ("Note", " \n "))).Refusal);
        Assert.Equal("bad_text", (await staff.Submit(form, "note", ("Note", "a\u0001b"))).Refusal);
        const string text = "Called about <b>fraud</b>\r\nשלום 📞";
        var written = await staff.FollowAll(await staff.Submit(form, "note", ("Note", text)));
        var note = written.Document.QuerySelector(".lines")!;
        Assert.Equal("Called about <b>fraud</b>\nשלום 📞", note.TextContent);
    }

    static async Task<(Shop Shop, Customer Customer, Visitor Staff)> Stage(Served served)
    {
        var shop = await served.Shop();
        var customer = await shop.Customer("10");
        await served.User(shop.Provider, "staff@example.com", Served.Password);
        return (shop, customer, await served.SignedIn(shop.Provider, "staff@example.com"));
    }
}
