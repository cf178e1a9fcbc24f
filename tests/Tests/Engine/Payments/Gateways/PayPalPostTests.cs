using System.Text;
using System.Text.Json.Nodes;
using NodaTime;
using Tollkeeper.Engine.Payments.Gateways;
using Tollkeeper.Payments;
using Xunit;

namespace Tollkeeper.Tests.Engine.Payments.Gateways;

/// <summary>What PayPal posts is believed with its signature alone; and what it reports of its balance.</summary>
public sealed class PayPalPostTests : IAsyncLifetime, IAsyncDisposable
{
    static readonly byte[] Body = """{"id":"WH-1","event_type":"SOMETHING.NEW","resource":{"é":1}}"""u8.ToArray();

    readonly PayPalStage stage = new();

    PayPalDouble Double => stage.Double;

    PayPalSigner Signer => Double.Signer;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await stage.DisposeAsync();

    ValueTask IAsyncDisposable.DisposeAsync() => stage.DisposeAsync();

    [Fact]
    public async Task A_kind_that_is_not_known_says_nothing_and_is_no_error()
    {
        var news = (await Hear(Signer.Sign(Body))).Value;
        Assert.Equal(new GatewayNews("WH-1", null, null, null, Encoding.UTF8.GetString(Body)), news);
    }

    [Fact]
    public async Task One_certificate_is_fetched_once_for_many_posts()
    {
        for (var one = 0; one < 5; one++) Assert.True((await Hear(Signer.Sign(Body))).Accepted);
        Assert.Equal(1, Fetched());
    }

    [Theory]
    [InlineData("https://paypal.test.evil.example/certs/C")]
    [InlineData("https://evilpaypal.test/certs/C")]
    [InlineData("https://paypal.test@evil.example/certs/C")]
    [InlineData("https://user@api.paypal.test/certs/C")]
    [InlineData("http://api.paypal.test/certs/C")]
    [InlineData("file:///etc/ssl/certs/paypal.test")]
    [InlineData("/certs/C")]
    [InlineData("")]
    public async Task A_certificate_of_a_foreign_address_is_not_even_fetched(string address)
    {
        await IsForged(Signer.Sign(Body, stage.Clock.Now, address));
        Assert.Equal(0, Fetched());
    }

    [Fact]
    public async Task A_certificate_that_expired_or_is_not_valid_yet_vouches_for_nothing()
    {
        Signer.Pem = Signer.Leaf(Duration.FromHours(-1));
        await IsForged(Signer.Sign(Body));
        Signer.Pem = Signer.Leaf(Duration.FromHours(1));
        Assert.True((await Hear(Signer.Sign(Body))).Accepted);
        stage.Clock.Move(Duration.FromHours(2));
        await IsForged(Signer.Sign(Body));
        Signer.Pem = Signer.Leaf(Duration.FromDays(1));
        Assert.True((await Hear(Signer.Sign(Body))).Accepted);
    }

    [Fact]
    public async Task A_certificate_without_a_root_or_of_another_name_vouches_for_nothing()
    {
        var good = Signer.Pem;
        Signer.Pem = Signer.SelfSigned();
        await IsForged(Signer.Sign(Body));
        Signer.Pem = good[..(good.Length / 2)];
        await IsForged(Signer.Sign(Body));
        Signer.Pem = "";
        await IsForged(Signer.Sign(Body));
        Signer.Pem = Signer.Leaf(Duration.FromDays(1), "mail.somebody.example");
        await IsForged(Signer.Sign(Body));
    }

