using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Host.Office;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>Credit at a provider whose rules ask for no second person.</summary>
public sealed class CreditStoryTests
{
    [BothDatabases]
    public async Task R54_R60_A_limit_that_needs_no_second_person_answers_the_application_and_is_in_force_at_once(
        DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, customer, staff) = await Stage(served);
        await served.User(
            shop.Provider, "ana@example.com", Served.Password, await served.AccountNo(customer.Id));
        using var ana = await served.SignedIn(shop.Provider, "ana@example.com");
        await ana.Submit(
            await ana.Open("/account/credit"), "credit", ("Limit", "5"), ("Term", "14"), ("LegalName", "Northwind"),
            ("MonthlySpend", "little"));
        var item = await staff.FollowLink(await staff.Open("/office/work"), "main a[href^='/office/work/']");
        var form = await staff.FollowLink(item, "main a[href*='/credit?application=']");
        var again = await staff.FollowLink(item, "main a[href*='/credit?application=']");
        var set = await staff.FollowAll(await staff.Submit(form, "credit"));
        Assert.Contains("is in force", set.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await shop.Authorize("call-1", customer.Id)).Status);
        Assert.Equal("already_decided", (await staff.Submit(again, "credit")).Refusal);
        Assert.DoesNotContain("/office/work/apv_", (await staff.Open("/office/work")).Html, StringComparison.Ordinal);
        Assert.Contains("credit limit is $5", (await served.Mail("ana@example.com")).Subject, StringComparison.Ordinal);
        Assert.Single(await served.Records(shop.Provider), record => record.Act == "credit_limit_set");
    }

    [BothDatabases]
    public async Task R60_A_limit_whose_effect_was_broken_off_comes_into_force_by_itself_and_once(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, customer, _) = await Stage(served);
        var (installation, accountNo) = (served.Installation, await served.AccountNo(customer.Id));
        var wanted = new NewApproval(
            shop.Provider.No, accountNo, ApprovalKind.CreditLimit, "USD 5",
            new CreditProposal(5_000_000, 14, null, null).ToJson());
        var by = Actor.Named("sam@example.com");
        Assert.True((await new ProposeCredit(installation.Database, served.Clock).Approved(wanted, null, by)).Accepted);
        Assert.Equal("account_off_funds", (await shop.Authorize("call-1", customer.Id)).Refusal);
        var decisions = new Decisions(installation, NullLogger.Instance);
        await served.Move(Duration.FromMinutes(2));
        for (var again = 0; again < 2; again++) await decisions.ApplyLeftOver(CancellationToken.None);
        Assert.Equal(200, (await shop.Authorize("call-2", customer.Id)).Status);
        Assert.Single(await served.Records(shop.Provider), record => record.Act == "credit_limit_set");
    }

    static async Task<(Shop Shop, Customer Customer, Visitor Staff)> Stage(Served served)
    {
        var shop = await served.Shop();
        var customer = await shop.Customer(type: AccountType.Postpaid);
        await served.User(shop.Provider, "sam@example.com", Served.Password);
        var policy = served.Installation.Rules.Providers.PolicyOf(shop.Provider.No, served.Clock.Now).Value.Policy;
        var alone = policy with { Accounts = policy.Accounts with { CreditNeedsSecondPerson = false } };
        var saved = await new SavePolicy(served.Installation.Database, served.Clock).Run(
            shop.Provider.No, alone, null, "test");
        Assert.True(saved.Accepted, saved.Refused?.ToString());
        await served.Move(Duration.FromMinutes(2));
        return (shop, customer, await served.SignedIn(shop.Provider, "sam@example.com"));
    }
}
