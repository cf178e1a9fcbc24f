using NodaTime;
using Tollkeeper.Providers;

namespace Tollkeeper.Payments;

/// <summary>Automatic billing of one account (R11–R20): on or off, its settings and its card stay.</summary>
/// <param name="CardNo">The stored card that is charged.</param>
/// <param name="ThresholdMicros">Charged when what is left reaches it (C6).</param>
/// <param name="AmountMicros">What the balance grows by, before tax.</param>
/// <param name="Declines">Refused charges in a row.</param>
/// <param name="NextAt">When it is looked at again; null: when the wallet reaches the threshold.</param>
/// <param name="ToldDay">The billing day on which the customer was told that an attempt waits.</param>
/// <param name="CountedNo">The last payment whose outcome was counted.</param>
/// <param name="Halted">Why it waits for the customer: a word of <see cref="AutomaticHalt"/>; null: it does not.
/// </param>
/// <param name="Wakes">How often something happened that asks for a look.</param>
/// <param name="Version">Grows with each change that a person makes.</param>
public sealed record AutomaticSettings(
    long AccountNo, int ProviderNo, bool IsOn, long? CardNo, string Wallet, long ThresholdMicros, long AmountMicros,
    int Declines, Instant? NextAt, LocalDate? ToldDay, long? CountedNo, string? Halted, int Wakes, int Version)
{
    /// <summary>
    /// What is wrong with what a person chose, each with its field. Refusals: <see cref="Refusal.BadAmount"/>, those of
    /// <see cref="PaymentOffer.Problem(PaymentRules, Money, long)"/>.
    /// </summary>
    public static IEnumerable<Refused> Problems(PaymentRules rules, Money threshold, Money amount)
    {
        if (threshold.Micros is < 0 or > MostThresholdMicros || threshold.Micros % Money.MicrosPerCent != 0)
            yield return new Refused(Refusal.BadAmount, "Threshold");
        if (PaymentOffer.Problem(rules, amount, balanceMicros: 0) is { } problem)
            yield return problem with { Detail = "Amount" };
    }

    /// <summary>A million of any currency: more is a mistake.</summary>
    public const long MostThresholdMicros = 1_000_000_000_000;
}

/// <summary>Why automatic billing waits for the customer. The words are stored.</summary>
public static class AutomaticHalt
{
    /// <summary>The bank wants the customer to confirm.</summary>
    public const string Confirm = "confirm";

    /// <summary>The card expired, or its code or address is wrong.</summary>
    public const string FixCard = "fix_card";

    /// <summary>Never again with this card, or too often in vain: it is off (PAY-04, PAY-05).</summary>
    public const string TurnedOff = "turned_off";
}
