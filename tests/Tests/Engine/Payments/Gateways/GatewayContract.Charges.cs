using NodaTime;
using Tollkeeper.Engine.Payments.Gateways;
using Tollkeeper.Payments;
using Xunit;

namespace Tollkeeper.Tests.Engine.Payments.Gateways;

/// <summary>And what it keeps of stored cards, and of bad days.</summary>
public abstract partial class GatewayContract
{
    [Fact]
    public async Task A_card_that_a_customer_leaves_is_charged_later()
    {
        var order = Order(PagePurpose.StoreCard);
        var page = Accepted(await stage.Gateway.Open(order, default));
        Assert.Null(Accepted(await stage.Gateway.Stored(page.Reference, default)));
        await stage.LeaveCard(page, LeftCard.Good);
        var stored = Accepted(await stage.Gateway.Stored(page.Reference, default));
        Assert.NotNull(stored);
        Assert.NotEqual("", stored.Token);
        Assert.NotEqual("", stored.Card.Fingerprint);
        Assert.NotEqual("", stored.Card.Brand);
        var charge = Charge(stored);
        var reference = Accepted(await stage.Gateway.Prepare(charge, default));
        Assert.True((await Look(reference)).WaitsForCharge);
        Assert.Empty(await Movements(MovementKind.Payment));
        var view = Accepted(await stage.Gateway.Charge(reference, charge, default));
        Assert.Equal(PaymentState.Settled, Of(view).StateFor(Amount));
        Assert.False((await Look(reference)).WaitsForCharge);
        await IsSettledForGood(reference);
        await IsHeard(reference, charge.Id, PaymentState.Settled);
    }

    [Fact]
    public async Task Preparing_twice_is_one_charge_and_charging_twice_moves_money_once()
    {
        var charge = Charge(await Store(LeftCard.Good));
        var reference = Accepted(await stage.Gateway.Prepare(charge, default));
        Assert.Equal(reference, Accepted(await stage.Gateway.Prepare(charge, default)));
        for (var again = 0; again < 3; again++)
        {
            var view = Accepted(await stage.Gateway.Charge(reference, charge, default));
            Assert.Equal(PaymentState.Settled, Of(view).StateFor(Amount));
        }
        await IsSettledForGood(reference);
        Assert.Single(await Movements(MovementKind.Payment));
    }

    [Fact]
    public async Task What_is_prepared_and_given_up_is_not_charged()
    {
        var charge = Charge(await Store(LeftCard.Good));
        var reference = Accepted(await stage.Gateway.Prepare(charge, default));
        Accepted(await stage.Gateway.Cancel(reference, charge.Id, default));
        var late = await stage.Gateway.Charge(reference, charge, default);
        if (late.Accepted) Assert.Equal(PaymentState.Cancelled, Of(late.Value).StateFor(Amount));
        Assert.Empty(await Movements(MovementKind.Payment));
    }

    [Fact]
    public async Task PAY_03_PAY_04_A_stored_card_that_is_refused_tells_what_follows_and_moves_nothing()
    {
        foreach (var card in stage.OddCards.Where(card => card != LeftCard.Slow))
        {
            var charge = Charge(await Store(card));
            var reference = Accepted(await stage.Gateway.Prepare(charge, default));
            for (var again = 0; again < 2; again++)
            {
                var facts = Of(Accepted(await stage.Gateway.Charge(reference, charge, default)));
                Assert.Equal(PaymentState.Failed, facts.StateFor(Amount));
                Assert.Equal(ClassOf(card), facts.Failure!.Why);
            }
            if (!stage.RemembersDeclines) continue;
            Assert.Equal(ClassOf(card), Of(await Look(reference)).Failure!.Why);
            Assert.False((await Look(reference)).WaitsForCharge);
            await IsHeard(reference, charge.Id, PaymentState.Failed);
        }
        Assert.Empty(await Movements(MovementKind.Payment));
    }

    [Fact]
    public async Task PAY_02_A_stored_card_may_take_days_too()
    {
        if (!stage.OddCards.Contains(LeftCard.Slow)) return;
        var charge = Charge(await Store(LeftCard.Slow));
        var reference = Accepted(await stage.Gateway.Prepare(charge, default));
        var pending = Accepted(await stage.Gateway.Charge(reference, charge, default));
        Assert.Equal(PaymentState.Pending, Of(pending).StateFor(Amount));
        await stage.Finish(pending, settles: true);
        await IsSettledForGood(reference);
    }

    [Fact]
    public async Task A_card_that_is_deleted_is_gone_and_deleting_it_again_is_as_good()
    {
        var stored = await Store(LeftCard.Good);
        Assert.True(Accepted(await stage.Gateway.Forget(stored, default)));
        Assert.True(Accepted(await stage.Gateway.Forget(stored, default)));
        var charge = Charge(stored);
        var prepared = await stage.Gateway.Prepare(charge, default);
        if (prepared.Accepted)
        {
            var late = await stage.Gateway.Charge(prepared.Value, charge, default);
            if (late.Accepted) Assert.Equal(PaymentState.Failed, Of(late.Value).StateFor(Amount));
        }
        Assert.Empty(await Movements(MovementKind.Payment));
    }

    [Fact]
    public async Task What_is_unknown_at_the_gateway_is_refused()
    {
        var view = await stage.Gateway.Look("unknown_reference", default);
        Assert.Equal(Refusal.GatewayRefused, view.Refused?.Refusal);
    }

