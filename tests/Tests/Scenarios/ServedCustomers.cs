using System.Text.Json.Nodes;
using Dapper;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Providers;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>Customers of a served installation, as the books know them.</summary>
public static class ServedCustomers
{
    public static async Task<IReadOnlyList<string>> AccountsOf(this Served served, Provider provider)
    {
        await using var connection = await served.Installation.Database.Connect();
        return (await connection.QueryAsync<string>(
            "select id from account where provider_no = @No order by no", new { provider.No })).AsList();
    }

    public static async Task<User> UserNamed(this Served served, Provider provider, string email)
    {
        await using var connection = await served.Installation.Database.Connect();
        return (await UserStore.Find(connection, null, provider.No, email)).Value;
    }

    public static async Task<long> AccountNo(this Served served, string id)
    {
        await using var connection = await served.Installation.Database.Connect();
        return (await AccountStore.FindNo(connection, id))!.Value;
    }

    /// <summary>A customer of the shop with its number in the books.</summary>
    public static async Task<(Customer Customer, long No)> Customer(this Served served, Shop shop)
    {
        var customer = await shop.Customer();
        return (customer, await served.AccountNo(customer.Id));
    }

    /// <summary>What is on record at a provider, the newest first.</summary>
    public static async Task<IReadOnlyList<WrittenRecord>> Records(this Served served, Provider provider)
    {
        await served.Installation.Records.Write();
        var records = await AuditTrailStore.Page(
            served.Installation.Database, provider.No, new RecordFilter(), null, 1_000, default);
        return [.. records.Select(record => record.Written)];
    }

    /// <summary>As an operator records it.</summary>
    public static async Task Deposit(this Served served, string accountId, string amount)
    {
        var key = await new IssueKey(served.Installation.Database, served.Clock).Run(KeyHolder.Operator, "test");
        var answer = await served.Post($"/v1/accounts/{accountId}/deposits", key.Value.Reveal(), new JsonObject
        {
            ["key"] = Guid.NewGuid().ToString(),
            ["amount"] = new JsonObject { ["amount"] = amount, ["currency"] = "USD" },
        });
        Assert.Equal((200, answer.Text), (answer.Status, answer.Text));
    }

    /// <summary>Opens where the first such link leads.</summary>
    public static Task<Page> FollowLink(this Visitor visitor, Page page, string selector)
    {
        var link = page.Document.QuerySelector(selector);
        Assert.True(link is not null, $"{page.Status} {page.Refusal} at {page.Path}: no {selector} in {page.Text}");
        return visitor.Open(link.GetAttribute("href")!);
    }
}
