using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Host;
using Tollkeeper.Host.Payments;
using Tollkeeper.Host.Sandbox;
using Tollkeeper.Providers;
using Tollkeeper.Rating;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>
/// A real server on a free port over a test's database, asked over HTTP as a switch, a customer and an operator would;
/// only its clock is the test's.
/// </summary>
public sealed class Served : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    readonly TestDatabase test;
    readonly Installation installation;
    readonly WebApplication app;
    readonly bool borrowed;

    Served(TestDatabase test, bool borrowed, Installation installation, WebApplication app, MovableClock clock)
    {
        (this.test, this.installation, this.app, Clock) = (test, installation, app, clock);
        this.borrowed = borrowed;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public MovableClock Clock { get; }
    public HttpClient Http { get; }
    public Installation Installation => installation;

    public string Folder => test.Folder;

    public TestDatabase Test => test;

    /// <summary>Every way in, of the API and of the pages.</summary>
    public IEnumerable<RouteEndpoint> Routes =>
        app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    public IServiceProvider Services => app.Services;

    /// <summary>Somebody who has signed in by the form.</summary>
    public async Task<Visitor> SignedIn(Provider provider, string email, string password = Password)
    {
        var visitor = new Visitor(this, provider.Host);
        var answer = await visitor.Knock(email, password);
        Assert.Equal((303, "/"), (answer.Status, answer.Location));
        return visitor;
    }

    public House House => new(installation.Database, Clock);

    public static async Task<Served> Start(DatabaseKind kind)
    {
        var test = await TestDatabase.New(kind);
        return await Start(test, new MovableClock(Instant.FromUtc(2026, 3, 2, 15, 0)));
    }

    /// <summary>A second node over the same database is another one of these.</summary>
    public static async Task<Served> Start(
        TestDatabase test, MovableClock clock, bool borrowed = false, Func<Settings, Settings>? with = null,
        bool ticking = false)
    {
        var settings = new Settings(test.Folder, test.ConnectionString, "http://127.0.0.1:0", CheckSchemaOnly: false)
        {
            SandboxUrl = "http://127.0.0.1:0",
        };
        settings = with?.Invoke(settings) ?? settings;
        var opened = await Installation.Open(settings, clock, NullLoggerFactory.Instance, serving: true);
        Assert.True(opened.Accepted, opened.Refused?.ToString());
        var app = Server.Build(opened.Value, settings.Urls, ticking);
        await app.StartAsync();
        return new Served(test, borrowed, opened.Value, app, clock);
    }

    /// <summary>One more node over the same database, with the same clock.</summary>
    public Task<Served> Another() => Start(test, Clock, borrowed: true);

    /// <summary>The same, with a mail server.</summary>
    public Task<Served> Another(MailSink with) => Start(
        test, Clock, borrowed: true,
        settings => settings with { Smtp = $"127.0.0.1:{with.Port}", SmtpRate = "500" });

    /// <summary>The sandbox gateway beside it, for all its providers.</summary>
    public async Task<SandboxServer> Sandbox()
    {
        var sandbox = await SandboxBeside.Start(installation, isDemonstration: true, app.Urls.First());
        Assert.NotNull(sandbox);
        return sandbox;
    }

    /// <summary>Stops as the program does when it is told to end; the installation stays.</summary>
    public Task StopServing() => app.StopAsync();

    /// <summary>What was changed beside the server is known to it.</summary>
    public async Task Refresh()
    {
        // While the decks that an earlier poll found are being built, a poll leaves newer ones to the next.
        for (var poll = 0; poll < 2; poll++)
        {
            await installation.Rules.Poll();
            await installation.Rules.DecksAreBuilt();
        }
    }

    public async Task Move(Duration forward)
    {
        Clock.Move(forward);
        await Refresh();
    }

    /// <summary>A provider of a preset with a small deck in both directions and a key for its switches.</summary>
    public async Task<Shop> Shop(string preset = "retail-usd")
    {
        var provider = await House.Provider(preset);
        var deck = await Deck(provider, "standard", SomeRates.Few);
        var key = await new IssueKey(installation.Database, Clock).Run(KeyHolder.Switch(provider.No), "test");
        await Refresh();
        return new Shop(this, provider, deck, key.Value.Reveal());
    }

    public async Task<int> Deck(Provider provider, string name, IReadOnlyList<Rate> rates)
    {
        var deck = await House.Deck(provider, name);
        var version = await new ImportDeck(installation.Database, Clock).Run(
            new DeckImport(deck.No, Rounding.Micros, ZeroRates: false, null, rates, "", "test"));
        Assert.True(version.Accepted, version.Refused?.ToString());
        return deck.No;
    }

    public async Task<Answer> Post(string path, string key, JsonNode body, string? language = null) =>
        await Send(HttpMethod.Post, path, key,
            new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"), language);

    public Task<Answer> Get(string path, string key) => Send(HttpMethod.Get, path, key, null);

    public async Task<Answer> Send(HttpMethod method, string path, string? key, HttpContent? content,
        string? language = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (language is not null) request.Headers.AcceptLanguage.ParseAdd(language);
        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var json = text.StartsWith('{') ? JsonNode.Parse(text) : null;
        return new Answer((int)response.StatusCode, json, text, response.Headers.RetryAfter is not null);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
        await installation.DisposeAsync();
        if (!borrowed) await test.DisposeAsync();
    }
}

/// <summary>What came back: the status, and the body as JSON where it is.</summary>
public sealed record Answer(int Status, JsonNode? Json, string Text, bool RetryAfter)
{
    public string? this[string path]
    {
        get
        {
            var node = Json;
            foreach (var name in path.Split('.')) node = node?[name];
            return node?.ToJsonString().Trim('"');
        }
    }

    public string? Refusal => this["refusal"];
}

/// <summary>A provider being asked: its switch's key and the calls of one switch.</summary>
public sealed class Shop(Served served, Provider provider, int deckNo, string switchKey)
{
    public Provider Provider => provider;
    public string SwitchKey => switchKey;
    public int DeckNo => deckNo;

    public async Task<Customer> Customer(
        string? balance = null, AccountType type = AccountType.Prepaid, int channels = 100, int cps = 100,
        TaxStatus tax = TaxStatus.NonExempt, string? limit = null, string? inbound = null, params string[] sipUsers)
    {
        var opened = await new OpenAccount(served.Installation.Database, served.Clock).Run(new NewAccount(
            provider.No, "A customer", type, provider.Currency, tax, deckNo, deckNo, channels, cps, null, sipUsers));
        Assert.True(opened.Accepted, opened.Refused?.ToString());
        var issue = new IssueKey(served.Installation.Database, served.Clock);
        var own = (await issue.Run(KeyHolder.Account(opened.Value.No), "test")).Value.Reveal();
        var op = (await issue.Run(KeyHolder.Operator, "test")).Value.Reveal();
        var customer = new Customer(served, this, opened.Value.Id.Text, own, op);
        if (balance is not null) await customer.Deposit(balance);
        if (inbound is not null) await customer.Deposit(inbound, "inbound");
        if (limit is not null) await customer.Limit(limit);
        return customer;
    }

    /// <summary>Asks again where a machine with too much to do decided nothing, as a caller does.</summary>
    public async Task<Answer> Authorize(
        string call, string account, string to = "+14165550100", string direction = "outbound", string sw = "sw1",
        string from = "+12125550100", string? lrn = null)
    {
        while (true)
        {
            var answer = await served.Post("/v1/calls/authorize", switchKey, new JsonObject
            {
                ["switch"] = sw,
                ["call"] = call,
                ["account"] = account,
                ["direction"] = direction,
                ["from"] = from,
                ["to"] = to,
                ["lrn"] = lrn,
            });
            if (answer.Refusal != "busy") return answer;
        }
    }

    public Task<Answer> Renew(string call, int elapsed, string sw = "sw1") =>
        served.Post("/v1/calls/renew", switchKey,
            new JsonObject { ["switch"] = sw, ["call"] = call, ["elapsedSeconds"] = elapsed });

    public Task<Answer> End(string call, int seconds, string disposition = "answered", string sw = "sw1") =>
        served.Post("/v1/calls/end", switchKey, new JsonObject
        {
            ["switch"] = sw,
            ["call"] = call,
            ["endedAt"] = served.Clock.Now.ToString(),
            ["seconds"] = seconds,
            ["disposition"] = disposition,
        });
}

/// <summary>An account with its own key and an operator's.</summary>
public sealed class Customer(Served served, Shop shop, string id, string ownKey, string operatorKey)
{
    public string Id => id;
    public string OwnKey => ownKey;
    public string OperatorKey => operatorKey;

    public Task<Answer> Balance() => served.Get("/v1/balance", ownKey);

    public async Task<Answer> Deposit(string amount, string? wallet = null, string? key = null)
    {
        var answer = await served.Post($"/v1/accounts/{id}/deposits", operatorKey, new JsonObject
        {
            ["key"] = key ?? Guid.NewGuid().ToString(),
            ["amount"] = Amount(amount),
            ["wallet"] = wallet,
        });
        Assert.Equal((200, answer.Text), (answer.Status, answer.Text));
        return answer;
    }

    public async Task Limit(string amount)
    {
        var answer = await served.Post($"/v1/accounts/{id}/credit-limits", operatorKey, new JsonObject
        {
            ["key"] = Guid.NewGuid().ToString(),
            ["limit"] = Amount(amount),
        });
        Assert.Equal((200, answer.Text), (answer.Status, answer.Text));
    }

    public Task<Answer> Suspend(string reason, params string[] blocks) =>
        served.Post($"/v1/accounts/{id}/suspensions", operatorKey, new JsonObject
        {
            ["reason"] = reason,
            ["blocks"] = new JsonArray([.. blocks.Select(each => (JsonNode)each)]),
        });

    public Task<Answer> Unsuspend(string reason) =>
        served.Send(HttpMethod.Delete, $"/v1/accounts/{id}/suspensions/{reason}", operatorKey, null);

    JsonObject Amount(string amount) => new() { ["amount"] = amount, ["currency"] = shop.Provider.Currency.Code };
}