    [Theory]
    [InlineData(Trouble.TooMany)]
    [InlineData(Trouble.ServerError)]
    [InlineData(Trouble.Html)]
    [InlineData(Trouble.CutBeforeTheWork)]
    [InlineData(Trouble.CutAfterTheWork)]
    public async Task What_is_away_for_a_moment_is_asked_again_and_nothing_is_doubled(Trouble trouble)
    {
        var charge = Charge(await Store(LeftCard.Good));
        stage.Make(trouble, 2);
        var reference = Accepted(await stage.Gateway.Prepare(charge, default));
        stage.Make(trouble, 2);
        var paid = Accepted(await stage.Gateway.Charge(reference, charge, default));
        Assert.Equal(PaymentState.Settled, Of(paid).StateFor(Amount));
        stage.Make(trouble, 2);
        var view = Accepted(await stage.Gateway.Refund(
            Back(paid, charge.Id, "ref_aaaaaaaaaaaaaaaa", 13_010_000), default));
        Assert.Equal(new Money(13_010_000, Amount.Currency), Of(view).RefundedOf(Amount.Currency));
        Assert.Single(await Movements(MovementKind.Payment));
        Assert.Single(await Movements(MovementKind.Refund));
    }

    [Theory]
    [InlineData(Trouble.TooMany)]
    [InlineData(Trouble.ServerError)]
    [InlineData(Trouble.Html)]
    [InlineData(Trouble.Silence)]
    [InlineData(Trouble.CutBeforeTheWork)]
    [InlineData(Trouble.CutAfterTheWork)]
    public async Task What_got_no_answer_is_looked_up_and_moved_the_money_once_or_not_at_all(Trouble trouble)
    {
        var charge = Charge(await Store(LeftCard.Good));
        var reference = Accepted(await stage.Gateway.Prepare(charge, default));
        stage.Make(trouble, 100);
        var lost = await stage.Gateway.Charge(reference, charge, default);
        Assert.Equal(Refusal.GatewayAway, lost.Refused?.Refusal);
        Assert.Equal(Refusal.GatewayAway, (await stage.Gateway.Look(reference, default)).Refused?.Refusal);
        stage.Make(trouble, 0);
        var view = await Look(reference);
        Assert.Equal(view.WaitsForCharge, trouble != Trouble.CutAfterTheWork);
        if (view.WaitsForCharge) Accepted(await stage.Gateway.Charge(reference, charge, default));
        await IsSettledForGood(reference);
        Assert.Single(await Movements(MovementKind.Payment));
    }

    [Fact]
    public async Task A_post_that_the_gateway_did_not_sign_is_refused()
    {
        var (order, page) = await OpenPage();
        await stage.Agree(page);
        Accepted(await stage.Gateway.Capture(page.Reference, order.Id, default));
        var posts = await stage.Posts();
        Assert.NotEmpty(posts);
        foreach (var post in posts)
        {
            Accepted(await stage.Gateway.Hear(post, default));
            // Twice is no fault: it is kept once, by its name.
            Accepted(await stage.Gateway.Hear(post, default));
            await IsUnsigned(stage.Forge(post));
            var tampered = post.Body.ToArray();
            tampered[tampered.Length / 2] ^= 1;
            await IsUnsigned(post with { Body = tampered });
            await IsUnsigned(post with { Body = new byte[] { (byte)'{', (byte)'}' } });
            await IsUnsigned(post with { Headers = new Dictionary<string, string>() });
            await IsUnsigned(post with
            {
                Headers = post.Headers.ToDictionary(header => header.Key, header => "é" + header.Value[1..]),
            });
        }
    }

    [Fact]
    public async Task What_moved_adds_up_to_the_gateway_s_own_balance()
    {
        var (order, page) = await OpenPage();
        await stage.Agree(page);
        var paid = Accepted(await stage.Gateway.Capture(page.Reference, order.Id, default));
        var charge = Charge(await Store(LeftCard.Good));
        var reference = Accepted(await stage.Gateway.Prepare(charge, default));
        Accepted(await stage.Gateway.Charge(reference, charge, default));
        Accepted(await stage.Gateway.Refund(Back(paid, order.Id, "ref_aaaaaaaaaaaaaaaa", 13_010_000), default));
        await stage.Dispute(await Look(reference));
        var moved = await Movements();
        var sum = moved.Aggregate(
            Money.Zero(Amount.Currency), (total, movement) => total + movement.Gross - movement.Fee);
        Assert.Equal(await stage.Balance(Amount.Currency), sum);
        Assert.Equal(moved.Count, moved.Select(movement => movement.Id).Distinct().Count());
        Assert.All(
            moved.Where(movement => movement.Kind is MovementKind.Payment or MovementKind.Refund),
            movement => Assert.NotNull(movement.MoneyReference));
        Assert.Empty(Accepted(await stage.Gateway.Movements(
            stage.Clock.Now + Duration.FromDays(1), stage.Clock.Now + Duration.FromDays(2), default)));
    }

    static ChargeOrder Charge(StoredInstrument stored) =>
        new(NewId(PublicId.Payment), Amount, "Automatic billing", stored);

    async Task<StoredInstrument> Store(LeftCard card)
    {
        var page = Accepted(await stage.Gateway.Open(Order(PagePurpose.StoreCard), default));
        await stage.LeaveCard(page, card);
        var stored = Accepted(await stage.Gateway.Stored(page.Reference, default));
        Assert.NotNull(stored);
        return stored;
    }

    async Task IsUnsigned(GatewayPost post) =>
        Assert.Equal(Refusal.SignatureWrong, (await stage.Gateway.Hear(post, default)).Refused?.Refusal);

    static DeclineClass ClassOf(LeftCard card) => card switch
    {
        LeftCard.LacksMoney => DeclineClass.RetryLater,
        LeftCard.Expired => DeclineClass.FixFirst,
        LeftCard.Lost => DeclineClass.Never,
        LeftCard.WantsCustomer => DeclineClass.NeedsCustomer,
        _ => throw new ArgumentOutOfRangeException(nameof(card), card, "It is not refused."),
    };
}
