using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Tollkeeper.Charging;
using Tollkeeper.Tests.Golden;
using Xunit;

namespace Tollkeeper.Tests.Core.Charging;

public sealed class AdmissionTests
{
    static readonly Instant Start = Instant.FromUtc(2026, 2, 10, 12, 0);

    [Fact]
    public void R68_R69_PRE_05_Calls_arriving_in_bursts_are_admitted_as_in_the_worked_examples()
    {
        var examples = WorkedExamples.WithInputs("cps_limit", "bucket_capacity", "channel_limit", "arrivals");
        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            var cps = example.Inputs.GetProperty("cps_limit").GetInt32();
            var channels = example.Inputs.GetProperty("channel_limit").GetInt32();
            var bucket = RateBucket.Full(cps, Start);
            Assert.Equal(example.Inputs.GetProperty("bucket_capacity").GetInt64() * 1_000_000, bucket.MicroTokens);
            var open = 0;
            foreach (var (arrival, expected) in example.Inputs.GetProperty("arrivals").EnumerateArray()
                .Zip(example.Expected.GetProperty("cases").EnumerateArray()))
            {
                var now = Start + Duration.FromMilliseconds(arrival.GetProperty("at_ms").GetInt64());
                var answers = new List<Refusal?>();
                for (var i = 0; i < arrival.GetProperty("calls").GetInt32(); i++)
                {
                    var admission = Admission.Of(bucket, cps, open, channels, now);
                    bucket = admission.Bucket;
                    answers.Add(admission.Refusal);
                    if (admission.Refusal is null) open++;
                }
                Assert.Equal(expected.GetProperty("admitted").GetInt32(), answers.Count(a => a is null));
                Assert.Equal(
                    expected.GetProperty("rejected_cps").GetInt32(), answers.Count(a => a is Refusal.CpsExceeded));
                Assert.Equal(
                    expected.GetProperty("rejected_channels").GetInt32(),
                    answers.Count(a => a is Refusal.ChannelsExceeded));
                Assert.True(FixedPoint.TryRead(expected.GetProperty("tokens_after").GetString(), 6, out var tokens));
                Assert.Equal(tokens, bucket.MicroTokens);
            }
            Assert.Equal(example.Expected.GetProperty("active_after").GetInt32(), open);
            var after = Admission.Of(bucket, cps, open, channels, Start + Duration.FromSeconds(2)).Refusal!.Value;
            var named = $"REJECT_{Refusals.Of(after).Sip}_{(after == Refusal.ChannelsExceeded ? "CHANNELS" : "CPS")}";
            Assert.Equal(example.Expected.GetProperty("next_attempt_at_2000_ms").GetString(), named);
        }
    }

    [Fact]
    public void R69_The_bucket_admits_what_an_exact_continuous_refill_admits()
    {
        var runs =
            from limit in Gen.OneOf(Gen.Choose(0, 12), Gen.Choose(1, 100_000), Gen.Constant(int.MaxValue))
            from gaps in Gen.OneOf(
                Gen.Constant(0), Gen.Choose(0, 30), Gen.Choose(0, 400_000), Gen.Choose(-50_000, 3_000_000)).ListOf(60)
            select (limit, gaps);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(1_000),
            Prop.ForAll(runs.ToArbitrary(), r => AdmitsAsTheModelDoes(r.limit, r.gaps)));
    }

    [Fact]
    public void R69_A_limit_of_zero_calls_a_second_admits_none()
    {
        Assert.Null(RateBucket.Full(0, Start).TryTake(0, Start + Duration.FromDays(1)));
        Assert.Null(RateBucket.Full(5, Start).TryTake(0, Start));
    }

    [Fact]
    public void R68_A_limit_of_zero_channels_admits_none() => Assert.Equal(
        Refusal.ChannelsExceeded, Admission.Of(RateBucket.Full(5, Start), 5, 0, 0, Start).Refusal);

    [Fact]
    public void PRE_05_A_call_refused_for_its_rate_takes_no_token_and_one_refused_for_channels_has_taken_one()
    {
        var full = RateBucket.Full(1, Start);
        var overChannels = Admission.Of(full, 1, 3, 3, Start);
        Assert.Equal((Refusal.ChannelsExceeded, 0L), (overChannels.Refusal!.Value, overChannels.Bucket.MicroTokens));
        var overRate = Admission.Of(overChannels.Bucket, 1, 3, 3, Start + Duration.FromMilliseconds(999));
        Assert.Equal((Refusal.CpsExceeded, overChannels.Bucket), (overRate.Refusal!.Value, overRate.Bucket));
    }

    [Fact]
    public void PRE_05_An_instant_before_the_last_call_refills_nothing_and_does_not_turn_the_clock_back()
    {
        var bucket = RateBucket.Full(2, Start).TryTake(2, Start - Duration.FromHours(1))!.Value;
        Assert.Equal(new RateBucket(1_000_000, Start), bucket);
    }

    [Fact]
    public void PRE_05_A_lowered_limit_cuts_the_tokens_at_once() => Assert.Equal(
        0, RateBucket.Full(100, Start).TryTake(1, Start)!.Value.MicroTokens);

    /// <summary>The simpler model refills at each attempt, refused or not, in exact fractions of a token.</summary>
    static bool AdmitsAsTheModelDoes(int limit, IEnumerable<int> gapsInMicroseconds)
    {
        BigInteger capacity = new BigInteger(limit) * 1_000_000, tokens = capacity;
        long latest = 0, clock = 0;
        var bucket = RateBucket.Full(limit, Start);
        foreach (var gap in gapsInMicroseconds)
        {
            clock += gap;
            var elapsed = Math.Max(0, clock - latest);
            latest = Math.Max(latest, clock);
            tokens = BigInteger.Min(capacity, tokens + new BigInteger(limit) * elapsed);
            var admits = tokens >= 1_000_000;
            if (admits) tokens -= 1_000_000;
            var next = bucket.TryTake(limit, Start + Duration.FromTicks(10 * clock));
            if (next.HasValue != admits) return false;
            bucket = next ?? bucket;
            if (admits && bucket.MicroTokens != tokens) return false;
        }
        return true;
    }
}
