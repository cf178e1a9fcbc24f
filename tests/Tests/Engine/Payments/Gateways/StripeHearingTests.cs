using System.Text;
using NodaTime;
using Tollkeeper.Engine.Payments.Gateways;
using Tollkeeper.Payments;
using Xunit;

namespace Tollkeeper.Tests.Engine.Payments.Gateways;

/// <summary>What Stripe posts: whose signature it is, and what it says.</summary>
public sealed class StripeHearingTests
{
    const string Secret = "whsec_here";
    readonly MovableClock clock = new();

    [Theory]
    // Never again with this card.
    [InlineData("lost_card", DeclineClass.Never)]
    [InlineData("stolen_card", DeclineClass.Never)]
    [InlineData("pickup_card", DeclineClass.Never)]
    [InlineData("closed_account", DeclineClass.Never)]
    [InlineData("invalid_account", DeclineClass.Never)]
    [InlineData("restricted_card", DeclineClass.Never)]
    [InlineData("revocation_of_all_authorizations", DeclineClass.Never)]
    [InlineData("fraudulent", DeclineClass.Never)]
    // The next day may be better.
    [InlineData("insufficient_funds", DeclineClass.RetryLater)]
    [InlineData("do_not_honor", DeclineClass.RetryLater)]
    [InlineData("generic_decline", DeclineClass.RetryLater)]
    [InlineData("issuer_not_available", DeclineClass.RetryLater)]
    [InlineData("processing_error", DeclineClass.RetryLater)]
    [InlineData("try_again_later", DeclineClass.RetryLater)]
    [InlineData("card_velocity_exceeded", DeclineClass.RetryLater)]
    [InlineData("a_word_of_tomorrow", DeclineClass.RetryLater)]
    // The customer has to mend it.
    [InlineData("expired_card", DeclineClass.FixFirst)]
    [InlineData("incorrect_cvc", DeclineClass.FixFirst)]
    [InlineData("incorrect_zip", DeclineClass.FixFirst)]
    [InlineData("incorrect_address", DeclineClass.FixFirst)]
    [InlineData("incorrect_number", DeclineClass.FixFirst)]
    // The bank wants the customer to confirm.
    [InlineData("authentication_required", DeclineClass.NeedsCustomer)]
    [InlineData("payment_intent_authentication_failure", DeclineClass.NeedsCustomer)]
    public async Task PAY_04_What_follows_of_each_word_for_a_refusal(string code, DeclineClass why)
    {
        foreach (var error in new[]
        {
            $$"""{"type":"card_error","code":"card_declined","decline_code":"{{code}}"}""",
            $$"""{"type":"card_error","code":"{{code}}"}""",
        })
        {
            var failed = Assert.IsType<PaymentFailed>((await Failed(error)).Event);
            Assert.Equal((why, code, clock.Now), (failed.Why, failed.Code, failed.At));
        }
    }

    [Theory]
    [InlineData("\"network_advice_code\":\"03\"")]
    [InlineData("\"network_advice_code\":\"21\"")]
    [InlineData("\"advice_code\":\"do_not_try_again\"")]
    public async Task PAY_04_What_a_network_forbids_counts_more_than_the_bank_s_word(string advice)
    {
        var told = await Failed(
            $$"""{"type":"card_error","code":"card_declined","decline_code":"do_not_honor",{{advice}}}""");
        Assert.Equal(DeclineClass.Never, Assert.IsType<PaymentFailed>(told.Event).Why);
    }

    [Theory]
    [InlineData("cad", 11_301, 113_010_000)]
    [InlineData("usd", 1, 10_000)]
    [InlineData("jpy", 1_500, 1_500_000_000)]
    [InlineData("kwd", 1_234, 1_234_000)]
    public async Task An_amount_is_read_in_the_smallest_unit_of_its_currency(string currency, long units, long micros)
    {
        var told = await Told("payment_intent.succeeded", $$"""
            {"id":"pi_1","object":"payment_intent","status":"succeeded","amount_received":{{units}},
            "currency":"{{currency}}","metadata":{"tollkeeper":"pay_aaaaaaaaaaaaaaaa"} }
            """);
        var settled = Assert.IsType<PaymentSettled>(told.Event);
        Assert.Equal(new Money(micros, Currency.Of(currency.ToUpperInvariant())), settled.Amount);
        Assert.Equal(("pay_aaaaaaaaaaaaaaaa", "pi_1"), (told.Target, told.MoneyReference));
    }

    [Theory]
    [InlineData("customer.updated", """{"id":"cus_1","object":"customer"}""", null)]
    [InlineData("payout.paid", """{"id":"po_1","object":"payout"}""", null)]
    [InlineData("of.a.kind.unheard", "{}", null)]
    [InlineData("charge.refunded", """{"id":"ch_1","object":"charge","payment_intent":"pi_1"}""", "pi_1")]
    [InlineData("setup_intent.succeeded", """{"id":"seti_1","metadata":{"tollkeeper":"set_a"}}""", "set_a")]
    [InlineData("checkout.session.completed", """{"id":"cs_1","mode":"payment"}""", "cs_1")]
    [InlineData("payment_intent.processing", """{"id":"pi_1"}""", "pi_1")]
    public async Task What_does_not_say_all_itself_says_whom_to_look_at(string type, string about, string? target)
    {
        var told = await Told(type, about);
        Assert.Equal((target, null), (told.Target, told.Event));
    }

