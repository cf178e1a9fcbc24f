using NodaTime;
using Tollkeeper.Providers;

namespace Tollkeeper.Payments;

/// <summary>What automatic billing does now.</summary>
public enum AutomaticStep
{
    /// <summary>The balance is above the threshold.</summary>
    Nothing,

    /// <summary>Charge the stored card.</summary>
    Charge,

    /// <summary>Tell the customer, and try on the next billing day.</summary>
    NotifyAndDefer,

    /// <summary>Tell the customer, who has to do something first: confirm, mend or replace the card.</summary>
    NotifyAndAsk,

    /// <summary>Tell the customer, and charge no more until somebody turns it on again.</summary>
    TurnOff,
}

/// <param name="Day">The billing day that an attempt counts for.</param>
/// <param name="NextAt">The next attempt, where one is set; made only if the balance is still at the threshold or
/// below.</param>
public readonly record struct AutomaticDecision(AutomaticStep Step, LocalDate Day, Instant? NextAt);

/// <summary>REC-05 (R12–R17): what reaching the threshold leads to, by days of the provider's zone (TZ-01).</summary>
public static class AutomaticBilling
{
    /// <param name="thresholdMicros">Reached is enough (C6).</param>
    /// <param name="attemptsOfAccount">When the account was charged, or should have been.</param>
    /// <param name="attemptsOfCard">The same of the card, on any account: the stricter counts (C25).</param>
    public static AutomaticDecision At(
        long balanceMicros, long thresholdMicros, IEnumerable<Instant> attemptsOfAccount,
        IEnumerable<Instant> attemptsOfCard, AutomaticRules rules, Instant now, DateTimeZone zone)
    {
        var day = now.InZone(zone).Date;
        if (balanceMicros > thresholdMicros) return new AutomaticDecision(AutomaticStep.Nothing, day, null);
        var made = Math.Max(On(day, attemptsOfAccount, zone), On(day, attemptsOfCard, zone));
        return made < (rules.MostPerDay ?? int.MaxValue)
            ? new AutomaticDecision(AutomaticStep.Charge, day, null)
            : new AutomaticDecision(AutomaticStep.NotifyAndDefer, day, NextAttempt(rules, now, zone));
    }

    /// <summary>What follows of a refused charge (R17, PAY-03 to PAY-05).</summary>
    /// <param name="inARow">Refused charges since the last that succeeded, this one among them.</param>
    public static AutomaticDecision AfterDecline(
        DeclineClass why, int inARow, AutomaticRules rules, Instant now, DateTimeZone zone)
    {
        var day = now.InZone(zone).Date;
        if (inARow >= rules.MostDeclines) return new AutomaticDecision(AutomaticStep.TurnOff, day, null);
        return why switch
        {
            DeclineClass.RetryLater =>
                new AutomaticDecision(AutomaticStep.NotifyAndDefer, day, NextAttempt(rules, now, zone)),
            DeclineClass.FixFirst or DeclineClass.NeedsCustomer =>
                new AutomaticDecision(AutomaticStep.NotifyAndAsk, day, null),
            DeclineClass.Never => new AutomaticDecision(AutomaticStep.TurnOff, day, null),
        };
    }

    /// <summary>R16: computed from the next local date, with the offset valid then.</summary>
    public static Instant NextAttempt(AutomaticRules rules, Instant now, DateTimeZone zone) =>
        zone.AtLeniently(now.InZone(zone).Date.PlusDays(1) + rules.RetryAt()).ToInstant();

    static int On(LocalDate day, IEnumerable<Instant> attempts, DateTimeZone zone) =>
        attempts.Count(attempt => attempt.InZone(zone).Date == day);
}
