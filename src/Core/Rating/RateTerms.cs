namespace Tollkeeper.Rating;

/// <summary>A price per minute, a count of 10⁻⁸ of the currency; never negative. The default is free.</summary>
public readonly record struct PerMinute(long E8)
{
    public string Text => FixedPoint.Write(E8, 8);

    public static bool TryParse(ReadOnlySpan<char> text, out PerMinute rate)
    {
        var read = FixedPoint.TryRead(text, 8, out var e8) && e8 >= 0;
        rate = new PerMinute(e8);
        return read;
    }
}

/// <summary>
/// Where a NANP call runs (RATE-05). <see cref="International"/> stands for every call that leaves the NANP states.
/// </summary>
public enum Jurisdiction
{
    None = 0,
    Interstate = 1,
    Intrastate = 2,
    Indeterminate = 3,
    International = 4,
}

/// <summary>
/// The price terms that one call was given when it started, copied onto it for good (RATE-09): all that is needed to
/// price it again years later, without any deck. Amounts in micros of the deck's currency, periods in seconds.
/// </summary>
public readonly record struct RateTerms
{
    public required int DeckNo { get; init; }
    public required int DeckVersion { get; init; }
    public required string Prefix { get; init; }
    public required string Destination { get; init; }
    public required PerMinute PerMinute { get; init; }
    public required int FirstSeconds { get; init; }
    public required int NextSeconds { get; init; }
    public required long ConnectFeeMicros { get; init; }
    public required long MinimumMicros { get; init; }
    public required long DipMicros { get; init; }
    public required long SurchargeMicros { get; init; }
    public required Rounding Rounding { get; init; }
    public required Jurisdiction Jurisdiction { get; init; }
}
