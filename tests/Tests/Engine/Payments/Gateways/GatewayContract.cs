using System.Text;
using NodaTime;
using Tollkeeper.Engine.Payments;
using Tollkeeper.Engine.Payments.Gateways;
using Tollkeeper.Payments;
using Xunit;

namespace Tollkeeper.Tests.Engine.Payments.Gateways;

/// <summary>What any gateway keeps, whoever is behind it: paying at its page, and what can come between.</summary>
public abstract partial class GatewayContract : IAsyncLifetime
{
    static readonly Money Amount = new(113_010_000, Currency.Cad);
    readonly List<GatewayNews> news = [];
    GatewayStage stage = null!;
    int heard;

    protected abstract Task<GatewayStage> Open();

    public async Task InitializeAsync() => stage = await Open();

    public async Task DisposeAsync() => await stage.DisposeAsync();

    [Fact]
    public async Task A_payment_is_agreed_to_then_captured_then_settled()
    {
        var (order, page) = await OpenPage();
        Assert.Equal(PaymentState.Initiated, Of(await Look(page.Reference)).StateFor(Amount));
        await stage.Agree(page);
        var agreed = Of(await Look(page.Reference));
        Assert.Equal(PaymentState.Authorized, agreed.StateFor(Amount));
        Assert.Equal(!stage.PayPal, agreed.Card is not null);
        var captured = Accepted(await stage.Gateway.Capture(page.Reference, order.Id, default));
        Assert.Equal(PaymentState.Settled, Of(captured).StateFor(Amount));
        Assert.NotNull(captured.MoneyReference);
        Assert.False(captured.WaitsForCharge);
        await IsSettledForGood(page.Reference);
    }

    [Fact]
    public async Task The_same_order_again_is_the_same_page()
    {
        var order = Order(PagePurpose.Pay);
        var first = Accepted(await stage.Gateway.Open(order, default));
        Assert.Equal(first, Accepted(await stage.Gateway.Open(order, default)));
    }

    [Fact]
    public async Task A_payment_is_captured_once_however_often_it_is_asked()
    {
        var (order, page) = await OpenPage();
        await stage.Agree(page);
        for (var again = 0; again < 3; again++)
        {
            var captured = Accepted(await stage.Gateway.Capture(page.Reference, order.Id, default));
            Assert.Equal(PaymentState.Settled, Of(captured).StateFor(Amount));
        }
        await IsSettledForGood(page.Reference);
        Assert.Single(await Movements(MovementKind.Payment));
    }

    [Fact]
    public async Task A_customer_who_went_back_paid_nothing_and_can_still_pay()
    {
        var (order, page) = await OpenPage();
        await stage.Leave(page);
        Assert.Contains(
            Of(await Look(page.Reference)).StateFor(Amount), new[] { PaymentState.Initiated, PaymentState.Cancelled });
        await stage.Agree(page);
        Accepted(await stage.Gateway.Capture(page.Reference, order.Id, default));
        await IsSettledForGood(page.Reference);
    }

    [Fact]
    public async Task What_is_cancelled_takes_no_money()
    {
        var (left, page) = await OpenPage();
        await stage.Leave(page);
        var cancelled = Accepted(await stage.Gateway.Cancel(page.Reference, left.Id, default));
        Assert.Equal(PaymentState.Cancelled, Of(cancelled).StateFor(Amount));
        Assert.Equal(PaymentState.Cancelled, Of(await Look(page.Reference)).StateFor(Amount));

        var (order, agreed) = await OpenPage();
        await stage.Agree(agreed);
        for (var again = 0; again < 2; again++)
        {
            cancelled = Accepted(await stage.Gateway.Cancel(agreed.Reference, order.Id, default));
            Assert.Equal(PaymentState.Cancelled, Of(cancelled).StateFor(Amount));
        }
        Assert.Empty(await Movements(MovementKind.Payment));
    }

    [Fact]
    public async Task Cancelling_what_was_captured_leaves_it_settled()
    {
        var (order, page) = await OpenPage();
        await stage.Agree(page);
        Accepted(await stage.Gateway.Capture(page.Reference, order.Id, default));
        var view = Accepted(await stage.Gateway.Cancel(page.Reference, order.Id, default));
        Assert.Equal(PaymentState.Settled, Of(view).StateFor(Amount));
    }

    [Fact]
    public async Task PAY_04_A_refusal_at_the_page_is_told_with_its_class_and_another_card_may_pay()
    {
        foreach (var why in stage.DeclinesAtPage)
        {
            var (order, page) = await OpenPage();
            await stage.BeDeclined(page, why);
            var facts = Of(await Look(page.Reference));
            Assert.Equal(PaymentState.Failed, facts.StateFor(Amount));
            Assert.Equal(why, facts.Failure!.Why);
            Assert.NotEqual("", facts.Failure.Code);
            await Move(Duration.FromMinutes(1));
            await stage.Agree(page);
            Accepted(await stage.Gateway.Capture(page.Reference, order.Id, default));
            await IsSettledForGood(page.Reference);
        }
    }

