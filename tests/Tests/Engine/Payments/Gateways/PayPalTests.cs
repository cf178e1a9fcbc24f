using NodaTime;
using Tollkeeper.Engine.Payments;
using Tollkeeper.Engine.Payments.Gateways;
using Tollkeeper.Payments;
using Xunit;

namespace Tollkeeper.Tests.Engine.Payments.Gateways;

/// <summary>What is PayPal's own: its token, its orders' ends, its eChecks, its words for a refusal.</summary>
public sealed class PayPalTests : IAsyncLifetime, IAsyncDisposable
{
    static readonly Money Amount = new(56_500_000, Currency.Cad);

    readonly PayPalStage stage = new();

    PayPalDouble Double => stage.Double;

    IGateway Gateway => stage.Gateway;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await stage.DisposeAsync();

    ValueTask IAsyncDisposable.DisposeAsync() => stage.DisposeAsync();

    [Fact]
    public async Task Many_callers_ask_for_one_token_and_it_is_renewed_before_it_ends()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(one => Open($"pay_{one}")));
        Assert.Equal(1, Tokens());
        stage.Clock.Move(Duration.FromHours(9) - Duration.FromSeconds(30));
        await Open("pay_later");
        Assert.Equal(2, Tokens());
    }

    [Fact]
    public async Task A_token_that_PayPal_takes_no_more_is_renewed_in_mid_way_for_all_callers_at_once()
    {
        var page = await Open("pay_a");
        Double.RevokeTokens();
        var looks = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => Gateway.Look(page.Reference, default)));
        Assert.All(looks, look => Assert.True(look.Accepted));
        Assert.Equal(2, Tokens());
    }

    [Fact]
    public async Task The_page_is_in_the_payer_s_language_asks_no_address_and_carries_our_id()
    {
        var page = await Open("pay_a");
        Assert.EndsWith($"/checkoutnow?token={page.Reference}", $"{page.Url}", StringComparison.Ordinal);
        var asked = Double.Exchanges.Single(one => one.Path == "/v2/checkout/orders");
        Assert.Equal("pay_a-open", asked.Headers["PayPal-Request-Id"]);
        foreach (var part in new[]
        {
            "\"custom_id\":\"pay_a\"", "\"invoice_id\":\"pay_a\"", "\"value\":\"56.50\"", "\"locale\":\"fr-CA\"",
            "\"user_action\":\"PAY_NOW\"", "\"shipping_preference\":\"NO_SHIPPING\"",
        }) Assert.Contains(part, asked.Asked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(56_505_000, "CAD")]
    [InlineData(10_500_000, "JPY")]
    [InlineData(1, "USD")]
    [InlineData(0, "USD")]
    [InlineData(-1_000_000, "USD")]
    public async Task What_PayPal_cannot_be_told_to_the_last_digit_is_refused(long micros, string currency)
    {
        var odd = new Money(micros, Tollkeeper.Currency.Of(currency));
        var refused = await Gateway.Open(Order("pay_a") with { Amount = odd }, default);
        Assert.Equal(Refusal.BadAmount, refused.Refused?.Refusal);
        Assert.Empty(Double.Exchanges);
    }

    [Fact]
    public async Task An_order_that_ended_is_cancelled()
    {
        var page = await Open("pay_a");
        stage.Clock.Move(Duration.FromHours(7));
        Assert.IsType<PaymentCancelled>(Assert.Single(await Said(page.Reference)).Event);
        var late = await Gateway.Capture(page.Reference, "pay_a", default);
        Assert.IsType<PaymentCancelled>(Assert.Single(late.Value.Said).Event);
    }

    [Fact]
    public async Task An_order_that_was_given_up_stays_given_up_when_its_payer_approves_it_after_all()
    {
        var page = await Open("pay_a");
        await Gateway.Cancel(page.Reference, "pay_a", default);
        stage.Clock.Move(Duration.FromMinutes(1));
        Double.Approve(page.Reference, slow: false);
        var news = await Gateway.Hear(Double.LastPost(), default);
        Assert.Null(news.Value.Event);
        Assert.Equal("pay_a", news.Value.Target);
        Assert.IsType<PaymentCancelled>(Assert.Single(await Said(page.Reference)).Event);
        var late = await Gateway.Capture(page.Reference, "pay_a", default);
        Assert.IsType<PaymentCancelled>(Assert.Single(late.Value.Said).Event);
        Assert.Equal(0, Double.BalanceOf("CAD"));
    }

    [Fact]
    public async Task Capturing_what_nobody_approved_takes_nothing_and_says_nothing()
    {
        var page = await Open("pay_a");
        Assert.Empty((await Gateway.Capture(page.Reference, "pay_a", default)).Value.Said);
    }

    [Fact]
    public async Task Capturing_again_when_PayPal_has_forgotten_the_first_time_takes_the_money_once()
    {
        var page = await Approved("pay_a");
        var once = (await Gateway.Capture(page.Reference, "pay_a", default)).Value;
        stage.Clock.Move(Duration.FromDays(2));
        var again = (await Gateway.Capture(page.Reference, "pay_a", default)).Value;
        Assert.Equal(once.Said.Select(Told), again.Said.Select(Told));
    }

    [Fact]
    public async Task A_second_order_for_the_same_payment_is_not_captured()
    {
        var first = await Approved("pay_a");
        await Gateway.Capture(first.Reference, "pay_a", default);
        stage.Clock.Move(Duration.FromDays(2));
        var second = await Approved("pay_a");
        Assert.NotEqual(first.Reference, second.Reference);
        var refused = await Gateway.Capture(second.Reference, "pay_a", default);
        Assert.Equal((Refusal.GatewayRefused, "DUPLICATE_INVOICE_ID"),
            (refused.Refused!.Refusal, refused.Refused.Detail));
    }

    [Theory]
    [InlineData("INSTRUMENT_DECLINED", DeclineClass.RetryLater)]
    [InlineData("REDIRECT_PAYER_FOR_ALTERNATE_FUNDING", DeclineClass.FixFirst)]
    [InlineData("PAYER_ACTION_REQUIRED", DeclineClass.NeedsCustomer)]
    [InlineData("PAYER_CANNOT_PAY", DeclineClass.Never)]
    [InlineData("TRANSACTION_BLOCKED_BY_PAYEE", DeclineClass.Never)]
    public async Task PAY_04_A_capture_that_is_refused_is_an_event_and_the_payer_may_try_again(
        string issue, DeclineClass why)
    {
        var page = await Approved("pay_a");
        Double.RefuseNext(page.Reference, issue);
        var failed = (await Gateway.Capture(page.Reference, "pay_a", default)).Value;
        var said = Assert.IsType<PaymentFailed>(Assert.Single(failed.Said).Event);
        Assert.Equal((why, issue), (said.Why, said.Code));
        Double.Approve(page.Reference, slow: false);
        var paid = (await Gateway.Capture(page.Reference, "pay_a", default)).Value;
        Assert.IsType<PaymentSettled>(Assert.Single(paid.Said).Event);
    }

    [Theory]
    [InlineData("5120", null, DeclineClass.RetryLater)]
    [InlineData("5400", null, DeclineClass.FixFirst)]
    [InlineData("9520", null, DeclineClass.Never)]
    [InlineData("5650", null, DeclineClass.NeedsCustomer)]
    [InlineData("0500", "03", DeclineClass.Never)]
    [InlineData("0500", "21", DeclineClass.Never)]
    [InlineData("0500", "01", DeclineClass.FixFirst)]
    [InlineData("5400", "02", DeclineClass.RetryLater)]
    public async Task PAY_04_A_bank_s_code_behind_a_capture_has_its_class(
        string code, string? advice, DeclineClass why)
    {
        var page = await Approved("pay_a");
        Double.DeclineNext(page.Reference, code, advice);
        var failed = (await Gateway.Capture(page.Reference, "pay_a", default)).Value;
        var said = Assert.IsType<PaymentFailed>(Assert.Single(failed.Said).Event);
        Assert.Equal((why, code), (said.Why, said.Code));
        Assert.Null(failed.MoneyReference);
    }

    [Fact]
    public async Task PAY_02_An_eCheck_settles_at_the_day_it_clears_and_not_when_it_is_given_back()
    {
        var page = await Approved("pay_a", slow: true);
        var pending = (await Gateway.Capture(page.Reference, "pay_a", default)).Value;
        Assert.IsType<PaymentPending>(Assert.Single(pending.Said).Event);
        stage.Clock.Move(Duration.FromDays(4));
        var cleared = stage.Clock.Now;
        Double.Finish(pending.MoneyReference!, settles: true);
        Assert.Equal(cleared, Assert.Single(await Said(page.Reference)).Event.At);
        stage.Clock.Move(Duration.FromDays(2));
        var returned = stage.Clock.Now;
        await Gateway.Refund(
            new RefundOrder("ref_a", "pay_a", page.Reference, pending.MoneyReference!, Amount, "Trop\r\npayé\t"),
            default);
        var settled = (await Said(page.Reference)).Select(said => said.Event).OfType<PaymentSettled>().Single();
        Assert.Equal(returned, settled.At);
        var facts = PaymentFacts.None.With(new PaymentSettled(cleared, Amount)).With(settled);
        Assert.Equal(cleared, facts.SettledAt);
    }

    [Fact]
    public async Task A_refund_that_waits_for_a_bank_counts_until_it_fails()
    {
        var page = await Approved("pay_a");
        var paid = (await Gateway.Capture(page.Reference, "pay_a", default)).Value;
        Double.SlowRefunds = true;
        var order = new RefundOrder("ref_a", "pay_a", page.Reference, paid.MoneyReference!, Amount, "");
        var given = Facts((await Gateway.Refund(order, default)).Value.Said);
        Assert.Equal(PaymentState.Refunded, given.StateFor(Amount));
        stage.Clock.Move(Duration.FromDays(3));
        Double.FailRefunds(page.Reference);
        Assert.Equal(PaymentState.Settled, Facts(await Said(page.Reference)).StateFor(Amount));
    }

    [Fact]
    public async Task A_payer_s_approval_is_exchanged_for_one_token()
    {
        var page = (await Gateway.Open(Order("set_a") with { Purpose = PagePurpose.StoreCard }, default)).Value;
        Double.Agree(page.Reference, LeftCard.Good);
        var first = (await Gateway.Stored(page.Reference, default)).Value!;
        var again = (await Gateway.Stored(page.Reference, default)).Value!;
        Assert.Equal(first, again);
        Assert.Equal(1, Double.Vaulted);
        Assert.Equal(
            new CardFacts("paypal", "a…@example.com", 0, 0, "CA", "H2X 1Y4", false, "MDZ2FQWZZTRHW"), first.Card);
    }

    async Task<IReadOnlyList<GatewaySaid>> Said(string reference) =>
        (await Gateway.Look(reference, default)).Value.Said;

    static PaymentFacts Facts(IEnumerable<GatewaySaid> said) =>
        said.Aggregate(PaymentFacts.None, (facts, one) => facts.With(one.Event));

    static (string, PaymentEvent) Told(GatewaySaid said) => (said.EventId, said.Event);

    int Tokens() => Double.Exchanges.Count(one => one.Path == "/v1/oauth2/token");

    async Task<HostedPage> Open(string id) => (await Gateway.Open(Order(id), default)).Value;

    async Task<HostedPage> Approved(string id, bool slow = false)
    {
        var page = await Open(id);
        Double.Approve(page.Reference, slow);
        return page;
    }

    static PageOrder Order(string id) => new(
        PagePurpose.Pay, id, Amount, "Dépôt", "zoe@example.com", null, true, "fr",
        new Uri("https://voice.example/done"), new Uri("https://voice.example/back"));
}
