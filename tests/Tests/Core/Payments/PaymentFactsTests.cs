using NodaTime;
using Tollkeeper.Payments;
using Xunit;

namespace Tollkeeper.Tests.Core.Payments;

public sealed class PaymentFactsTests
{
    static readonly Instant Noon = Instant.FromUtc(2026, 5, 12, 12, 0);
    static readonly Money Asked = new(28_250_000, Currency.Cad);

    [Fact]
    public void PAY_01_In_whatever_order_and_however_often_events_come_the_payment_is_the_same()
    {
        var random = new Random(20261122);
        for (var n = 0; n < 5_000; n++)
        {
            var events = Enumerable.Range(0, random.Next(1, 9)).Select(_ => Some(random)).ToList();
            var expected = Seen(events);
            var shuffled = events.Concat(events.Where(_ => random.Next(2) == 0)).OrderBy(_ => random.Next()).ToList();
            Assert.Equal(expected, Seen(shuffled));
        }
    }

    [Fact]
    public void A_card_that_was_refused_first_and_taken_then_has_paid()
    {
        PaymentEvent[] events =
            [new PaymentFailed(Noon, DeclineClass.FixFirst, "incorrect_cvc"), new PaymentSettled(Later(1), Asked)];
        Assert.Equal(PaymentState.Settled, Of(events).StateFor(Asked));
        Assert.Null(Of(events).Failure);
        Assert.Equal(PaymentState.Failed, Of(events[..1]).StateFor(Asked));
    }

    [Fact]
    public void R89_PAY_02_An_eCheck_is_pending_for_days_and_then_settles_or_fails()
    {
        var pending = Of(new PaymentPending(Noon));
        Assert.Equal(PaymentState.Pending, pending.StateFor(Asked));
        Assert.Equal(PaymentState.Settled, pending.With(new PaymentSettled(Later(72), Asked)).StateFor(Asked));
        var failed = pending.With(new PaymentFailed(Later(72), DeclineClass.RetryLater, "returned"));
        Assert.Equal(PaymentState.Failed, failed.StateFor(Asked));
        Assert.Equal(PaymentState.Pending, failed.With(new PaymentPending(Later(96))).StateFor(Asked));
    }

    [Fact]
    public void PAY_01_Another_amount_or_currency_waits_for_staff()
    {
        var less = Of(new PaymentSettled(Noon, Asked - new Money(10_000, Currency.Cad)));
        Assert.Equal(PaymentState.Mismatched, less.StateFor(Asked));
        var dollars = new Money(Asked.Micros, Currency.Usd);
        Assert.Equal(PaymentState.Mismatched, Of(new PaymentSettled(Noon, dollars)).StateFor(Asked));
        Assert.Equal(PaymentState.Mismatched, less.With(new PaymentSettled(Noon, Asked)).StateFor(Asked));
    }

    [Fact]
    public void Refunds_add_up_and_one_that_failed_counts_no_more()
    {
        var third = new Money(10_000_000, Currency.Cad);
        var facts = Of(new PaymentSettled(Noon, Asked), new PaymentRefunded(Later(1), "r1", third, false));
        Assert.Equal(PaymentState.PartlyRefunded, facts.StateFor(Asked));
        facts = facts.With(new PaymentRefunded(Later(2), "r2", Asked - third, false));
        Assert.Equal(PaymentState.Refunded, facts.StateFor(Asked));
        facts = facts.With(new PaymentRefunded(Later(3), "r1", third, true));
        Assert.Equal(PaymentState.PartlyRefunded, facts.StateFor(Asked));
        Assert.Equal(Asked - third, facts.RefundedOf(Currency.Cad));
    }

    [Theory]
    [InlineData(DisputeStage.Won, PaymentState.Settled)]
    [InlineData(DisputeStage.Lost, PaymentState.DisputeLost)]
    public void A_dispute_is_won_or_lost_also_when_its_end_is_told_first(DisputeStage end, PaymentState state)
    {
        var opened = new PaymentDisputed(Later(1), "d1", Asked, DisputeStage.Open);
        var closed = new PaymentDisputed(Later(9), "d1", Asked, end);
        Assert.Equal(PaymentState.Disputed, Of(new PaymentSettled(Noon, Asked), opened).StateFor(Asked));
        Assert.Equal(state, Of(closed, new PaymentSettled(Noon, Asked), opened).StateFor(Asked));
    }

    [Fact]
    public void TAX_CA_03_The_earliest_time_of_settling_counts()
    {
        var facts = Of(new PaymentSettled(Later(5), Asked), new PaymentSettled(Noon, Asked));
        Assert.Equal((Noon, PaymentState.Settled), (facts.SettledAt, facts.StateFor(Asked)));
    }

    static object Seen(IEnumerable<PaymentEvent> events)
    {
        var facts = Of([.. events]);
        return (facts.StateFor(Asked), facts.SettledAt, facts.Failure, facts.RefundedOf(Currency.Cad));
    }

    static PaymentFacts Of(params PaymentEvent[] events) =>
        events.Aggregate(PaymentFacts.None, (facts, said) => facts.With(said));

    /// <summary>Few instants, so that many are equal.</summary>
    static PaymentEvent Some(Random random)
    {
        var at = Later(random.Next(3));
        var part = new Money(random.Next(1, 3) * 5_000_000L, Currency.Cad);
        return random.Next(6) switch
        {
            0 => new PaymentPending(at),
            1 => new PaymentFailed(at, (DeclineClass)random.Next(1, 5), random.Next(2) == 0 ? "a" : "b"),
            2 => new PaymentCancelled(at),
            3 => new PaymentSettled(at, random.Next(9) == 0 ? part : Asked),
            4 => new PaymentRefunded(at, $"r{random.Next(2)}", part, random.Next(3) == 0),
            _ => new PaymentDisputed(at, "d", Asked, (DisputeStage)random.Next(1, 4)),
        };
    }

    static Instant Later(int hours) => Noon + Duration.FromHours(hours);
}
