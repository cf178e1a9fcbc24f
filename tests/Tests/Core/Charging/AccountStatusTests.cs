using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Charging;
using Tollkeeper.Providers;
using Xunit;

namespace Tollkeeper.Tests.Core.Charging;

public sealed class AccountStatusTests
{
    static readonly Instant Since = Instant.FromUtc(2026, 3, 1, 9, 0);
    static readonly WalletStanding Rich = new(Directions.Both, 1_000_000, 0);
    static readonly WalletStanding Poor = new(Directions.Both, 0, 0);
    static readonly SuspendRules Soft = new(InboundAtFloor: false);
    static readonly SuspendRules Hard = new(InboundAtFloor: true);

    [Fact]
    public void R67_An_account_without_a_reason_is_on()
    {
        var status = AccountStatus.Of(Facts(), [], [Rich], Soft);
        Assert.True(status.On);
        Assert.Equal(Directions.None, status.Blocks);
    }

    [Fact]
    public void R48_R50_R67_Every_reason_is_told_with_its_cause_and_money_clears_only_its_own()
    {
        Suspension[] suspensions =
        [
            new("violation", Directions.Outbound, "staff", Since), new("fraud", Directions.Inbound, "staff", Since),
        ];
        var facts = Facts() with { Blocks = Directions.Both };
        var status = AccountStatus.Of(facts, suspensions, [Poor], Soft);
        Assert.False(status.On);
        Assert.Equal(
            [
                new("violation", StatusCause.Violation, Directions.Outbound, Since),
                new("fraud", StatusCause.Other, Directions.Inbound, Since),
                new("funds", StatusCause.Funds, Directions.Outbound, null),
            ],
            status.Reasons);
        var paid = AccountStatus.Of(facts, suspensions, [Rich], Soft);
        Assert.Equal(["violation", "fraud"], paid.Reasons.Select(reason => reason.Code));
    }

    [Fact]
    public void A_closed_account_is_off_in_both_directions_whatever_it_has()
    {
        var status = AccountStatus.Of(Facts() with { Closed = true }, [], [Rich], Soft);
        Assert.Equal(
            new StatusReason("closed", StatusCause.Closed, Directions.Both, null), Assert.Single(status.Reasons));
        Assert.Equal(Directions.Both, status.Blocks);
    }

    [Fact]
    public void R93_C5_Each_direction_is_judged_by_the_wallet_that_pays_for_it()
    {
        WalletStanding outboundRich = new(Directions.Outbound, 5, 0), inboundPoor = new(Directions.Inbound, -1, 0);
        Assert.True(AccountStatus.Of(Facts(), [], [outboundRich, inboundPoor], Soft).On);
        var hard = AccountStatus.Of(Facts(), [], [outboundRich, inboundPoor], Hard);
        Assert.Equal((false, Directions.Inbound), (hard.On, hard.Blocks));
        WalletStanding onCredit = new(Directions.Both, -4_999_999, -5_000_000);
        Assert.True(AccountStatus.Of(Facts(), [], [onCredit], Hard).On);
        Assert.False(AccountStatus.Of(Facts(), [], [onCredit with { BalanceMicros = -5_000_000 }], Hard).On);
    }

    static AccountFacts Facts() => new(
        1, 1, AccountType.Prepaid, Currency.Usd, TaxStatus.NonExempt, Directions.None, Closed: false, 10, 10, 1, null,
        null);
}
