using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Tollkeeper.Engine.Payments.Gateways;
using Tollkeeper.Host.Sandbox;
using Tollkeeper.Payments;
using Xunit;

namespace Tollkeeper.Tests.Engine.Payments.Gateways;

/// <summary>Our Stripe client against the sandbox, with somebody who clicks through its pages as a browser does.
/// </summary>
public sealed class SandboxStage : GatewayStage
{
    public const string Secret = "sk_sandbox_of_the_tests";
    public const string SigningSecret = "whsec_of_the_tests";
    public const string Merchant = "voice";

    readonly string folder = Directory.CreateTempSubdirectory("sandbox").FullName;
    readonly ConcurrentQueue<GatewayPost> posts = [];
    readonly HttpClient browser = new(new HttpClientHandler { AllowAutoRedirect = false });
    readonly Impatience impatience = new();
    readonly Witness witness;
    readonly bool payPal;
    WebApplication listener = null!;

    SandboxStage(bool payPal)
    {
        this.payPal = payPal;
        witness = new Witness(impatience);
    }

    /// <summary>All that our client said to the sandbox, and its answers.</summary>
    public IEnumerable<Exchange> Heard => witness.Heard;

    public SandboxServer Server { get; private set; } = null!;

    public override IGateway Gateway => ByApi;

    public StripeGateway ByApi { get; private set; } = null!;

    public override bool PayPal => payPal;

    public override bool KnowsThreeDSecure => !payPal;

    /// <summary>Where a merchant's own pages are.</summary>
    public Uri Shop => new(listener.Urls.First());

    public string Folder => folder;

    /// <summary>How many of the next posts the merchant does not take.</summary>
    public int Unheard { get; set; }

    /// <summary>The Host header of the last post.</summary>
    public string? HostOfPost { get; private set; }

    public override IReadOnlyList<DeclineClass> DeclinesAtPage =>
        payPal ? [DeclineClass.RetryLater] : base.DeclinesAtPage;

    public static async Task<SandboxStage> Open(bool payPal = false)
    {
        var stage = new SandboxStage(payPal) { listener = Listener() };
        stage.listener.MapPost("/gateways/card/hook", stage.Take);
        stage.listener.MapGet("/finances/{place}", (string place) => $"{place} at the merchant");
        // What a browser asks of any origin.
        stage.listener.MapGet("/favicon.ico", () => Results.NoContent());
        await stage.listener.StartAsync();
        await stage.Start("http://127.0.0.1:0");
        return stage;
    }

    /// <summary>The sandbox ends, and begins again with what it kept.</summary>
    public async Task Restart()
    {
        await Server.DisposeAsync();
        await Start(Server.Origin.AbsoluteUri);
    }

    async Task Start(string url)
    {
        Server = await SandboxServer.Start(new SandboxSettings(folder, url, Clock, new HastyTime()));
        await Server.Enroll(new SandboxMerchant(
            Merchant, Secret, SigningSecret, new Uri(listener.Urls.First() + "/gateways/card/hook"), "voice.example"));
        var client = new GatewayClient(new HttpClient(witness, disposeHandler: false), new HastyTime());
        ByApi = new StripeGateway(new StripeAccount(Server.Origin, Secret, SigningSecret), client, Clock);
    }

    public override Task Agree(HostedPage page, bool slow = false) =>
        Use(page, (payPal, slow) switch
        {
            (false, false) => "good",
            (false, true) => "slow-good",
            (true, false) => "paypal",
            (true, true) => "paypal-echeck",
        });

