namespace Tollkeeper.Ledger;

/// <summary>
/// What a hold and a call keep of the terms they are priced by, as plain values in columns, so that every cent can be
/// priced again years later without the deck or the policy of the day. Amounts in micros, the rate in 10⁻⁸ per minute,
/// the tax in parts per million. Empty for a call that costs nothing by nature (emergency, star code).
/// </summary>
public readonly record struct KeptTerms
{
    public int DeckNo { get; init; }
    public int DeckVersion { get; init; }
    public string Prefix { get; init; }
    public string Destination { get; init; }
    public long RateE8 { get; init; }
    public int FirstSeconds { get; init; }
    public int NextSeconds { get; init; }
    public long ConnectFeeMicros { get; init; }
    public long MinimumMicros { get; init; }
    public long DipMicros { get; init; }
    public long SurchargeMicros { get; init; }
    public int Decimals { get; init; }
    public int RoundingMode { get; init; }
    public int Jurisdiction { get; init; }
    public string? TaxCode { get; init; }
    public int TaxPartsPerMillion { get; init; }

    public static KeptTerms Free(string destination) => new()
    {
        Prefix = "",
        Destination = destination,
        FirstSeconds = 1,
        NextSeconds = 1,
        Decimals = 6,
    };
}
