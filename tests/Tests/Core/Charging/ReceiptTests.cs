using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Tollkeeper.Charging;
using Tollkeeper.Ledger;
using Tollkeeper.Rating;
using Tollkeeper.Taxes;
using Xunit;

namespace Tollkeeper.Tests.Core.Charging;

public sealed class ReceiptTests
{
    [Fact]
    public void RATE_09_A_receipt_agrees_with_every_call_that_was_charged_by_its_terms()
    {
        var calls =
            from terms in Terms.Any
            from seconds in Gen.Choose(0, 20_000)
            from granted in Gen.OneOf(Gen.Constant((int?)null), Gen.Choose(1, 20_000).Select(g => (int?)g))
            select Receipts.Call(terms, seconds, granted);
        Prop.ForAll(calls.ToArbitrary(), call =>
        {
            var receipt = Receipt.Of(call with { EntrySeq = null }, EntryOf(call), EntryChain.Start(1));
            Receipts.AssertRounded(receipt);
            Assert.True(receipt.Agrees || receipt.Entry is null && call.TotalMicros == 0);
            var price = receipt.Price;
            Assert.Equal(call.ChargeMicros,
                price.UsageMicros + price.ConnectFeeMicros + price.DipMicros + price.SurchargeMicros);
            Assert.Equal(call.TotalMicros, receipt.BalanceBeforeMicros - receipt.BalanceAfterMicros);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    // 0.0095 × 7 ÷ 60 does not come out even.
    [InlineData("0.0095", 7, "0.001108333333", true)]
    [InlineData("0.0025", 6, "0.00025", false)]
    [InlineData("0.50", 30, "0.25", false)]
    [InlineData("0.00000001", 1, "0.000000000166", true)]
    [InlineData("0", 60, "0", false)]
    [InlineData("120", 60, "120", false)]
    public void What_is_rounded_is_shown_as_it_was_before(string rate, int billed, string text, bool goesOn)
    {
        Assert.True(PerMinute.TryParse(rate, out var perMinute));
        Assert.Equal(new ExactAmount(text, goesOn), ExactAmount.OfUsage(perMinute, billed));
    }

    [Fact]
    public void R55_The_tax_is_shown_with_what_it_was_taken_on_and_is_rounded_down()
    {
        var terms = Terms.Of("0.0130", 6, 6, "0.01") with { Tax = new UsageTax("FUSF", 344_000) };
        var receipt = Receipt.Of(Receipts.Call(terms, 61), null, null);
        // 66 s at 0.0130 are 0.0143, and the connection fee.
        Assert.Equal(
            new ReceiptTax("FUSF", 344_000, 24_300, new ExactAmount("0.0083592", false), 8_359), receipt.Tax);
    }

    [Fact]
    public void The_minimum_is_named_where_it_ruled()
    {
        var terms = Terms.Of("0.06", 1, 1);
        terms = terms with { Rate = terms.Rate with { MinimumMicros = 10_000 } };
        var (brief, longer) = (Receipt.Of(Receipts.Call(terms, 5), null, null),
            Receipt.Of(Receipts.Call(terms, 15), null, null));
        Assert.Equal((true, 5_000L, 10_000L), (brief.MinimumRuled, brief.RoundedUsageMicros, brief.Price.UsageMicros));
        Assert.Equal((false, 15_000L), (longer.MinimumRuled, longer.Price.UsageMicros));
        Assert.False(Receipt.Of(Receipts.Call(terms, 0), null, null).MinimumRuled);
    }

    [Theory]
    [InlineData(true, 60, "+14165550100", WhyFree.Priced)]
    [InlineData(true, 0, "+14165550100", WhyFree.NotAnswered)]
    [InlineData(false, 60, "911", WhyFree.Emergency)]
    [InlineData(false, 60, "*97", WhyFree.StarCode)]
    public void R103_What_costs_nothing_by_nature_says_why(bool billable, int seconds, string to, WhyFree why)
    {
        var call = Receipts.Call(Terms.Of("0.06", 1, 1), seconds, billable: billable) with { To = to };
        Assert.Equal(why, Receipt.Of(call, null, null).WhyFree);
        if (why != WhyFree.Priced) Assert.Equal(0, call.TotalMicros);
    }

    [Fact]
    public void What_lasted_beyond_its_grant_is_charged_for_the_grant()
    {
        var receipt = Receipt.Of(Receipts.Call(Terms.Of("0.06", 1, 1), 400, granted: 300), null, null);
        Assert.Equal((300, 100, 300_000L),
            (receipt.ChargedSeconds, receipt.Call.OverrunSeconds, receipt.Price.ChargeMicros));
    }

    [Fact]
    public void A_charge_or_a_hash_that_was_changed_does_not_agree()
    {
        var call = Receipts.Call(Terms.Of("0.06", 1, 1), 60);
        var entry = EntryOf(call)!;
        var receipt = Receipt.Of(call, entry, EntryChain.Start(1));
        Assert.True(receipt is { Agrees: true, Entry.HashFollows: true });
        Assert.False(Receipt.Of(call with { ChargeMicros = 59_999 }, entry, EntryChain.Start(1)).Agrees);
        Assert.False(Receipt.Of(call, null, null).Agrees);
        var changed = entry with { OccurredAt = entry.OccurredAt + Duration.FromMilliseconds(1) };
        Assert.False(Receipt.Of(call, changed, EntryChain.Start(1)).Entry!.HashFollows);
        Assert.False(Receipt.Of(call, entry, EntryChain.Start(2)).Entry!.HashFollows);
        Assert.False(Receipt.Of(call, entry, null).Entry!.HashFollows);
    }

    static Entry? EntryOf(Call call)
    {
        if (call.TotalMicros == 0) return null;
        var entry = new Entry
        {
            WalletNo = 1,
            Seq = 1,
            Kind = EntryKind.Call,
            AmountMicros = -call.TotalMicros,
            BalanceMicros = call.BalanceMicros,
            OccurredAt = call.EndedAt,
            RecordedAt = call.RecordedAt,
            CallN = call.N,
            Postings = [new Posting("2100", "4100", call.TotalMicros)],
        };
        return entry with { Hash = EntryChain.Hash(EntryChain.Start(1), entry) };
    }
}