    public override async Task BeDeclined(HostedPage page, DeclineClass why)
    {
        var answer = await Send(page.Url, "pay", payPal ? "paypal-declined" : why switch
        {
            DeclineClass.RetryLater => "no-money",
            DeclineClass.FixFirst => "expired",
            DeclineClass.Never => "lost",
            DeclineClass.NeedsCustomer => throw new InvalidOperationException("The bank asks at a page of its own."),
        });
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Contains("role=\"alert\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    public override async Task Confirm(HostedPage page, bool confirmed)
    {
        var asks = await Send(page.Url, "pay", "confirm");
        Assert.Equal(303, (int)asks.StatusCode);
        var bank = new Uri(page.Url, asks.Headers.Location!);
        var answer = await Send(bank, confirmed ? "confirm" : "fail", "");
        Assert.Equal(confirmed ? 303 : 200, (int)answer.StatusCode);
    }

    public override async Task Leave(HostedPage page)
    {
        var answer = await Send(page.Url, "leave", "");
        Assert.Equal(303, (int)answer.StatusCode);
        Assert.EndsWith("/finances/back", answer.Headers.Location!.AbsoluteUri, StringComparison.Ordinal);
    }

    public override Task LeaveCard(HostedPage page, LeftCard card) => Use(page, card switch
    {
        LeftCard.Good => "good",
        LeftCard.LacksMoney => "later-no-money",
        LeftCard.Expired => "later-expired",
        LeftCard.Lost => "later-lost",
        LeftCard.WantsCustomer => "confirm",
        LeftCard.Slow => "slow-good",
        _ => throw new ArgumentOutOfRangeException(nameof(card), card, "There is no such card."),
    });

    public override Task Finish(GatewayView slow, bool settles) => Press(slow, settles ? "settle" : "fail");

    public override Task Dispute(GatewayView paid) => Press(paid, "dispute");

    public override Task Decide(GatewayView disputed, bool won) => Press(disputed, won ? "win" : "lose");

    public override async Task<IReadOnlyList<GatewayPost>> Posts()
    {
        for (var tries = 0; !await Server.IsQuiet(); tries++)
        {
            Assert.True(tries < 3_000, "The sandbox has told what happened.");
            await Task.Delay(10);
        }
        return [.. posts];
    }

    public override GatewayPost Forge(GatewayPost post) => post with
    {
        Headers = new Dictionary<string, string>
        {
            [StripeSignature.Header] = StripeSignature.Sign("whsec_of_somebody_else", Clock.Now, post.Body.Span),
        },
    };

    public override void Make(Trouble trouble, int times)
    {
        impatience.IsOn = trouble == Trouble.Silence && times > 0;
        Server.Faults.Next(
            trouble switch
            {
                Trouble.TooMany => SandboxFault.TooMany,
                Trouble.ServerError => SandboxFault.ServerError,
                Trouble.Html => SandboxFault.Html,
                Trouble.Silence => SandboxFault.Silence,
                Trouble.CutBeforeTheWork => SandboxFault.CutBefore,
                Trouble.CutAfterTheWork => SandboxFault.CutAfter,
                _ => throw new ArgumentOutOfRangeException(nameof(trouble), trouble, "There is no such trouble."),
            },
            times);
    }

    public override async Task<Money> Balance(Currency currency) => new(
        await Server.Balance(Merchant, currency.Code.ToLowerInvariant()) * Money.MicrosPerCent, currency);

    /// <summary>Opens the page, reads its form as it is, and sends it.</summary>
    public async Task<HttpResponseMessage> Send(Uri page, string deed, string card, string country = "CA")
    {
        var html = await browser.GetStringAsync(page);
        Assert.Contains($"value=\"{deed}\"", html, StringComparison.Ordinal);
        if (card.Length > 0) Assert.Contains($"value=\"{card}\"", html, StringComparison.Ordinal);
        var lang = Regex.Match(html, "name=\"lang\" value=\"(..)\"").Groups[1].Value;
        return await browser.PostAsync(page, new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["deed"] = deed,
            ["card"] = card,
            ["country"] = country,
            ["postal"] = "M5V 2T6",
            ["lang"] = lang,
        }));
    }

    public override async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await listener.DisposeAsync();
        browser.Dispose();
        witness.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    async Task Use(HostedPage page, string card)
    {
        var answer = await Send(page.Url, "pay", card);
        if (answer.Headers.Location is { IsAbsoluteUri: false } bank)
            answer = await Send(new Uri(page.Url, bank), "confirm", "");
        Assert.Equal(303, (int)answer.StatusCode);
        Assert.EndsWith("/finances/done?of=1", answer.Headers.Location!.AbsoluteUri, StringComparison.Ordinal);
    }

    async Task Press(GatewayView payment, string deed)
    {
        var control = await browser.GetStringAsync(Server.Origin);
        Assert.Contains($"value=\"{deed}\"", control, StringComparison.Ordinal);
        var answer = await browser.PostAsync(
            new Uri(Server.Origin, $"/control/{payment.MoneyReference}"),
            new FormUrlEncodedContent(new Dictionary<string, string> { ["deed"] = deed }));
        Assert.Equal(303, (int)answer.StatusCode);
    }

    async Task Take(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        HostOfPost = http.Request.Host.Value;
        if (Unheard > 0)
        {
            Unheard--;
            http.Response.StatusCode = 500;
            return;
        }
        posts.Enqueue(new GatewayPost(
            http.Request.Headers.ToDictionary(
                header => header.Key.ToLowerInvariant(), header => header.Value.ToString()),
            body.ToArray()));
    }

    static WebApplication Listener()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        return builder.Build();
    }
}

public sealed class SandboxCardTests : GatewayContract
{
    protected override async Task<GatewayStage> Open() => await SandboxStage.Open();
}

public sealed class SandboxPayPalTests : GatewayContract
{
    protected override async Task<GatewayStage> Open() => await SandboxStage.Open(payPal: true);
}
