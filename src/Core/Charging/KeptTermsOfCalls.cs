using Tollkeeper.Ledger;
using Tollkeeper.Rating;
using Tollkeeper.Taxes;

namespace Tollkeeper.Charging;

/// <summary>
/// A call's terms as its hold and its row keep them, and back: what is kept prices the call to the same micro.
/// </summary>
public static class KeptTermsOfCalls
{
    public static KeptTerms Keep(in this CallTerms terms) => new()
    {
        DeckNo = terms.Rate.DeckNo,
        DeckVersion = terms.Rate.DeckVersion,
        Prefix = terms.Rate.Prefix,
        Destination = terms.Rate.Destination,
        RateE8 = terms.Rate.PerMinute.E8,
        FirstSeconds = terms.Rate.FirstSeconds,
        NextSeconds = terms.Rate.NextSeconds,
        ConnectFeeMicros = terms.Rate.ConnectFeeMicros,
        MinimumMicros = terms.Rate.MinimumMicros,
        DipMicros = terms.Rate.DipMicros,
        SurchargeMicros = terms.Rate.SurchargeMicros,
        Decimals = terms.Rate.Rounding.Decimals,
        RoundingMode = (int)terms.Rate.Rounding.Mode,
        Jurisdiction = (int)terms.Rate.Jurisdiction,
        TaxCode = terms.Tax.Code,
        TaxPartsPerMillion = terms.Tax.PartsPerMillion,
    };

    public static CallTerms CallTerms(in this KeptTerms kept) => new(
        new RateTerms
        {
            DeckNo = kept.DeckNo,
            DeckVersion = kept.DeckVersion,
            Prefix = kept.Prefix,
            Destination = kept.Destination,
            PerMinute = new PerMinute(kept.RateE8),
            FirstSeconds = kept.FirstSeconds,
            NextSeconds = kept.NextSeconds,
            ConnectFeeMicros = kept.ConnectFeeMicros,
            MinimumMicros = kept.MinimumMicros,
            DipMicros = kept.DipMicros,
            SurchargeMicros = kept.SurchargeMicros,
            Rounding = new Rounding(kept.Decimals, (RoundingMode)kept.RoundingMode),
            Jurisdiction = (Jurisdiction)kept.Jurisdiction,
        },
        new UsageTax(kept.TaxCode, kept.TaxPartsPerMillion));
}
