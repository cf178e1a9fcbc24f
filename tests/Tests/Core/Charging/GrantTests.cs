using FsCheck;
using FsCheck.Fluent;
using Tollkeeper.Charging;
using Tollkeeper.Providers;
using Tollkeeper.Tests.Golden;
using Xunit;

namespace Tollkeeper.Tests.Core.Charging;

public sealed class GrantTests
{
    static readonly CallRules FiveMinutes = new(300, 800_000, 14_400, 180, 60);

    [Fact]
    public void PRE_02_Calls_at_once_on_one_balance_are_granted_as_in_the_worked_examples()
    {
        var examples = WorkedExamples.WithInputs(
            "rate_per_min", "initial_s", "increment_s", "quota_s", "balance_micros", "call_attempts");
        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            var terms = TermsOf(example);
            var rules = FiveMinutes with { QuotaSeconds = example.Inputs.GetProperty("quota_s").GetInt32() };
            foreach (var (inputs, expected) in example.Cases())
            {
                var available = inputs.GetProperty("balance_micros").GetInt64();
                for (var i = 0; i < inputs.GetProperty("call_attempts").GetInt32(); i++)
                {
                    var result = Grant.First(terms, available, rules);
                    var grant = result.Accepted ? result.Value : default;
                    available -= grant.HeldMicros;
                    Assert.Equal(expected.GetProperty("grants_s")[i].GetInt32(), grant.Seconds);
                    Assert.Equal(expected.GetProperty("reserved_micros")[i].GetInt64(), grant.HeldMicros);
                    Assert.Equal(expected.GetProperty("results")[i].GetString(), Named(result));
                }
                Assert.Equal(expected.GetProperty("available_after_micros").GetInt64(), available);
            }
        }
    }

    [Fact]
    public void PRE_03_A_call_renewed_to_its_end_holds_and_returns_as_in_the_worked_examples()
    {
        var examples = WorkedExamples.WithInputs(
            "balance_micros", "rate_per_min", "initial_s", "increment_s", "quota_s", "renew_at_share",
            "call_duration_s");
        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            Assert.True(FixedPoint.TryRead(example.Inputs.GetProperty("renew_at_share").GetString(), 6, out var share));
            var rules = FiveMinutes with
            {
                QuotaSeconds = example.Inputs.GetProperty("quota_s").GetInt32(),
                RenewAtPartsPerMillion = (int)share,
            };
            var balance = example.Inputs.GetProperty("balance_micros").GetInt64();
            var seconds = example.Inputs.GetProperty("call_duration_s").GetInt32();
            var grants = Renewed(TermsOf(example), balance, rules, seconds);
            var held = grants[^1].HeldMicros;
            var charge = Charge.Of(TermsOf(example), seconds).TotalMicros;

            var expected = example.Expected;
            Assert.Equal(expected.GetProperty("reservations").GetInt32(), grants.Count);
            Assert.Equal(expected.GetProperty("reserved_each_micros").GetInt64(), grants[0].HeldMicros);
            Assert.Equal(expected.GetProperty("balance_less_reserved_at_peak_micros").GetInt64(), balance - held);
            Assert.Equal(expected.GetProperty("charge_micros").GetInt64(), charge);
            Assert.Equal(expected.GetProperty("released_micros").GetInt64(), held - charge);
            Assert.Equal(expected.GetProperty("final_balance_micros").GetInt64(), balance - charge);
        }
    }

    [Fact]
    public void PRE_03_At_four_fifths_of_a_quota_the_eighth_is_held_at_1224_seconds()
    {
        var rules = FiveMinutes with { QuotaSeconds = 180 };
        var grants = Renewed(Terms.Of("0.60", 1, 1), 60_000_000, rules, 1_230);
        Assert.Equal(8, grants.Count);
        Assert.Equal(1_224, grants[6].RenewInSeconds(grants[5].Seconds, rules));
        Assert.Equal(14_400_000, grants[7].HeldMicros);
    }

    [Fact]
    public void PRE_02_No_grant_ever_holds_more_than_is_available()
    {
        var walks =
            from terms in Terms.Any
            from quota in Gen.Choose(1, 400)
            from longest in Gen.Choose(1, 2_000)
            from available in Gen.Choose(-100_000, 2_000_000).ListOf(12)
            select (terms, rules: new CallRules(quota, 800_000, longest, 180, 60), available);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(1_000),
            Prop.ForAll(walks.ToArbitrary(), w => Obeys(w.terms, w.rules, w.available)));
    }

    [Fact]
    public void R48_A_top_up_during_a_final_grant_lets_the_call_go_on()
    {
        var terms = Terms.Of("0.60", 60, 60);
        var first = Grant.First(terms, 1_250_000, FiveMinutes).Value;
        Assert.Equal(new Grant(120, 1_200_000, Final: true), first);
        Assert.Equal(Refusal.InsufficientFunds, Renew(terms, first, 50_000).Refused?.Refusal);
        Assert.Equal(new Grant(420, 4_200_000, Final: false), Renew(terms, first, 3_000_000).Value);
    }

    [Fact]
    public void PRE_02_A_wallet_below_its_floor_gets_nothing_new_but_seconds_that_are_already_paid_for()
    {
        var rules = FiveMinutes with { QuotaSeconds = 30 };
        var terms = Terms.Of("0.60", 60, 60);
        var first = Grant.First(terms, 600_000, rules).Value;
        Assert.Equal(new Grant(30, 600_000, Final: false), first);
        var second = Grant.Next(terms, first.Seconds, first.HeldMicros, -1_000, rules).Value;
        Assert.Equal(new Grant(60, 600_000, Final: false), second);
        var third = Grant.Next(terms, second.Seconds, second.HeldMicros, -1_000, rules);
        Assert.Equal(Refusal.InsufficientFunds, third.Refused?.Refusal);
    }

    [Fact]
    public void PRE_01_A_call_at_its_longest_is_given_no_more_and_the_last_quota_is_cut_to_fit()
    {
        var terms = Terms.Of("0.01", 6, 6);
        var last = Grant.Next(terms, 14_300, Charge.Of(terms, 14_300).TotalMicros, 9_000_000, FiveMinutes).Value;
        Assert.Equal((14_400, false), (last.Seconds, last.Final));
        Assert.Equal(Refusal.CallTooLong, Renew(terms, last, 9_000_000).Refused?.Refusal);
    }

    [Theory]
    [InlineData(0, 300, 240)]
    [InlineData(300, 600, 540)]
    [InlineData(300, 301, 301)]
    [InlineData(300, 309, 308)]
    public void PRE_03_A_renewal_is_due_at_four_fifths_of_the_newest_quota(int before, int granted, int due) =>
        Assert.Equal(due, new Grant(granted, 0, false).RenewInSeconds(before, FiveMinutes));

    static Result<Grant> Renew(in CallTerms terms, Grant grant, long available) =>
        Grant.Next(terms, grant.Seconds, grant.HeldMicros, available, FiveMinutes);

    static List<Grant> Renewed(CallTerms terms, long balance, CallRules rules, int seconds)
    {
        List<Grant> grants = [Grant.First(terms, balance, rules).Value];
        for (var before = 0; grants[^1].RenewInSeconds(before, rules) < seconds;)
        {
            var last = grants[^1];
            before = last.Seconds;
            grants.Add(Grant.Next(terms, last.Seconds, last.HeldMicros, balance - last.HeldMicros, rules).Value);
        }
        return grants;
    }

    static bool Obeys(CallTerms terms, CallRules rules, IEnumerable<int> availableAtEachRequest)
    {
        var grant = default(Grant);
        foreach (var available in availableAtEachRequest)
        {
            var result = grant.Seconds == 0
                ? Grant.First(terms, available, rules)
                : Grant.Next(terms, grant.Seconds, grant.HeldMicros, available, rules);
            if (!result.Accepted) continue;
            var next = result.Value;
            var wanted = Math.Min(grant.Seconds + rules.QuotaSeconds, rules.MaxCallSeconds);
            var lawful = next.Seconds > grant.Seconds && next.Seconds <= wanted
                && next.Final == next.Seconds < wanted
                && next.HeldMicros == Charge.Of(terms, next.Seconds).TotalMicros
                && next.HeldMicros - grant.HeldMicros <= Math.Max(0, available)
                && next.RenewInSeconds(grant.Seconds, rules) is var due && due > grant.Seconds && due <= next.Seconds;
            if (!lawful) return false;
            grant = next;
        }
        return true;
    }

    static CallTerms TermsOf(WorkedExample example) => Terms.Of(
        example.Inputs.GetProperty("rate_per_min").GetString()!,
        example.Inputs.GetProperty("initial_s").GetInt32(),
        example.Inputs.GetProperty("increment_s").GetInt32());

    static string Named(Result<Grant> result) => result switch
    {
        { Accepted: true, Value.Final: false } => "OK",
        { Accepted: true } => "OK_FINAL_UNIT",
        _ => $"REJECT_{Refusals.Of(result.Refused!.Refusal).Sip}",
    };
}
