using Tollkeeper.Accounts;
using Tollkeeper.Providers;

namespace Tollkeeper.Payments;

/// <summary>Who may pay how (R84–R87), and how much (R9, R98), by the provider's rules.</summary>
public static class PaymentOffer
{
    /// <summary>
    /// Why an amount is no deposit, before tax (domain facts, chapter 6); null where it is. Refusals:
    /// <see cref="Refusal.DepositTooSmall"/>, <see cref="Refusal.DepositTooLarge"/>,
    /// <see cref="Refusal.BalanceTooLarge"/>, each with the limit as its detail.
    /// </summary>
    public static Refused? Problem(PaymentRules rules, Money amount, long balanceMicros)
    {
        if (amount.Micros % Money.MicrosPerCent != 0) return Refusal.BadAmount;
        if (amount.Micros < rules.LeastMicros) return Limit(Refusal.DepositTooSmall, rules.LeastMicros);
        if (rules.MostMicros is { } most && amount.Micros > most) return Limit(Refusal.DepositTooLarge, most);
        return rules.MostBalanceMicros is { } full && balanceMicros > full - amount.Micros
            ? Limit(Refusal.BalanceTooLarge, full)
            : null;

        Refused Limit(Refusal refusal, long micros) => new(refusal, $"{new Money(micros, amount.Currency)}");
    }

    /// <summary>
    /// Why a way to pay is not offered; null where it is. Refusal: <see cref="Refusal.MethodNotOffered"/>.
    /// </summary>
    public static Refused? Problem(PaymentRules rules, PaymentMethod method) =>
        rules.Methods.Any(rule => rule.Method == method) ? null : Refusal.MethodNotOffered;

    /// <summary>
    /// Why a card is not taken, by the countries of the account's and the card's billing address; null where it is.
    /// Refusals: <see cref="Refusal.MethodNotOffered"/>, <see cref="Refusal.CardNotTaken"/>,
    /// <see cref="Refusal.AutomaticNotOffered"/>.
    /// </summary>
    /// <param name="matches">The card's address is the account's billing address (R64).</param>
    public static Refused? CardProblem(
        PaymentRules rules, string billingCountry, string cardCountry, bool matches, bool automatic)
    {
        if (Problem(rules, PaymentMethod.Card) is { } none) return none;
        var rule = rules.Cards.FirstOrDefault(one => one.Fits(billingCountry, cardCountry));
        if (rule is null || (!rule.OneTime && !rule.Automatic)) return Refusal.CardNotTaken;
        if (automatic && !rule.Automatic) return Refusal.AutomaticNotOffered;
        if (!automatic && !rule.OneTime) return Refusal.CardNotTaken;
        return rule.MatchAccount && !matches ? Refusal.CardAddressDiffers : null;
    }

    /// <summary>
    /// The same of a card whose own address is known. Where it need not be the account's, its bank has to know it
    /// (C24): <see cref="Refusal.CardAddressDiffers"/> too.
    /// </summary>
    public static Refused? CardProblem(PaymentRules rules, Address billing, CardFacts card, bool automatic) =>
        CardProblem(rules, billing.Country, card.Country, card.IsAt(billing), automatic)
            ?? (card.AddressChecked ? null : Refusal.CardAddressDiffers);

    /// <summary>Whether any card can be charged automatically for an account there (R76, R86).</summary>
    public static bool HasAutomatic(PaymentRules rules, string billingCountry) =>
        Problem(rules, PaymentMethod.Card) is null
        && rules.Cards.Any(rule => rule.Automatic && rule.FitsBilling(billingCountry));
}
