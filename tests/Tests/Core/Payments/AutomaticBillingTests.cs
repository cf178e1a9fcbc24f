using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using Tollkeeper.Payments;
using Tollkeeper.Providers;
using Tollkeeper.Taxes;
using Tollkeeper.Tests.Golden;
using Xunit;

namespace Tollkeeper.Tests.Core.Payments;

public sealed class AutomaticBillingTests
{
    static readonly AutomaticRules OnceADay = new(MostPerDay: 1, RetryMinute: 1, MostDeclines: 4);
    static readonly DateTimeZone Toronto = DateTimeZoneProviders.Tzdb["America/Toronto"];

    [Fact]
    public void R12_R14_R15_R16_R17_Each_worked_crossing_is_charged_or_waits_for_the_next_billing_day()
    {
        var examples = WorkedExamples.WithInputs("zone", "crossed_at", "threshold_cents", "recharge_base_cents");
        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            foreach (var (given, expected) in example.Cases())
                Check(example.Inputs.Object(), given.Object(), expected.Object());
        }
    }

    static void Check(JsonObject all, JsonObject given, JsonObject expected)
    {
        var zone = given.Text("zone") == "FIXED_EST_UTC-05:00"
            ? BillingZone.Of(new CalendarRules("UTC-05")).Value
            : DateTimeZoneProviders.Tzdb[given.Text("zone")];
        var crossed = At(given, "crossed_at");
        var threshold = all.Int("threshold_cents") * Money.MicrosPerCent;
        Instant[] before = given["already_attempted_on_billing_day"]?.GetValue<bool>() is true
            ? [crossed - Duration.FromHours(1)]
            : given["last_attempt_at"] is null ? [] : [At(given, "last_attempt_at")];
        var decision = AutomaticBilling.At(threshold, threshold, before, [], OnceADay, crossed, zone);
        Assert.Equal(decision, AutomaticBilling.At(threshold, threshold, [], before, OnceADay, crossed, zone));
        var charged = decision.Step == AutomaticStep.Charge && given["gateway"]!.GetValue<string>() == "APPROVED";
        if (decision.Step == AutomaticStep.Charge && !charged)
            decision = AutomaticBilling.AfterDecline(DeclineClass.RetryLater, 1, OnceADay, crossed, zone);
        Assert.Equal(
            expected.Text("action"), decision.Step == AutomaticStep.Charge ? "CHARGE_NOW" : "NOTIFY_AND_DEFER");
        if (expected["next_attempt_utc"] is not null) Assert.Equal(At(expected, "next_attempt_utc"), decision.NextAt);
        if (expected["billing_day"] is { } day)
            Assert.Equal(day.GetValue<string>(), LocalDatePattern.Iso.Format(decision.Day));
        var taxes = SalesTaxTable.Shipped.Of("CA-" + all.Text("province"), decision.Day).Value;
        var quote = TaxQuote.OnTop(
            new Money(all.Int("recharge_base_cents") * Money.MicrosPerCent, Currency.Cad), taxes, _ => null);
        if (expected["card_charge_cents"] is { } cents)
            Assert.Equal(cents.GetValue<int>(), charged ? quote.Total.Micros / Money.MicrosPerCent : 0);
    }

    [Fact]
    public void R12_Nothing_happens_above_the_threshold()
    {
        var now = Instant.FromUtc(2026, 7, 15, 14, 0);
        Assert.Equal(
            AutomaticStep.Nothing, AutomaticBilling.At(10_000_001, 10_000_000, [], [], OnceADay, now, Toronto).Step);
    }

    [Fact]
    public void C3_A_provider_may_charge_as_often_as_needed()
    {
        var now = Instant.FromUtc(2026, 7, 15, 14, 0);
        var attempts = Enumerable.Range(1, 9).Select(n => now - Duration.FromMinutes(n)).ToList();
        Assert.Equal(
            AutomaticStep.Charge,
            AutomaticBilling.At(0, 0, attempts, attempts, OnceADay with { MostPerDay = null }, now, Toronto).Step);
    }

    [Theory]
    [InlineData("2026-03-08T04:30:00Z", "2026-03-08T05:01:00Z")]
    [InlineData("2026-03-08T12:00:00Z", "2026-03-09T04:01:00Z")]
    [InlineData("2026-11-01T03:30:00Z", "2026-11-01T04:01:00Z")]
    [InlineData("2026-11-01T12:00:00Z", "2026-11-02T05:01:00Z")]
    public void TZ_01_The_next_attempt_is_a_minute_after_midnight_also_when_clocks_change(string now, string next) =>
        Assert.Equal(
            InstantPattern.ExtendedIso.Parse(next).Value,
            AutomaticBilling.NextAttempt(OnceADay, InstantPattern.ExtendedIso.Parse(now).Value, Toronto));

    [Theory]
    [InlineData(DeclineClass.RetryLater, 1, AutomaticStep.NotifyAndDefer)]
    [InlineData(DeclineClass.RetryLater, 4, AutomaticStep.TurnOff)]
    [InlineData(DeclineClass.FixFirst, 1, AutomaticStep.NotifyAndAsk)]
    [InlineData(DeclineClass.NeedsCustomer, 1, AutomaticStep.NotifyAndAsk)]
    [InlineData(DeclineClass.NeedsCustomer, 4, AutomaticStep.TurnOff)]
    [InlineData(DeclineClass.Never, 1, AutomaticStep.TurnOff)]
    public void PAY_04_What_follows_of_a_decline_goes_by_its_class(DeclineClass why, int inARow, AutomaticStep step) =>
        Assert.Equal(step, AutomaticBilling.AfterDecline(
            why, inARow, OnceADay, Instant.FromUtc(2026, 7, 15, 14, 0), Toronto).Step);

    [Theory]
    [InlineData("visa", "2025-05-18T00:00:00Z", 14, true)]
    [InlineData("visa", "2025-05-18T00:00:00Z", 15, false)]
    [InlineData("visa", "2026-07-15T00:00:00Z", 19, true)]
    [InlineData("visa", "2026-07-15T00:00:00Z", 20, false)]
    [InlineData("mastercard", "2026-07-15T00:00:00Z", 34, true)]
    [InlineData("mastercard", "2026-07-15T00:00:00Z", 35, false)]
    [InlineData("amex", "2026-07-15T00:00:00Z", 99, true)]
    public void PAY_05_A_card_is_not_charged_more_often_than_its_network_allows(
        string brand, string now, int declined, bool allowed)
    {
        var at = InstantPattern.ExtendedIso.Parse(now).Value;
        // None in the last day, all within 30 days.
        var times = Enumerable.Range(0, declined).Select(n => at - Duration.FromHours(25 + n)).ToList();
        Assert.Equal(allowed, CardNetworkLimits.Allow(brand, times, at));
    }

    [Fact]
    public void PAY_05_Mastercard_counts_the_last_day_alone_too()
    {
        var now = Instant.FromUtc(2026, 7, 15, 0, 0);
        var ten = Enumerable.Range(1, 10).Select(n => now - Duration.FromHours(n)).ToList();
        Assert.False(CardNetworkLimits.Allow("mastercard", ten, now));
        Assert.True(CardNetworkLimits.Allow("mastercard", ten, now + Duration.FromHours(23)));
    }

    static Instant At(JsonObject holder, string field) => InstantPattern.ExtendedIso.Parse(holder.Text(field)).Value;
}
