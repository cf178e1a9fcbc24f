using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Charging;
using Tollkeeper.Providers;
using Tollkeeper.Rating;
using Tollkeeper.Taxes;

namespace Tollkeeper.Engine.Charging;

/// <summary>
/// Finds the terms of a call: the rate of the account's deck in force at its start (RATE-04, RATE-09), the jurisdiction
/// (RATE-05), and the tax inside the call where the policy taxes usage (TAX-US-01). All from this node's memory, but
/// the decks of calls that are long over.
/// </summary>
public sealed class CallPrices(Func<int, Instant, ValueTask<Result<RateDeck>>> deckOf, Func<NumberingTable> numbering,
    Func<FactorTable> factors)
{
    /// <summary>For a call that starts now, whose deck is in memory.</summary>
    public Result<CallTerms> TermsOf(
        AccountFacts account, CallQuestion question, DialledNumber dialled, PolicyVersion policy, Instant at)
    {
        var deck = DeckOf(account, question.Direction, at);
        // A decision cannot wait for the database: whoever asks again in a moment finds the deck read.
        if (!deck.IsCompletedSuccessfully) return Refusal.Busy;
        var known = deck.Result;
        return known.Refused is { } noDeck
            ? noDeck
            : TermsOf(known.Value, account, question, dialled, policy, at);
    }

    public Result<CallTerms> TermsOf(
        RateDeck deck, AccountFacts account, CallQuestion question, DialledNumber dialled, PolicyVersion policy,
        Instant at)
    {
        var match = deck.Find(dialled.Digits, at);
        if (match.Refused is { } noRate) return noRate;
        if (deck.Currency != account.Currency) return Refusal.CurrencyMismatch;
        var outbound = question.Direction == Directions.Outbound;
        var rules = policy.Policy.Dialling;
        var lrn = question.Lrn is null ? null : DialledNumber.CallerDigits(question.Lrn, rules);
        var jurisdiction = outbound
            ? CallJurisdiction.Of(DialledNumber.CallerDigits(question.From, rules), dialled.Digits, lrn, numbering())
            : CallJurisdiction.None;
        var dip = outbound && lrn is not null ? policy.Policy.Fees.LrnDipMicros : 0;
        var terms = match.Value.TermsFor(jurisdiction, dip);
        if (!outbound) return new CallTerms(terms, UsageTax.None);
        var tax = TaxOf(account, policy.Policy, terms.Jurisdiction, at);
        return tax.Refused is { } noTax ? noTax : new CallTerms(terms, tax.Value);
    }

    /// <summary>
    /// There at once for calls of now; what is not begins to be read, and may fail as a database does.
    /// </summary>
    public ValueTask<Result<RateDeck>> DeckOf(AccountFacts account, Directions direction, Instant at) =>
        DeckNoOf(account, direction) is { } no ? deckOf(no, at) : new(Refusal.NoRate);

    public static int? DeckNoOf(AccountFacts account, Directions direction) =>
        direction == Directions.Outbound ? account.OutboundDeckNo : account.InboundDeckNo;

    Result<UsageTax> TaxOf(AccountFacts account, Policy policy, Jurisdiction jurisdiction, Instant at)
    {
        var zone = BillingZone.Of(policy.Calendar);
        if (zone.Refused is { } noZone) return noZone;
        return UsageTax.Of(policy.Tax, account.TaxStatus, jurisdiction, at, zone.Value, factors());
    }
}
