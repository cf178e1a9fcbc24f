using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Charging;
using Tollkeeper.Ledger;
using Xunit;

namespace Tollkeeper.Tests.Core.Charging;

public sealed class RunningCallTests
{
    static readonly Instant Start = Instant.FromUtc(2026, 3, 2, 15, 0);

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 1, 60_000)]
    [InlineData(60, 60, 60_000)]
    [InlineData(61, 61, 61_000)]
    [InlineData(299, 299, 299_000)]
    // It never costs more than what it was granted, however late its end is.
    [InlineData(4_000, 300, 300_000)]
    // A clock that went back.
    [InlineData(-5, 0, 0)]
    public void A_call_in_progress_costs_at_most_the_time_since_it_was_let_through(
        int elapsed, int seconds, long micros)
    {
        var running = RunningCall.Of(Hold(Terms.Of("0.06", 60, 1)), Start + Duration.FromSeconds(elapsed));
        Assert.Equal((seconds, micros), (running.Seconds, running.AtMostMicros));
    }

    [Fact]
    public void A_second_begun_counts_because_it_is_the_most_that_can_be()
    {
        var running = RunningCall.Of(Hold(Terms.Of("0.06", 1, 1)), Start + Duration.FromMilliseconds(60_001));
        Assert.Equal((61, 61_000L), (running.Seconds, running.AtMostMicros));
    }

    [Fact]
    public void An_emergency_call_costs_nothing_while_it_lasts()
    {
        var hold = Hold(Terms.Of("0.06", 1, 1)) with { Billable = false };
        Assert.Equal(0, RunningCall.Of(hold, Start + Duration.FromSeconds(60)).AtMostMicros);
    }

    static Hold Hold(CallTerms terms) => new()
    {
        Key = CallKey.Of(1, "sw1", "c1"),
        WalletNo = 1,
        AccountNo = 1,
        SwitchNo = 1,
        Call = "c1",
        Direction = Directions.Outbound,
        From = "+12125550100",
        To = "+14165550100",
        Billable = true,
        StartedAt = Start,
        ExpiresAt = Start + Duration.FromSeconds(540),
        GrantedSeconds = 300,
        HeldMicros = 300_000,
        Final = false,
        FirstAnswer = new FirstAnswer(300, 300_000, false, 240),
        Content = ContentHash.Of("authorize"),
        PolicyVersion = 1,
        Terms = terms.Keep(),
    };
}
