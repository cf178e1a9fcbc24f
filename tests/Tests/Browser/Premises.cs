using Microsoft.Playwright;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Tests.Browser.Pages;
using Tollkeeper.Tests.Engine;
using Tollkeeper.Tests.Scenarios;
using Xunit;

namespace Tollkeeper.Tests.Browser;

/// <summary>
/// A served provider with a customer, Ana, and Sam of its staff, both with a password. The clock begins now, as cookies
/// live by the browser's own.
/// </summary>
public sealed class Premises : IAsyncDisposable
{
    public const string Ana = "ana@example.com";
    public const string Sam = "sam@example.com";

    readonly List<IBrowserContext> readers = [];

    Premises(Served served, Shop shop, string accountId) => (Served, Shop, AccountId) = (served, shop, accountId);

    public Served Served { get; }
    public Shop Shop { get; }
    public string AccountId { get; }

    public static async Task<Premises> Open(string name = "Ana's Bakery", string destination = "North America")
    {
        var clock = new MovableClock(SystemClock.Instance.GetCurrentInstant());
        var served = await Served.Start(await TestDatabase.New(DatabaseKind.Sqlite), clock);
        var shop = await served.Shop();
        var deckNo = await served.Deck(shop.Provider, "evening", [SomeRates.Row("1", destination, 5_000_000, 60, 60)]);
        var opened = await new OpenAccount(served.Installation.Database, clock).Run(new NewAccount(
            shop.Provider.No, name, AccountType.Prepaid, shop.Provider.Currency, TaxStatus.NonExempt, deckNo, deckNo,
            Channels: 100, CallsPerSecond: 100, null, []));
        Assert.True(opened.Accepted, opened.Refused?.ToString());
        var account = opened.Value;
        var key = await new IssueKey(served.Installation.Database, clock).Run(KeyHolder.Operator, "test");
        await served.Refresh();
        await new Customer(served, shop, account.Id.Text, "", key.Value.Reveal()).Deposit("10.00");
        await served.User(shop.Provider, Ana, Served.Password, account.No);
        await served.User(shop.Provider, Sam, Served.Password);
        return new Premises(served, shop, account.Id.Text);
    }

    /// <summary>A call that is over, and what it was called.</summary>
    public async Task Call(string call, string to = "+14165550100", string from = "+12125550100")
    {
        await Begin(call, to, from);
        await Served.Move(Duration.FromSeconds(61));
        await End(call);
    }

    public async Task Begin(string call, string to = "+14165550100", string from = "+12125550100")
    {
        var answer = await Shop.Authorize(call, AccountId, to, from: from);
        Assert.True(answer.Status == 200, answer.Text);
    }

    public async Task End(string call)
    {
        var answer = await Shop.End(call, 61);
        Assert.True(answer.Status == 200, answer.Text);
    }

    /// <summary>One more reader with a browser of their own.</summary>
    public async Task<Tab> Reader(Look? look = null)
    {
        var reader = await Chromium.Reader(Served, Shop.Provider.Host, look);
        readers.Add(reader);
        return await Tab.Open(reader);
    }

    public async Task<Tab> SignedIn(string email, Look? look = null)
    {
        var tab = await Reader(look);
        await new SignInPage(tab.Page).SignIn(email);
        return tab;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var reader in readers) await reader.DisposeAsync();
        await Served.DisposeAsync();
    }
}