    [Theory]
    [InlineData("needs_response", DisputeStage.Open)]
    [InlineData("under_review", DisputeStage.Open)]
    [InlineData("warning_needs_response", DisputeStage.Open)]
    [InlineData("warning_closed", DisputeStage.Won)]
    [InlineData("won", DisputeStage.Won)]
    [InlineData("lost", DisputeStage.Lost)]
    public async Task ACC_02_Each_state_of_a_dispute_has_its_stage(string status, DisputeStage stage)
    {
        var told = await Told("charge.dispute.updated", $$"""
            {"id":"dp_1","object":"dispute","amount":5000,"currency":"usd","created":1772463600,
            "payment_intent":"pi_1","status":"{{status}}"}
            """);
        var disputed = Assert.IsType<PaymentDisputed>(told.Event);
        Assert.Equal((stage, "dp_1", 50_000_000, "pi_1"),
            (disputed.Stage, disputed.Id, disputed.Amount.Micros, told.Target));
    }

    [Fact]
    public async Task A_refund_that_came_back_counts_as_failed_whichever_is_heard_first()
    {
        var facts = PaymentFacts.None;
        foreach (var status in new[] { "failed", "succeeded", "pending" })
        {
            var told = await Told("charge.refund.updated", $$"""
                {"id":"re_1","object":"refund","amount":5000,"currency":"usd","created":1772463600,
                "payment_intent":"pi_1","status":"{{status}}","metadata":{"tollkeeper":"ref_aaaaaaaaaaaaaaaa"} }
                """);
            Assert.Equal("pi_1", told.Target);
            facts = facts.With(told.Event!);
        }
        Assert.Equal(0, facts.RefundedOf(Currency.Usd).Micros);
    }

    [Fact]
    public async Task Either_of_two_secrets_signs_while_one_is_replaced_and_a_signature_has_its_time()
    {
        var body = Encoding.UTF8.GetBytes("""{"id":"evt_1","type":"a.b","data":{"object":{}}}""");
        var mine = StripeSignature.Sign(Secret, clock.Now, body);
        var theirs = StripeSignature.Sign("whsec_other", clock.Now, body);
        var (time, mac) = (mine.Split(',')[0], mine.Split(',')[1]);
        foreach (var good in new[] { mine, theirs + "," + mac, $"{mac},{time}", $"{time},v0=00,v1=zz,{mac}" })
            Assert.True((await Hear(good, body)).Accepted, good);
        foreach (var bad in new[]
        {
            "", theirs, mac, time, "t=,v1=", "t=99999999999999999999," + mac, "t=9223372036854775807," + mac,
            "t=-1," + mac, $"{time},v1=", $"{time},{mac}00", $"{time},v0={mac[3..]}", mine.ToUpperInvariant(),
            new string('v', 9_999),
        })
            Assert.Equal(Refusal.SignatureWrong, (await Hear(bad, body)).Refused?.Refusal);
        Assert.Equal(Refusal.SignatureWrong, (await Hear(mine, body, secret: "")).Refused?.Refusal);
        clock.Move(Duration.FromSeconds(300));
        Assert.True((await Hear(mine, body)).Accepted);
        clock.Move(Duration.FromSeconds(1));
        Assert.Equal(Refusal.SignatureWrong, (await Hear(mine, body)).Refused?.Refusal);
        clock.Move(-Duration.FromSeconds(602));
        Assert.Equal(Refusal.SignatureWrong, (await Hear(mine, body)).Refused?.Refusal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no json")]
    [InlineData("[]")]
    [InlineData("{\"id\":1}")]
    [InlineData("{\"id\":\"evt_1\",\"type\":\"payment_intent.succeeded\"}")]
    public async Task What_is_signed_and_no_event_is_refused(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var heard = await Hear(StripeSignature.Sign(Secret, clock.Now, bytes), bytes);
        Assert.Equal(Refusal.MalformedJson, heard.Refused?.Refusal);
    }

    Task<GatewayNews> Failed(string error) => Told("payment_intent.payment_failed", $$"""
        {"id":"pi_1","object":"payment_intent","status":"requires_payment_method","last_payment_error":{{error}}}
        """);

    async Task<GatewayNews> Told(string type, string about)
    {
        var body = Encoding.UTF8.GetBytes($$"""
            {"id":"evt_1","type":"{{type}}","created":{{clock.Now.ToUnixTimeSeconds()}},"data":{"object":{{about}} } }
            """);
        return (await Hear(StripeSignature.Sign(Secret, clock.Now, body), body)).Value;
    }

    async Task<Result<GatewayNews>> Hear(string header, byte[] body, string secret = Secret)
    {
        using var client = new GatewayClient(new HttpClient(), new HastyTime());
        var gateway = new StripeGateway(
            new StripeAccount(StripeAccount.StripeOrigin, "sk_test", secret), client, clock);
        var headers = new Dictionary<string, string> { [StripeSignature.Header] = header };
        return await gateway.Hear(new GatewayPost(headers, body), default);
    }
}