    [Fact]
    public async Task What_was_tampered_with_or_is_for_another_webhook_or_is_too_old_is_forged()
    {
        var post = Signer.Sign(Body);
        await IsForged(post with { Body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Body) + " ") });
        await IsForged(Signer.Sign(Body, stage.Clock.Now, PayPalSigner.Address, "ANOTHERWEBHOOK"));
        await IsForged(Signer.Sign(Body, stage.Clock.Now - Duration.FromDays(5), PayPalSigner.Address));
        await IsForged(Signer.Sign(Body, stage.Clock.Now + Duration.FromMinutes(10), PayPalSigner.Address));
        Assert.True((await Hear(
            Signer.Sign(Body, stage.Clock.Now - Duration.FromDays(3), PayPalSigner.Address))).Accepted);
        foreach (var name in post.Headers.Keys)
        {
            await IsForged(post with
            {
                Headers = post.Headers.Where(header => header.Key != name)
                    .ToDictionary(header => header.Key, header => header.Value),
            });
        }
    }

    [Theory]
    [InlineData(Trouble.ServerError)]
    [InlineData(Trouble.CutBeforeTheWork)]
    [InlineData(Trouble.Silence)]
    public async Task A_certificate_that_cannot_be_had_now_leaves_the_post_for_later(Trouble trouble)
    {
        stage.Make(trouble, 1);
        var post = Signer.Sign(Body);
        Assert.Equal(Refusal.GatewayAway, (await Hear(post)).Refused?.Refusal);
        stage.Make(trouble, 0);
        Assert.True((await Hear(post)).Accepted);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("<html>")]
    [InlineData("""{"id":"WH-1"}""")]
    [InlineData("""{"id":"WH-1","event_type":"PAYMENT.CAPTURE.COMPLETED","resource":{"id":"C"}}""")]
    [InlineData("""{"id":"WH-1","event_type":"PAYMENT.CAPTURE.REFUNDED"}""")]
    [InlineData("""{"id":"WH-1","event_type":"CUSTOMER.DISPUTE.CREATED","resource":{"dispute_id":"D"}}""")]
    public async Task What_is_signed_and_cannot_be_read_is_malformed(string body) =>
        Assert.Equal(
            Refusal.MalformedJson, (await Hear(Signer.Sign(Encoding.UTF8.GetBytes(body)))).Refused?.Refusal);

    [Theory]
    [InlineData("RESOLVED_BUYER_FAVOUR", DisputeStage.Lost)]
    [InlineData("ACCEPTED", DisputeStage.Lost)]
    [InlineData("RESOLVED_SELLER_FAVOUR", DisputeStage.Won)]
    [InlineData("RESOLVED_WITH_PAYOUT", DisputeStage.Won)]
    [InlineData("CANCELED_BY_BUYER", DisputeStage.Won)]
    [InlineData("DENIED", DisputeStage.Won)]
    [InlineData("NONE", null)]
    public async Task ACC_02_A_case_ends_as_PayPal_decided(string outcome, DisputeStage? stageOfCase)
    {
        Double.Post("CUSTOMER.DISPUTE.RESOLVED", "dispute", new JsonObject
        {
            ["dispute_id"] = "PP-D-1",
            ["create_time"] = "2026-02-01T10:00:00.000Z",
            ["update_time"] = "2026-03-01T10:00:00.000Z",
            ["status"] = "RESOLVED",
            ["dispute_amount"] = new JsonObject { ["currency_code"] = "USD", ["value"] = "3.5" },
            ["dispute_outcome"] = new JsonObject { ["outcome_code"] = outcome },
            ["disputed_transactions"] = new JsonArray(new JsonObject { ["seller_transaction_id"] = "CAPTURE1" }),
        });
        var news = (await Hear(Double.LastPost())).Value;
        Assert.Equal(("CAPTURE1", "CAPTURE1"), (news.Target, news.MoneyReference));
        var told = news.Event as PaymentDisputed;
        Assert.Equal(stageOfCase, told?.Stage);
        if (told is null) return;
        Assert.Equal(new Money(3_500_000, Currency.Usd), told.Amount);
        Assert.Equal(Instant.FromUtc(2026, 3, 1, 10, 0), told.At);
    }

    [Fact]
    public async Task Without_the_right_to_see_cases_a_payment_can_still_be_looked_at()
    {
        Double.ShowsCases = false;
        var page = (await stage.Gateway.Open(Order(), default)).Value;
        Double.Approve(page.Reference, slow: false);
        var paid = (await stage.Gateway.Capture(page.Reference, "pay_a", default)).Value;
        Double.Dispute(paid.MoneyReference!);
        var said = Assert.Single((await stage.Gateway.Look(page.Reference, default)).Value.Said);
        Assert.IsType<PaymentSettled>(said.Event);
    }

    [Fact]
    public async Task A_long_busy_period_is_read_in_pages_and_halves()
    {
        var from = stage.Clock.Now;
        for (var day = 0; day < 40; day++)
        {
            for (var one = 0; one < 30; one++)
            {
                Double.Move("T0006", $"{day}-{one}", 1_000, "CAD", null, 59);
                stage.Clock.Move(Duration.FromMinutes(5));
            }
            stage.Clock.Move(Duration.FromHours(21.5));
        }
        Double.MostRows = 700;
        var moved = (await stage.Gateway.Movements(from, stage.Clock.Now, default)).Value;
        Assert.Equal(1_200, moved.Select(movement => movement.Id).Distinct().Count());
        Assert.Equal(1_200, moved.Count);
        Assert.Equal(
            new GatewayMovement(
                "0-0", MovementKind.Payment, from, "0-0", new Money(10_000_000, Currency.Cad),
                new Money(590_000, Currency.Cad)),
            moved[0]);
    }

    [Theory]
    [InlineData("T0006", 500, MovementKind.Payment)]
    [InlineData("T0006", -500, MovementKind.Other)]
    [InlineData("T0106", -500, MovementKind.Fee)]
    [InlineData("T0400", -500, MovementKind.Payout)]
    [InlineData("T1107", -500, MovementKind.Refund)]
    [InlineData("T1106", -500, MovementKind.Dispute)]
    [InlineData("T1201", -500, MovementKind.Dispute)]
    [InlineData("T9999", 500, MovementKind.Other)]
    public async Task PayPal_s_codes_have_their_kind(string code, long cents, MovementKind kind)
    {
        Double.Move(code, "TX", cents, "CAD", "CAPTURE1", 0);
        var moved = Assert.Single(
            (await stage.Gateway.Movements(stage.Clock.Now, stage.Clock.Now + Duration.FromSeconds(1), default)).Value);
        Assert.Equal(kind, moved.Kind);
        Assert.Equal(kind == MovementKind.Payment ? "TX" : "CAPTURE1", moved.MoneyReference);
    }

    [Fact]
    public async Task A_period_that_PayPal_s_report_does_not_reach_yet_is_refused()
    {
        var end = stage.Clock.Now;
        Double.ReportLag = Duration.FromHours(3);
        var early = await stage.Gateway.Movements(end - Duration.FromDays(1), end, default);
        Assert.Equal(Refusal.GatewayAway, early.Refused?.Refusal);
        stage.Clock.Move(Duration.FromHours(3));
        Assert.True((await stage.Gateway.Movements(end - Duration.FromDays(1), end, default)).Accepted);
    }

    Task<Result<GatewayNews>> Hear(GatewayPost post) => stage.Gateway.Hear(post, default);

    async Task IsForged(GatewayPost post) =>
        Assert.Equal(Refusal.SignatureWrong, (await Hear(post)).Refused?.Refusal);

    int Fetched() => Double.Exchanges.Count(one => one.Path.StartsWith("/certs", StringComparison.Ordinal));

    static PageOrder Order() => new(
        PagePurpose.Pay, "pay_a", new Money(10_000_000, Currency.Cad), "Deposit", null, null, true, "en",
        new Uri("https://voice.example/done"), new Uri("https://voice.example/back"));
}
