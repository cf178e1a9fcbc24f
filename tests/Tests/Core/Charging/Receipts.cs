using System.Globalization;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Charging;
using Tollkeeper.Ledger;
using Tollkeeper.Rating;
using Tollkeeper.Taxes;
using Xunit;

namespace Tollkeeper.Tests.Core.Charging;

/// <summary>Calls as their rows keep them, and their receipts.</summary>
static class Receipts
{
    static readonly Instant End = Instant.FromUtc(2026, 3, 2, 15, 0);

    /// <summary>
    /// The price of a call, read from the receipt of one that kept these terms; the receipt's own calculation is done
    /// again with decimals.
    /// </summary>
    public static CallPrice PriceOn(RateTerms terms, int seconds)
    {
        var receipt = Receipt.Of(Call(new CallTerms(terms, UsageTax.None), seconds), null, null);
        Assert.Equal(seconds, receipt.ChargedSeconds);
        AssertRounded(receipt);
        return receipt.Price;
    }

    public static void AssertRounded(Receipt receipt)
    {
        var (rounding, exact) = (receipt.Terms.Rounding, Decimal(receipt.Usage.Text));
        // What was cut off is more than nothing and less than anything that could be kept.
        if (receipt.Usage.GoesOn) exact += 0.000_000_000_000_1m;
        var scale = (decimal)Math.Pow(10, Math.Min(rounding.Decimals, 6));
        var rounded = rounding.Mode switch
        {
            RoundingMode.HalfUp => Math.Round(exact * scale, MidpointRounding.AwayFromZero),
            RoundingMode.HalfEven => Math.Round(exact * scale, MidpointRounding.ToEven),
            RoundingMode.Up => Math.Ceiling(exact * scale),
            RoundingMode.Down => Math.Floor(exact * scale),
        };
        Assert.Equal(rounded / scale * 1_000_000, receipt.RoundedUsageMicros);
        var usage = receipt.MinimumRuled ? receipt.Terms.MinimumMicros : receipt.RoundedUsageMicros;
        Assert.Equal(usage, receipt.Price.UsageMicros);
        if (receipt.Tax is { } tax)
            Assert.Equal(Math.Floor(Decimal(tax.Exact.Text) * 1_000_000), tax.TaxMicros);
    }

    public static decimal Decimal(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>An ended call, charged as its terms say.</summary>
    public static Call Call(CallTerms terms, int seconds, int? granted = null, bool billable = true)
    {
        var charged = Math.Min(seconds, granted ?? seconds);
        var charge = billable ? Charge.Of(terms, charged) : default;
        return new Call
        {
            WalletNo = 1,
            N = 1,
            Key = CallKey.Of(1, "sw1", "c1"),
            AccountNo = 1,
            SwitchNo = 1,
            CallId = "c1",
            Direction = Directions.Outbound,
            From = "+12125550100",
            To = "+14165550100",
            Billable = billable,
            Currency = Currency.Usd,
            StartedAt = End - Duration.FromSeconds(seconds),
            EndedAt = End,
            RecordedAt = End,
            Seconds = seconds,
            GrantedSeconds = granted,
            BilledSeconds = charge.Price.BilledSeconds,
            OverrunSeconds = seconds - charged,
            Disposition = seconds > 0 ? Disposition.Answered : Disposition.NoAnswer,
            Stale = false,
            ChargeMicros = charge.ChargeMicros,
            TaxMicros = charge.TaxMicros,
            BalanceMicros = 5_000_000 - charge.TotalMicros,
            EntrySeq = charge.TotalMicros > 0 ? 1 : null,
            EndContent = ContentHash.Of("end"),
            FirstAnswer = null,
            PolicyVersion = 1,
            Terms = billable ? terms.Keep() : KeptTerms.Free("Emergency"),
        };
    }
}
