namespace Tollkeeper.Taxes;

/// <summary>
/// A tax taken inside each call (tax point "usage"): its code, such as <c>FUSF</c>, and its rate in parts per million.
/// The default is no tax.
/// </summary>
public readonly record struct UsageTax(string? Code, int PartsPerMillion)
{
    public static UsageTax None => default;

    /// <summary>TAX-US-01: base × factor, rounded down to a micro, so that a recovery never exceeds the factor (47 CFR 54.712).</summary>
    public long Micros(long baseMicros) => Rounding.Divide((Int128)baseMicros * PartsPerMillion, 1_000_000, RoundingMode.Down);
}
