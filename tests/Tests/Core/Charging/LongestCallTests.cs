using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Tollkeeper.Charging;
using Tollkeeper.Tests.Golden;
using Xunit;

namespace Tollkeeper.Tests.Core.Charging;

public sealed class LongestCallTests
{
    const int NoCapSeconds = 30 * 86_400;

    [Fact]
    public void PRE_01_The_longest_call_of_each_worked_example_is_found_with_its_exact_cost()
    {
        var examples = WorkedExamples.WithInputs(
            "available", "rate_per_min", "initial_s", "increment_s", "connect_fee", "cap_s");
        Assert.NotEmpty(examples);
        foreach (var (inputs, expected) in examples.SelectMany(example => example.Cases()))
        {
            var terms = Terms.Of(
                inputs.GetProperty("rate_per_min").GetString()!,
                inputs.GetProperty("initial_s").GetInt32(),
                inputs.GetProperty("increment_s").GetInt32(),
                inputs.GetProperty("connect_fee").GetString()!);
            Assert.True(FixedPoint.TryRead(inputs.GetProperty("available").GetString(), 6, out var available));
            var cap = inputs.GetProperty("cap_s") is { ValueKind: JsonValueKind.Number } given
                ? given.GetInt32() : NoCapSeconds;

            var seconds = LongestCall.Seconds(terms, available, cap);

            Assert.Equal(expected.GetProperty("max_duration_s").GetInt32(), seconds);
            Assert.Equal(expected.GetProperty("authorised").GetBoolean(), seconds > 0);
            Assert.Equal(
                expected.GetProperty("cost_at_max_micros").GetInt64(), Charge.Of(terms, seconds).TotalMicros);
            if (expected.GetProperty("sip_code") is { ValueKind: JsonValueKind.Number } sip)
                Assert.Equal(sip.GetInt32(), Refusals.Of(Refusal.InsufficientFunds).Sip);
        }
    }

    [Fact]
    public void PRE_01_The_search_finds_what_a_scan_of_every_increment_finds()
    {
        var cases =
            from terms in Terms.Any
            from available in Gen.OneOf(Gen.Choose(-1_000, 20_000), Gen.Choose(0, 5_000_000))
            from cap in Gen.Choose(-1, 1_500)
            select (terms, available, cap);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(3_000),
            Prop.ForAll(cases.ToArbitrary(), c =>
                LongestCall.Seconds(c.terms, c.available, c.cap) == Scanned(c.terms, c.available, c.cap)));
    }

    [Theory]
    [InlineData(-5_000_000, 300)]
    [InlineData(0, 300)]
    [InlineData(1, 1)]
    public void PRE_01_A_free_call_gets_the_cap_whatever_is_available(long available, int cap) =>
        Assert.Equal(cap, LongestCall.Seconds(Terms.Of("0", 60, 60), available, cap));

    [Fact]
    public void PRE_01_A_cap_between_two_increments_is_granted_when_its_billed_price_fits()
    {
        var terms = Terms.Of("0.60", 60, 60);
        Assert.Equal(90, LongestCall.Seconds(terms, 1_200_000, 90));
        Assert.Equal(60, LongestCall.Seconds(terms, 1_199_999, 90));
        Assert.Equal(30, LongestCall.Seconds(terms, 600_000, 30));
        Assert.Equal(0, LongestCall.Seconds(terms, 599_999, 30));
    }

    static int Scanned(in CallTerms terms, long available, int cap)
    {
        var best = 0;
        var spendable = available < 0 ? 0 : available;
        for (var s = terms.Rate.FirstSeconds; s <= cap; s += terms.Rate.NextSeconds)
            if (Charge.Of(terms, s).TotalMicros <= spendable) best = s;
        return cap > 0 && Charge.Of(terms, cap).TotalMicros <= spendable ? cap : best;
    }
}
