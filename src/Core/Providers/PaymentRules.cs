using NodaTime;

namespace Tollkeeper.Providers;

/// <summary>How money may come. The numbers are stored: never renumber.</summary>
public enum PaymentMethod
{
    Card = 1,
    PayPal = 2,
    Wire = 3,
    Ach = 4,
    Check = 5,
    Cash = 6,
}

/// <summary>
/// How customers pay (C1–C3, C14, C15, C18, C24): amounts are micros of the provider's currency, before tax.
/// </summary>
/// <param name="LeastMicros">C1: the smallest deposit.</param>
/// <param name="MostMicros">C2: the largest; null: no limit but that of any movement.</param>
/// <param name="MostBalanceMicros">C2: what a deposit may not raise the balance above; null: no limit.</param>
/// <param name="VoidAfterDays">C18: an outstanding deposit is voided then; null: it stays.</param>
/// <param name="Methods">Those that are offered, in the order in which they are shown.</param>
/// <param name="Cards">The first that fits decides; a card that none fits is not taken.</param>
public sealed record PaymentRules(
    long LeastMicros, long? MostMicros, long? MostBalanceMicros, int? VoidAfterDays, IReadOnlyList<MethodRule> Methods,
    IReadOnlyList<CardRule> Cards, AutomaticRules Automatic);

/// <param name="SelfService">The customer pays by it alone; else staff record it (R80).</param>
/// <param name="InstructionsShown">How to pay by it stands on the page; else staff tell it on request (R10).</param>
public sealed record MethodRule(PaymentMethod Method, bool SelfService, bool InstructionsShown);

/// <summary>
/// C14, C24: whether a card is taken for an account. Places are countries, <c>US</c>; all but one, <c>!US</c>; or any,
/// <c>*</c>.
/// </summary>
/// <param name="Billing">The country of the account's billing address.</param>
/// <param name="Card">The country of the card's own billing address.</param>
/// <param name="MatchAccount">The card's address must be the account's billing address (R64); else the address that is
/// given for the card is checked.</param>
public sealed record CardRule(string Billing, string Card, bool OneTime, bool Automatic, bool MatchAccount)
{
    public bool Fits(string billingCountry, string cardCountry) =>
        FitsBilling(billingCountry) && IsAmong(Card, cardCountry);

    public bool FitsBilling(string country) => IsAmong(Billing, country);

    static bool IsAmong(ReadOnlySpan<char> place, ReadOnlySpan<char> country) => place switch
    {
        "*" => true,
        ['!', .. var but] => !country.SequenceEqual(but),
        _ => country.SequenceEqual(place),
    };
}

/// <summary>C3: when automatic billing charges (R12–R17).</summary>
/// <param name="MostPerDay">Attempts on one billing day, approved or not; null: as often as needed.</param>
/// <param name="RetryMinute">The minute of the day, by the provider's clock, at which an attempt that had to wait is
/// made on the next billing day: 1 is 00:01.</param>
/// <param name="MostDeclines">After so many in a row it turns itself off (PAY-05).</param>
public sealed record AutomaticRules(int? MostPerDay, int RetryMinute, int MostDeclines)
{
    public LocalTime RetryAt() => LocalTime.FromMinutesSinceMidnight(RetryMinute);
}
