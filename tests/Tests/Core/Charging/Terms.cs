using FsCheck;
using FsCheck.Fluent;
using Tollkeeper.Charging;
using Tollkeeper.Rating;
using Tollkeeper.Taxes;
using Xunit;

namespace Tollkeeper.Tests.Core.Charging;

/// <summary>Call terms for tests: plain ones written by hand, and arbitrary ones that a deck could hold.</summary>
static class Terms
{
    public static CallTerms Of(string perMinute, int first, int next, string connectFee = "0")
    {
        Assert.True(PerMinute.TryParse(perMinute, out var rate));
        Assert.True(FixedPoint.TryRead(connectFee, 6, out var fee));
        return new CallTerms(Rate(rate, first, next, Rounding.Micros) with { ConnectFeeMicros = fee }, UsageTax.None);
    }

    public static Gen<CallTerms> Any =>
        from perMinute in Gen.OneOf(Gen.Constant(0), Gen.Choose(1, 200), Gen.Choose(1, 80_000_000))
        from first in Gen.Choose(1, 90)
        from next in Gen.Choose(1, 90)
        from fees in Gen.OneOf(Gen.Constant(0), Gen.Choose(0, 300_000)).Four()
        from decimals in Gen.Choose(4, 8)
        from mode in Gen.Elements(Enum.GetValues<RoundingMode>())
        from tax in Gen.OneOf(Gen.Constant(0), Gen.Choose(1, 500_000))
        select new CallTerms(
            Rate(new PerMinute(perMinute), first, next, new Rounding(decimals, mode)) with
            {
                ConnectFeeMicros = fees.Item1,
                MinimumMicros = fees.Item2,
                DipMicros = fees.Item3,
                SurchargeMicros = fees.Item4,
            },
            new UsageTax("FUSF", tax));

    static RateTerms Rate(PerMinute perMinute, int first, int next, Rounding rounding) => new()
    {
        DeckNo = 1,
        DeckVersion = 1,
        Prefix = "1",
        Destination = "Test",
        PerMinute = perMinute,
        FirstSeconds = first,
        NextSeconds = next,
        ConnectFeeMicros = 0,
        MinimumMicros = 0,
        DipMicros = 0,
        SurchargeMicros = 0,
        Rounding = rounding,
        Jurisdiction = Jurisdiction.Interstate,
    };
}