    [Fact]
    public async Task A_bank_may_ask_the_payer_to_confirm()
    {
        if (!stage.KnowsThreeDSecure) return;
        var (_, good) = await OpenPage();
        await stage.Confirm(good, confirmed: true);
        Assert.Equal(PaymentState.Authorized, Of(await Look(good.Reference)).StateFor(Amount));
        var (_, bad) = await OpenPage();
        await stage.Confirm(bad, confirmed: false);
        var facts = Of(await Look(bad.Reference));
        Assert.Equal(PaymentState.Failed, facts.StateFor(Amount));
        Assert.Equal(DeclineClass.NeedsCustomer, facts.Failure!.Why);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PAY_02_Money_that_takes_days_is_pending_until_it_is_there_or_is_not(bool settles)
    {
        var (order, page) = await OpenPage();
        await stage.Agree(page, slow: true);
        var pending = Accepted(await stage.Gateway.Capture(page.Reference, order.Id, default));
        Assert.Equal(PaymentState.Pending, Of(pending).StateFor(Amount));
        Assert.NotNull(pending.MoneyReference);
        await Move(Duration.FromDays(1));
        Assert.Equal(PaymentState.Pending, Of(await Look(page.Reference)).StateFor(Amount));
        await stage.Finish(pending, settles);
        if (settles)
        {
            await IsSettledForGood(page.Reference);
        }
        else
        {
            Assert.Equal(PaymentState.Failed, Of(await Look(page.Reference)).StateFor(Amount));
            Assert.Empty(await Movements(MovementKind.Payment));
        }
        await IsHeard(page.Reference, order.Id, settles ? PaymentState.Settled : PaymentState.Failed);
    }

    [Fact]
    public async Task What_a_look_says_has_the_same_names_the_next_time()
    {
        var (order, page) = await OpenPage();
        await stage.Agree(page);
        Accepted(await stage.Gateway.Capture(page.Reference, order.Id, default));
        var first = await Look(page.Reference);
        Accepted(await stage.Gateway.Refund(Back(first, order.Id, "ref_aaaaaaaaaaaaaaaa", 10_000_000), default));
        await stage.Dispute(first);
        var once = await Look(page.Reference);
        await Move(Duration.FromHours(5));
        var twice = await Look(page.Reference);
        Assert.Equal(once.Said.Select(said => (said.EventId, said.Event)),
            twice.Said.Select(said => (said.EventId, said.Event)));
        Assert.Equal(once.Said.Count, once.Said.Select(said => said.EventId).Distinct().Count());
        Assert.All(once.Said, said => Assert.NotEqual("", said.Raw));
    }

    [Fact]
    public async Task A_refund_in_three_parts_gives_each_part_back_once()
    {
        var (order, page) = await OpenPage();
        await stage.Agree(page);
        var paid = Accepted(await stage.Gateway.Capture(page.Reference, order.Id, default));
        var given = Money.Zero(Amount.Currency);
        foreach (var (id, micros) in new[]
        {
            ("ref_aaaaaaaaaaaaaaaa", 50_000_000L), ("ref_bbbbbbbbbbbbbbbb", 13_000_000),
            ("ref_cccccccccccccccc", 50_010_000),
        })
        {
            GatewayView view = paid;
            for (var again = 0; again < 2; again++)
                view = Accepted(await stage.Gateway.Refund(Back(paid, order.Id, id, micros), default));
            given += new Money(micros, Amount.Currency);
            Assert.Equal(given, Of(view).RefundedOf(Amount.Currency));
        }
        Assert.Equal(PaymentState.Refunded, Of(await Look(page.Reference)).StateFor(Amount));
        var tooMuch = await stage.Gateway.Refund(Back(paid, order.Id, "ref_dddddddddddddddd", 10_000), default);
        Assert.Equal(Refusal.GatewayRefused, tooMuch.Refused?.Refusal);
        Assert.Equal(3, (await Movements(MovementKind.Refund)).Count);
        await IsHeard(page.Reference, order.Id, PaymentState.Refunded);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ACC_02_A_dispute_is_heard_of_when_it_begins_and_when_it_is_decided(bool won)
    {
        var (order, page) = await OpenPage();
        await stage.Agree(page);
        var paid = Accepted(await stage.Gateway.Capture(page.Reference, order.Id, default));
        await Move(Duration.FromDays(9));
        await stage.Dispute(paid);
        await IsHeard(page.Reference, order.Id, PaymentState.Disputed);
        var facts = Of(await Look(page.Reference));
        Assert.Equal(PaymentState.Disputed, facts.StateFor(Amount));
        Assert.Equal(Amount, Assert.Single(facts.Disputes.Values).Amount);
        await Move(Duration.FromDays(30));
        await stage.Decide(await Look(page.Reference), won);
        var end = won ? PaymentState.Settled : PaymentState.DisputeLost;
        await IsHeard(page.Reference, order.Id, end);
        Assert.Equal(end, Of(await Look(page.Reference)).StateFor(Amount));
    }

    async Task<(PageOrder Order, HostedPage Page)> OpenPage()
    {
        var order = Order(PagePurpose.Pay);
        return (order, Accepted(await stage.Gateway.Open(order, default)));
    }

    PageOrder Order(PagePurpose purpose) => new(
        purpose, NewId(purpose == PagePurpose.Pay ? PublicId.Payment : PublicId.CardSetup),
        purpose == PagePurpose.Pay ? Amount : Money.Zero(Amount.Currency), "Deposit 100.00 CAD, QST “été”",
        "ana@example.com", null, stage.PayPal && purpose == PagePurpose.Pay, "fr",
        new Uri("https://voice.example/finances/done?of=1"),
        new Uri("https://voice.example/finances/back"));

    static string NewId(string prefix)
    {
        var random = new byte[PublicId.RandomBytes];
        Random.Shared.NextBytes(random);
        return PublicId.From(prefix, random).Text;
    }

    static RefundOrder Back(GatewayView paid, string paymentId, string id, long micros) => new(
        id, paymentId, paid.Reference, paid.MoneyReference!, new Money(micros, Amount.Currency), "too much");

    async Task<GatewayView> Look(string reference) => Accepted(await stage.Gateway.Look(reference, default));

    /// <summary>The facts that follow of all that a gateway says, in whichever order.</summary>
    static PaymentFacts Of(GatewayView view)
    {
        var inOrder = view.Said.Aggregate(PaymentFacts.None, (facts, said) => facts.With(said.Event));
        var reversed = view.Said.Reverse().Aggregate(PaymentFacts.None, (facts, said) => facts.With(said.Event));
        Assert.Equal(inOrder.StateFor(Amount), reversed.StateFor(Amount));
        return inOrder;
    }

    static T Accepted<T>(Result<T> result)
    {
        Assert.True(result.Accepted, $"{result.Refused}");
        return result.Value;
    }

    /// <summary>The whole amount moved, and just once.</summary>
    async Task IsSettledForGood(string reference)
    {
        var view = await Look(reference);
        var facts = Of(view);
        Assert.Equal(PaymentState.Settled, facts.StateFor(Amount));
        Assert.Equal(Amount, Assert.Single(facts.Amounts));
        var moved = (await Movements(MovementKind.Payment))
            .Where(movement => movement.MoneyReference == view.MoneyReference);
        Assert.Equal(Amount, Assert.Single(moved).Gross);
    }

    /// <summary>
    /// What the gateway posted says it, together with a look wherever a post only says that there is something to see.
    /// </summary>
    async Task IsHeard(string reference, string id, PaymentState state)
    {
        var view = await Look(reference);
        var facts = PaymentFacts.None;
        var about = 0;
        await Listen();
        foreach (var one in news)
        {
            if (one.Target is null || !(one.Target == id || one.Target == reference
                || one.Target == view.MoneyReference)) continue;
            about++;
            if (one.Event is { } told) facts = facts.With(told);
            else facts = view.Said.Aggregate(facts, (known, said) => known.With(said.Event));
        }
        Assert.NotEqual(0, about);
        Assert.Equal(state, facts.StateFor(Amount));
    }

    /// <summary>What was posted is heard when it comes: later its signature would be too old.</summary>
    async Task Move(Duration forward)
    {
        await Listen();
        stage.Clock.Move(forward);
    }

    async Task Listen()
    {
        foreach (var post in (await stage.Posts()).Skip(heard))
        {
            heard++;
            var one = Accepted(await stage.Gateway.Hear(post, default));
            Assert.NotEqual("", one.EventId);
            Assert.Equal(Encoding.UTF8.GetString(post.Body.Span), one.Raw);
            news.Add(one);
        }
    }

    async Task<IReadOnlyList<GatewayMovement>> Movements(MovementKind? kind = null)
    {
        var all = Accepted(await stage.Gateway.Movements(
            stage.Clock.Now - Duration.FromDays(365), stage.Clock.Now + Duration.FromDays(1), default));
        return [.. all.Where(movement => kind is null || movement.Kind == kind)];
    }
}
