namespace Tollkeeper.Providers;

/// <summary>How customers come, are limited and are suspended.</summary>
/// <param name="CreditNeedsSecondPerson">A credit limit that one of the staff proposes another must approve (R54).
/// </param>
/// <param name="SuspensionReasons">What staff may suspend an account for (R50).</param>
/// <param name="ProvincialIdRegions">R44: where a customer is asked for a provincial tax ID, as <c>CA-BC</c>.</param>
public sealed record AccountRules(
    SignUpRules SignUp, bool CreditNeedsSecondPerson, IReadOnlyList<SuspensionReason> SuspensionReasons,
    IReadOnlyList<string> ProvincialIdRegions)
{
    /// <summary>R46: where the provider's Terms of Service are read; null: the pages lead to none.</summary>
    public string? TermsUrl { get; init; }

    /// <summary>Documents of older releases do not say.</summary>
    public AdjustmentRules Adjustments { get; init; } = new(SecondPersonAboveMicros: 25_000_000, AdjustmentRules.Cents);
}

/// <summary>Credits and debits that staff post by hand; micros of the provider's currency.</summary>
/// <param name="SecondPersonAboveMicros">More than this another of the staff must approve; 0: anything.</param>
/// <param name="UnitMicros">What an amount is a whole number of: <see cref="Cents"/>, or 1 for micros.</param>
public sealed record AdjustmentRules(long SecondPersonAboveMicros, long UnitMicros)
{
    public const long Cents = Money.MicrosPerCent;
    public const long Micros = 1;
}

/// <summary>Signing up in the portal, and what a new account begins with.</summary>
/// <param name="Open">Whether strangers may sign up at all.</param>
/// <param name="NeedsApproval">Whether staff look at each before the account exists.</param>
/// <param name="OutboundDeck">By its name.</param>
/// <param name="InboundDeck">By its name; null: no inbound calls.</param>
public sealed record SignUpRules(
    bool Open, bool NeedsApproval, string OutboundDeck, string? InboundDeck, int Channels, int CallsPerSecond);

/// <summary>One reason of a provider's list, with what it blocks and what readers call it.</summary>
/// <param name="Code">A short stable word; those of violations begin with it.</param>
public sealed record SuspensionReason(string Code, Directions Blocks, string English, string French, string Spanish)
{
    public string In(Language language) => language switch
    {
        Language.English => English,
        Language.French => French,
        Language.Spanish => Spanish,
    };
}
