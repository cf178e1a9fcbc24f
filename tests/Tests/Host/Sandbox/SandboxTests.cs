using System.Net;
using NodaTime;
using Tollkeeper.Engine.Payments.Gateways;
using Tollkeeper.Host.Sandbox;
using Tollkeeper.Payments;
using Tollkeeper.Tests.Engine.Payments.Gateways;
using Xunit;

namespace Tollkeeper.Tests.Host.Sandbox;

/// <summary>The sandbox as a program: what it keeps, tells and lets nobody do.</summary>
public sealed class SandboxTests : IAsyncLifetime
{
    static readonly Money Amount = new(25_000_000, Currency.Usd);
    SandboxStage stage = null!;

    public async Task InitializeAsync() => stage = await SandboxStage.Open();

    public async Task DisposeAsync() => await stage.DisposeAsync();

    [Fact]
    public async Task What_happened_survives_a_restart_and_is_told_until_it_is_heard()
    {
        var page = await Open();
        stage.Unheard = 3;
        await stage.Agree(page);
        await stage.Restart();
        Assert.Equal(PaymentState.Authorized, StateOf(await stage.Gateway.Look(page.Reference, default)));
        var posts = await stage.Posts();
        Assert.Equal(0, stage.Unheard);
        Assert.Equal("voice.example", stage.HostOfPost);
        var heard = new List<string>();
        foreach (var post in posts) heard.Add((await stage.Gateway.Hear(post, default)).Value.Raw);
        Assert.Contains(heard, one => one.Contains("checkout.session.completed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_its_port_is_taken_it_takes_a_free_one()
    {
        await using var second = await SandboxServer.Start(new SandboxSettings(
            Path.Combine(stage.Folder, "second"), stage.Server.Origin.AbsoluteUri, stage.Clock, new HastyTime()));
        Assert.NotEqual(stage.Server.Origin.Port, second.Origin.Port);
        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(second.Origin)).StatusCode);
    }

    [Fact]
    public async Task By_its_clock_slow_money_arrives_or_fails_disputes_come_and_end_and_pages_are_over()
    {
        var expected = new (string Card, PaymentState Soon, PaymentState End)[]
        {
            ("slow-good", PaymentState.Pending, PaymentState.Settled),
            ("slow-bad", PaymentState.Pending, PaymentState.Failed),
            ("dispute-won", PaymentState.Settled, PaymentState.Settled),
            ("dispute-lost", PaymentState.Settled, PaymentState.DisputeLost),
            ("", PaymentState.Initiated, PaymentState.Cancelled),
        };
        var pages = new List<HostedPage>();
        foreach (var (card, soon, _) in expected)
        {
            var page = await Open();
            pages.Add(page);
            if (card.Length > 0)
            {
                await stage.Send(page.Url, "pay", card);
                await stage.Gateway.Capture(page.Reference, page.Reference, default);
            }
            Assert.Equal(soon, StateOf(await stage.Gateway.Look(page.Reference, default)));
        }
        stage.Clock.Move(Duration.FromDays(2));
        await stage.Server.RunDue();
        Assert.Equal(PaymentState.Disputed, StateOf(await stage.Gateway.Look(pages[3].Reference, default)));
        stage.Clock.Move(Duration.FromDays(8));
        await stage.Server.RunDue();
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i].End, StateOf(await stage.Gateway.Look(pages[i].Reference, default)));
    }

    [Fact]
    public async Task A_card_may_decline_twice_and_then_be_good()
    {
        var setup = (await stage.Gateway.Open(Order(PagePurpose.StoreCard, "set_a"), default)).Value;
        await stage.Send(setup.Url, "pay", "later-good", country: "US");
        var stored = (await stage.Gateway.Stored(setup.Reference, default)).Value!;
        Assert.Equal(("visa", "0344", "US", "M5V 2T6", true), (stored.Card.Brand, stored.Card.LastDigits,
            stored.Card.Country, stored.Card.PostalCode, stored.Card.AddressChecked));
        var states = new List<PaymentState>();
        for (var n = 0; n < 3; n++)
        {
            var order = new ChargeOrder($"pay_{n}", Amount, "Automatic billing", stored);
            var reference = (await stage.Gateway.Prepare(order, default)).Value;
            states.Add(StateOf(await stage.Gateway.Charge(reference, order, default)));
        }
        Assert.Equal([PaymentState.Failed, PaymentState.Failed, PaymentState.Settled], states);
    }

    [Fact]
    public async Task A_page_takes_only_what_it_offers_and_pays_once()
    {
        var page = await Open();
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        foreach (var (card, country, postal) in new[]
        {
            ("", "US", "10001"), ("no-such", "US", "10001"), ("<script>", "US", "10001"), ("good", "", "10001"),
            ("good", "XX", "10001"), ("good", "US", new string('9', 21)), ("good", "US", "1\u00012"),
        })
        {
            var answer = await Post(browser, page.Url, card, country, postal);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var html = await answer.Content.ReadAsStringAsync();
            Assert.Contains("role=\"alert\"", html, StringComparison.Ordinal);
            Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
        }
        var broken = await Post(browser, page.Url, "good", "US", "\0");
        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
        using var json = new StringContent("{}");
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync(page.Url, json)).StatusCode);
        Assert.Equal(PaymentState.Initiated, StateOf(await stage.Gateway.Look(page.Reference, default)));
        var pressed = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => Post(browser, page.Url, "good", "CA", "م🇨🇦 1A")));
        Assert.All(pressed, answer => Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode));
        await stage.Gateway.Capture(page.Reference, "pay_a", default);
        var moved = await stage.Gateway.Movements(stage.Clock.Now, stage.Clock.Now + Duration.FromDays(1), default);
        Assert.Single(moved.Value);
    }

    [Fact]
    public async Task Pages_have_no_cookies_no_scripts_and_no_forms_of_other_places()
    {
        var page = await Open();
        using var browser = new HttpClient();
        var answer = await browser.GetAsync(page.Url);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; style-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("form-action 'self' https://voice.example;", policy, StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.DoesNotContain("<script", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        foreach (var site in new[] { "cross-site", "same-site" })
        {
            using var foreign = new HttpRequestMessage(HttpMethod.Post, page.Url);
            foreign.Headers.Add("Sec-Fetch-Site", site);
            foreign.Content = new FormUrlEncodedContent([new("deed", "pay"), new("card", "good")]);
            Assert.Equal(HttpStatusCode.Forbidden, (await browser.SendAsync(foreign)).StatusCode);
        }
        foreach (var path in new[] { "/pay/cs_test_none", "/pay/cs_test_none/confirm", "/nowhere", "/v1/nothing" })
            Assert.Equal(HttpStatusCode.NotFound,
                (await browser.GetAsync(new Uri(stage.Server.Origin, path))).StatusCode);
    }

    [Fact]
    public async Task Another_s_key_sees_nothing_and_no_key_opens_nothing()
    {
        var page = await Open();
        await stage.Server.Enroll(new SandboxMerchant(
            "other", "sk_other", "whsec_other", new Uri("http://127.0.0.1:1/hook"), null));
        using var client = new GatewayClient(new HttpClient(), new HastyTime());
        foreach (var key in new[] { "sk_other", "sk_nobody", "" })
        {
            var gateway = new StripeGateway(new StripeAccount(stage.Server.Origin, key, ""), client, stage.Clock);
            var seen = await gateway.Look(page.Reference, default);
            Assert.Equal(Refusal.GatewayRefused, seen.Refused?.Refusal);
        }
    }

    [Fact]
    public async Task What_is_too_much_in_a_second_is_answered_429_and_comes_through_later()
    {
        stage.Server.Faults.PerSecond = 3;
        using var http = new HttpClient();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            _ => http.GetAsync(new Uri(stage.Server.Origin, "/v1/refunds"))));
        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.Unauthorized);
        stage.Server.Faults.PerSecond = null;
        Assert.True((await stage.Gateway.Open(Order(PagePurpose.Pay, "pay_z"), default)).Accepted);
    }

    static Task<HttpResponseMessage> Post(
        HttpClient browser, Uri page, string card, string country, string postal) =>
        browser.PostAsync(page, new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["deed"] = "pay",
            ["card"] = card,
            ["country"] = country,
            ["postal"] = postal,
        }));

    async Task<HostedPage> Open() =>
        (await stage.Gateway.Open(Order(PagePurpose.Pay, $"pay_{Guid.NewGuid():n}"), default)).Value;

    static PageOrder Order(PagePurpose purpose, string id) => new(
        purpose, id, purpose == PagePurpose.Pay ? Amount : Money.Zero(Currency.Usd), "Deposit", null, null, false, "en",
        new Uri("https://voice.example/finances/done?of=1"), new Uri("https://voice.example/finances/back"));

    static PaymentState StateOf(Result<GatewayView> view) => view.Value.Said.Aggregate(
        PaymentFacts.None, (facts, said) => facts.With(said.Event)).StateFor(Amount);
}
