using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Ledger;
using Tollkeeper.Rating;

namespace Tollkeeper.Charging;

/// <summary>Why a call cost nothing, where that is not a matter of its rate.</summary>
public enum WhyFree
{
    /// <summary>It was priced by its terms.</summary>
    Priced = 0,

    /// <summary>Nobody answered; a number looked up for it still costs its dip.</summary>
    NotAnswered = 1,

    /// <summary>An emergency number: never rated (R103).</summary>
    Emergency = 2,

    /// <summary>A feature code such as *97, which the switch handles itself.</summary>
    StarCode = 3,
}

/// <summary>
/// How a call came to cost what it cost, from what its row kept: each part with the calculation that it came from,
/// computed anew. Micros of the call's currency.
/// </summary>
public sealed record Receipt
{
    public required Call Call { get; init; }
    public required WhyFree WhyFree { get; init; }
    public required RateTerms Terms { get; init; }

    /// <summary>What was charged for: the length, or what of it was granted.</summary>
    public required int ChargedSeconds { get; init; }
    public required CallPrice Price { get; init; }

    /// <summary>Rate × billed seconds ÷ 60 as it is before it is rounded.</summary>
    public required ExactAmount Usage { get; init; }

    /// <summary>The same rounded; the price has the minimum instead, where that is more.</summary>
    public required long RoundedUsageMicros { get; init; }
    public required ReceiptTax? Tax { get; init; }

    /// <summary>What the wallet had before the call was charged, and after.</summary>
    public required long BalanceBeforeMicros { get; init; }
    public required long BalanceAfterMicros { get; init; }

    /// <summary>Null where nothing was posted, because it cost nothing.</summary>
    public required ReceiptEntry? Entry { get; init; }

    /// <summary>The deck's name, and since when the version that priced the call has been in force.</summary>
    public string? DeckName { get; init; }
    public Instant? DeckFrom { get; init; }

    /// <summary>The later entry that took the charge back whole; null where none did.</summary>
    public Entry? Reversal { get; init; }

    public bool MinimumRuled => Price.BilledSeconds > 0 && Price.UsageMicros > RoundedUsageMicros;

    /// <summary>Whether what was charged follows from the terms: always, unless the books were damaged.</summary>
    public bool Agrees => Price.BilledSeconds == Call.BilledSeconds && Price.ChargeMicros == Call.ChargeMicros
        && (Tax?.TaxMicros ?? 0) == Call.TaxMicros
        && (Entry is null ? Call.TotalMicros == 0 : Entry.AmountMicros == -Call.TotalMicros);

    /// <param name="entry">The entry that charged it, with its postings.</param>
    /// <param name="formerHash">The hash of the entry before that one.</param>
    public static Receipt Of(Call call, Entry? entry, byte[]? formerHash)
    {
        var terms = call.Terms.CallTerms();
        var granted = Charge.SecondsOf(call.Seconds, call.GrantedSeconds);
        var charge = call.Billable ? Charge.Of(terms, granted) : default;
        var billed = charge.Price.BilledSeconds;
        var taxed = call.Billable && terms.Tax.Code is not null;
        return new Receipt
        {
            Call = call,
            WhyFree = WhyFreeOf(call, granted),
            Terms = terms.Rate,
            ChargedSeconds = granted,
            Price = charge.Price,
            Usage = ExactAmount.OfUsage(terms.Rate.PerMinute, billed),
            RoundedUsageMicros = CallPrice.Usage(terms.Rate, billed),
            Tax = taxed
                ? new ReceiptTax(
                    terms.Tax.Code!, terms.Tax.PartsPerMillion, charge.Price.TaxBaseMicros,
                    ExactAmount.OfTax(charge.Price.TaxBaseMicros, terms.Tax.PartsPerMillion), charge.TaxMicros)
                : null,
            BalanceBeforeMicros = checked(call.BalanceMicros + call.TotalMicros),
            BalanceAfterMicros = call.BalanceMicros,
            Entry = entry is null ? null : ReceiptEntry.Of(entry, formerHash),
        };
    }

    static WhyFree WhyFreeOf(Call call, int chargedSeconds)
    {
        if (!call.Billable) return call.To.StartsWith('*') ? WhyFree.StarCode : WhyFree.Emergency;
        return chargedSeconds == 0 ? WhyFree.NotAnswered : WhyFree.Priced;
    }
}

/// <summary>The tax inside a call: rate in parts per million, micros; rounded down (TAX-US-01).</summary>
public sealed record ReceiptTax(
    string Code, int PartsPerMillion, long BaseMicros, ExactAmount Exact, long TaxMicros);

/// <summary>The entry that charged a call, in its chain.</summary>
/// <param name="HashFollows">Whether the hash computed now from the former one and the entry is the one that was
/// written.</param>
public sealed record ReceiptEntry(
    long WalletNo, long Seq, EntryKind Kind, long AmountMicros, Instant RecordedAt, string? Reference,
    byte[]? FormerHash, byte[] Hash, bool HashFollows)
{
    public static ReceiptEntry Of(Entry entry, byte[]? formerHash) => new(
        entry.WalletNo, entry.Seq, entry.Kind, entry.AmountMicros, entry.RecordedAt, entry.Reference, formerHash,
        entry.Hash,
        formerHash is not null && EntryChain.Hash(formerHash, entry).AsSpan().SequenceEqual(entry.Hash));
}
