using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Charging;
using Tollkeeper.Providers;
using Tollkeeper.Rating;
using Tollkeeper.Taxes;

namespace Tollkeeper.Engine.Charging;

/// <summary>
/// Finds the terms of a call: the rate of the account's deck in force at its start (RATE-04, RATE-09), the jurisdiction
/// (RATE-05), and the tax inside the call where the policy taxes usage (TAX-US-01). All from this node's memory.
/// </summary>
public sealed class CallPrices(Func<int, Instant, Result<RateDeck>> deckOf, Func<NumberingTable> numbering,
    Func<FactorTable> factors)
{
    public Result<CallTerms> TermsOf(
        AccountFacts account, CallQuestion question, DialledNumber dialled, PolicyVersion policy, Instant at)
    {
        var deck = DeckOf(account, question.Direction, at);
        if (deck.Refused is { } noDeck) return noDeck;
        var match = deck.Value.Find(dialled.Digits, at);
        if (match.Refused is { } noRate) return noRate;
        if (deck.Value.Currency != account.Currency) return Refusal.CurrencyMismatch;
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

    Result<RateDeck> DeckOf(AccountFacts account, Directions direction, Instant at)
    {
        if (direction == Directions.Outbound) return deckOf(account.OutboundDeckNo, at);
        return account.InboundDeckNo is { } inbound ? deckOf(inbound, at) : Refusal.NoRate;
    }

    Result<UsageTax> TaxOf(AccountFacts account, Policy policy, Jurisdiction jurisdiction, Instant at)
    {
        var zone = BillingZone.Of(policy.Calendar);
        if (zone.Refused is { } noZone) return noZone;
        return UsageTax.Of(policy.Tax, account.TaxStatus, jurisdiction, at, zone.Value, factors());
    }
}
