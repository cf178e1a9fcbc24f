using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using Tollkeeper.Engine.Payments.Gateways;
using Tollkeeper.Payments;
using Tollkeeper.Tests.Engine.Payments.Gateways;
using Tollkeeper.Tests.Golden;
using Tollkeeper.Tests.Scenarios;
using Xunit;

namespace Tollkeeper.Tests.Host.Sandbox;

/// <summary>Stripe's own description of its API, and its own client, on what we ask and what the sandbox answers.
/// </summary>
[Trait("Category", "needs-stripe")]
public sealed class StripeJudgeTests : IAsyncLifetime
{
    static readonly Money Amount = new(113_010_000, Currency.Cad);
    SandboxStage stage = null!;
    int asked;

    public async Task InitializeAsync() => stage = await SandboxStage.Open();

    public async Task DisposeAsync() => await stage.DisposeAsync();

    [Fact]
    public async Task What_we_ask_and_what_the_sandbox_answers_and_tells_is_as_Stripe_describes_it()
    {
        await Pay("good");
        await Pay("slow-good");
        await Pay("no-money");
        await Pay("paypal", payPal: true);
        var left = await Open(PagePurpose.Pay);
        await stage.Gateway.Cancel(left.Reference, "pay_left", default);
        foreach (var card in new[] { LeftCard.Good, LeftCard.Lost, LeftCard.WantsCustomer }) await Charge(card);
        await stage.Gateway.Movements(
            stage.Clock.Now - Duration.FromDays(1), stage.Clock.Now + Duration.FromDays(1), default);
        await stage.Gateway.Look("pi_unknown", default);

        var lines = stage.Heard.Select(Line).Concat((await stage.Posts()).Select(post =>
            Line(new Exchange("EVENT", "", "", 200, Encoding.UTF8.GetString(post.Body.Span))))).ToList();
        Assert.True(lines.Count > 60, $"{lines.Count} exchanges");
        var (status, said) = await Judge(lines);
        Assert.True(status == 0, said);
        Assert.EndsWith($"{lines.Count} exchanges, 0 faults\n", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_judge_itself_finds_what_it_should()
    {
        await Pay("good");
        var heard = stage.Heard.ToList();
        var open = heard.First(one => one.Method == "POST");
        var look = heard.First(one => one.Method == "GET"
            && one.Answer.Contains("requires_capture", StringComparison.Ordinal));
        Exchange[] faulty =
        [
            open with { Body = open.Body + "&unheard_of=1" },
            open with { Body = open.Body.Replace("mode=payment", "mode=gift", StringComparison.Ordinal) },
            open with { Body = open.Body.Replace("amount%5D=11301", "amount%5D=1.5", StringComparison.Ordinal) },
            open with { Answer = Without(open.Answer, "payment_status") },
            look with { Url = look.Url + "&unheard_of=1" },
            look with { Answer = look.Answer.Replace("requires_capture", "will_capture", StringComparison.Ordinal) },
            look with { Url = look.Url.Replace("/checkout/", "/checkin/", StringComparison.Ordinal) },
        ];
        Assert.All(faulty, one => Assert.DoesNotContain(one, heard));
        var (status, said) = await Judge(faulty.Select(Line));
        Assert.Equal(1, status);
        for (var place = 1; place <= faulty.Length; place++)
            Assert.Contains($"{place}: ", said.Split('\n').Select(line => line.Split(' ')[0] + " "));
    }

    [Fact]
    public async Task Stripe_s_own_client_pays_at_the_sandbox_and_its_signatures_are_ours()
    {
        await Pay("good");
        var posts = (await stage.Posts()).Select(post => JsonSerializer.Serialize(new
        {
            header = post.Headers[StripeSignature.Header],
            body = Encoding.UTF8.GetString(post.Body.Span),
            at = stage.Clock.Now.ToUnixTimeMilliseconds(),
        })).ToList();
        var file = Path.Combine(stage.Folder, "posts.jsonl");
        await File.WriteAllLinesAsync(file, posts);
        var before = await stage.Balance(Currency.Cad);
        var (status, said) = await Node(
            "client.cjs", $"{stage.Server.Origin.Port}", SandboxStage.Secret, SandboxStage.SigningSecret, file);
        Assert.True(status == 0, said);
        var came = JsonNode.Parse(said.TrimEnd().Split('\n')[^1])!;
        Assert.Equal("succeeded", (string?)came["paid"]);
        Assert.True((bool?)came["again"]);
        Assert.Equal("StripeIdempotencyError", (string?)came["other"]);
        Assert.Equal(("StripeCardError", "lost_card"), ((string?)came["declined"], (string?)came["code"]));
        Assert.Equal(("requires_capture", 500), ((string?)came["agreed"], (long?)came["captured"]));
        Assert.Equal((301, "expired"), ((long?)came["refund"], (string?)came["expired"]));
        Assert.Equal("StripeAuthenticationError", (string?)came["wrongKey"]);
        Assert.Equal(await stage.Balance(Currency.Cad), new Money((long)came["moved"]! * 10_000, Currency.Cad));
        Assert.NotEqual(before, await stage.Balance(Currency.Cad));
        Assert.Equal(posts.Count, came["heard"]!.AsArray().Count);
        Assert.Contains(came["heard"]!.AsArray(), type => (string?)type == "payment_intent.succeeded");

        var body = Encoding.UTF8.GetBytes((string)came["payload"]!);
        var headers = new Dictionary<string, string> { [StripeSignature.Header] = (string)came["header"]! };
        var news = await stage.Gateway.Hear(new GatewayPost(headers, body), default);
        Assert.Equal("evt_client", news.Value.EventId);
        Assert.IsType<PaymentSettled>(news.Value.Event);
    }

    async Task Pay(string card, bool payPal = false)
    {
        var page = await Open(PagePurpose.Pay, payPal);
        await stage.Send(page.Url, "pay", card);
        var paid = await stage.Gateway.Capture(page.Reference, $"pay_{asked}", default);
        if (paid.Accepted && card == "good")
        {
            await stage.Gateway.Refund(
                new RefundOrder($"ref_{asked}", "pay", page.Reference, paid.Value.MoneyReference!,
                    new Money(10_000_000, Amount.Currency), "too much"),
                default);
            await stage.Dispute(paid.Value);
            await stage.Decide(paid.Value, won: true);
        }
        await stage.Gateway.Look(page.Reference, default);
    }

    async Task Charge(LeftCard card)
    {
        var page = await Open(PagePurpose.StoreCard);
        await stage.LeaveCard(page, card);
        var stored = (await stage.Gateway.Stored(page.Reference, default)).Value!;
        var order = new ChargeOrder($"pay_{asked++}", Amount, "Automatic billing", stored);
        var reference = (await stage.Gateway.Prepare(order, default)).Value;
        await stage.Gateway.Charge(reference, order, default);
        await stage.Gateway.Cancel(reference, order.Id, default);
        await stage.Gateway.Forget(stored, default);
        await stage.Gateway.Forget(stored, default);
    }

    async Task<HostedPage> Open(PagePurpose purpose, bool payPal = false) => (await stage.Gateway.Open(
        new PageOrder(
            purpose, $"pay_{++asked}", purpose == PagePurpose.Pay ? Amount : Money.Zero(Amount.Currency), "Dépôt “été”",
            "ana@example.com", null, payPal, "fr", new Uri("https://voice.example/finances/done?of=1"),
            new Uri("https://voice.example/finances/back")),
        default)).Value;

    static string Line(Exchange one) => JsonSerializer.Serialize(new
    {
        method = one.Method,
        url = one.Url,
        body = one.Body,
        status = one.Status,
        answer = one.Answer,
    });

    static string Without(string answer, string name)
    {
        var whole = JsonNode.Parse(answer)!.AsObject();
        whole.Remove(name);
        return whole.ToJsonString();
    }

    async Task<(int Status, string Said)> Judge(IEnumerable<string> lines)
    {
        var file = Path.Combine(stage.Folder, "exchanges.jsonl");
        await File.WriteAllLinesAsync(file, lines);
        return await Node("judge.cjs", file);
    }

    async Task<(int Status, string Said)> Node(string script, params string[] arguments)
    {
        var log = Path.Combine(stage.Folder, $"{Guid.NewGuid():n}.log");
        await using var node = ChildProgram.Start(
            "node", log, [Path.Combine(Repository.Root, "tests/Tests/Stripe", script), .. arguments]);
        var status = await node.End(TimeSpan.FromSeconds(60));
        return (status, await File.ReadAllTextAsync(log + ".err") + await File.ReadAllTextAsync(log));
    }
}
