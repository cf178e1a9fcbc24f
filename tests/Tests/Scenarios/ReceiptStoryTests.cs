using Dapper;
using NodaTime;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Ledger;
using Tollkeeper.Providers;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>A call over the API and its receipt on the pages of the customer and of staff.</summary>
public sealed class ReceiptStoryTests
{
    const string Password = "a long enough password";

    [BothDatabases]
    public async Task R52_The_receipt_of_a_call_shows_the_parts_and_the_total_that_the_switch_was_told(
        DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop("wholesale-usd");
        var customer = await shop.Customer("10.00");
        using var ana = await SignedIn(served, shop.Provider, customer, "ana@example.com");
        await served.Move(Duration.FromSeconds(61));
        var end = await Called(shop, "c1", customer, 61);
        Assert.Equal(("0.100000", "0.037600", "0.137600"),
            (end["charge.amount"], end["tax.amount"], end["total.amount"]));

        var list = await ana.Open("/calls");
        var path = PathOf(shop, "c1");
        Assert.NotNull(list.Document.QuerySelector($"a[href='{path}']"));
        var page = await ana.Open(path);
        Assert.True(page.Status == 200, page.Text);
        Assert.Equal($"${end["total.amount"]} USD", page.Document.QuerySelector(".receipt-total")!.TextContent
            .Replace('\u00a0', ' '));
        foreach (var part in new[]
        {
            "120 s ÷ 60 × 0.0500 0.1, rounded half up to 6 decimals 0.100000",
            "the first 60 s, then each 60 s begun 120 s",
            "Connection fee 0.000000",
            $"Before tax {end["charge.amount"]}",
            "Federal Universal Service Fund, 37.6% of 0.100000: 0.0376, rounded down to 6 decimals 0.037600",
            "Before $10.000000 USD",
            "This call −$0.137600 USD",
            $"After ${end["balance.amount"]} USD",
            "Number in the wallet 2",
            "Computed again just now: it agrees.",
            "deck standard, version 1",
        })
        {
            Assert.Contains(part, page.Text, StringComparison.Ordinal);
        }
        Assert.Equal($"http://{shop.Provider.Host}:{served.Http.BaseAddress!.Port}{path}",
            page.Document.QuerySelector(".copy a")!.TextContent);
    }

    [BothDatabases]
    public async Task R103_A_call_that_cost_nothing_has_a_receipt_that_says_why(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var customer = await shop.Customer("10.00");
        using var ana = await SignedIn(served, shop.Provider, customer, "ana@example.com", "fr");
        await Called(shop, "s1", customer, 20, "*97");
        await Called(shop, "b1", customer, 0, disposition: "busy");
        var star = await ana.Open(PathOf(shop, "s1"));
        Assert.Contains("Un code étoile : il ne coûte rien.", star.Text, StringComparison.Ordinal);
        Assert.Contains("aucune écriture", star.Text, StringComparison.Ordinal);
        var busy = await ana.Open(PathOf(shop, "b1"));
        Assert.Contains("Personne n’a répondu", busy.Text, StringComparison.Ordinal);
    }

    [BothDatabases]
    public async Task R67_Another_customers_receipt_is_not_there_and_asking_for_it_goes_on_record(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var customer = await shop.Customer("10.00");
        var other = await shop.Customer("10.00");
        await Called(shop, "c1", customer, 60);
        using var bob = await SignedIn(served, shop.Provider, other, "bob@example.com");
        var id = IdOf(shop, "c1");

        var foreign = await bob.Open($"/calls/{id}");
        Assert.Equal(404, foreign.Status);
        Assert.Contains("unknown_call", foreign.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("0.05", foreign.Text, StringComparison.Ordinal);
        Assert.Equal([id], await OnRecord(served));
        // Nobody's call and no id at all are not there either, and nothing to remember.
        var unknown = await bob.Open(PathOf(shop, "c2"));
        Assert.Equal((404, foreign.Text), (unknown.Status, unknown.Text));
        Assert.Equal(404, (await bob.Open("/calls/call_x")).Status);
        Assert.Equal([id], await OnRecord(served));
    }

    [BothDatabases]
    public async Task R67_Staff_see_the_receipts_of_their_customers_under_the_customer_alone(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var elsewhere = await served.Shop("retail-cad");
        var customer = await shop.Customer("10.00");
        var other = await shop.Customer("10.00");
        await Called(shop, "c1", customer, 60);
        var id = IdOf(shop, "c1");
        using var staff = await SignedIn(served, shop.Provider, null, "staff@example.com");
        using var stranger = await SignedIn(served, elsewhere.Provider, null, "staff@example.com");

        var page = await staff.Open($"/office/customers/{customer.Id}/calls/{id}");
        Assert.True(page.Status == 200, page.Text);
        Assert.Contains("$0.050000 USD", page.Text, StringComparison.Ordinal);
        Assert.Equal(404, (await staff.Open($"/office/customers/{other.Id}/calls/{id}")).Status);
        Assert.Equal([id], await OnRecord(served));
        Assert.Equal(404, (await stranger.Open($"/office/customers/{customer.Id}/calls/{id}")).Status);
        Assert.Equal([id, customer.Id], await OnRecord(served));

        // A customer who asks at the office learns as little, and that is on record with their address.
        using var ana = await SignedIn(served, shop.Provider, customer, "ana@example.com");
        Assert.Equal(404, (await ana.Open("/office/customers/" + other.Id)).Status);
        Assert.Equal("/office/customers/" + other.Id, (await OnRecord(served)).Last());
    }

    static async Task<Answer> Called(
        Shop shop, string call, Customer customer, int seconds, string to = "+14165550100",
        string disposition = "answered")
    {
        var granted = await shop.Authorize(call, customer.Id, to);
        Assert.True(granted.Status == 200, granted.Text);
        var ended = await shop.End(call, seconds, disposition);
        Assert.True(ended.Status == 200, ended.Text);
        return ended;
    }

    static string IdOf(Shop shop, string call) => CallKey.Of(shop.Provider.No, "sw1", call).Id;

    static string PathOf(Shop shop, string call) => $"/calls/{IdOf(shop, call)}";

    /// <summary>The foreign ids that somebody asked for, in order.</summary>
    static async Task<IEnumerable<string>> OnRecord(Served served)
    {
        await served.Installation.Records.Write();
        await using var connection = await served.Installation.Database.Connect();
        return await connection.QueryAsync<string>(
            "select subject from audit_record where act = 'foreign_id_asked' order by no");
    }

    static async Task<Visitor> SignedIn(
        Served served, Provider provider, Customer? customer, string email, string language = "en")
    {
        var account = customer is null
            ? (long?)null
            : (await new AccountDirectory(served.Installation.Database).Find(provider.No, customer.Id)).Value;
        await served.User(provider, email, Password, account);
        var visitor = served.At(provider, language);
        Assert.Equal(200, (await visitor.SignIn(email, Password)).Status);
        return visitor;
    }
}
