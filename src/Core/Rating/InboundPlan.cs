namespace Tollkeeper.Rating;

public enum InboundPlanKind
{
    /// <summary>Each inbound minute is paid.</summary>
    PerMinute = 0,

    /// <summary>Minutes are in the monthly fee; what exceeds the number's channels is not answered at all.</summary>
    FlatRate = 1,

    /// <summary>The called party pays each minute, and a surcharge where the caller used a payphone.</summary>
    TollFree = 2,
}

/// <summary>
/// How inbound calls to one number are priced (RATE-07). The surcharge is micros, owed only when answered.
/// </summary>
public sealed record InboundPlan(
    InboundPlanKind Kind, PerMinute PerMinute, int FirstSeconds, int NextSeconds, long PayphoneMicros)
{
    /// <summary>The terms of one inbound call; no deck is behind them, so deck number and version are 0.</summary>
    /// <param name="number">The number that was called: it stands where an outbound call has its prefix.</param>
    public RateTerms TermsFor(string number, string destination, bool fromPayphone, Rounding rounding) => new()
    {
        DeckNo = 0,
        DeckVersion = 0,
        Prefix = number,
        Destination = destination,
        PerMinute = Kind switch
        {
            InboundPlanKind.PerMinute or InboundPlanKind.TollFree => PerMinute,
            InboundPlanKind.FlatRate => default,
        },
        FirstSeconds = FirstSeconds,
        NextSeconds = NextSeconds,
        ConnectFeeMicros = 0,
        MinimumMicros = 0,
        DipMicros = 0,
        SurchargeMicros = fromPayphone && Kind == InboundPlanKind.TollFree ? PayphoneMicros : 0,
        Rounding = rounding,
        Jurisdiction = Jurisdiction.None,
    };
}

/// <summary>
/// The price of asking for a caller's name: per query, whether or not the call is answered (RATE-07).
/// </summary>
public static class CnamQuery
{
    /// <param name="lookupOn">The number has its "CNAM Lookup" option on (R29).</param>
    /// <param name="cached">A name still in the cache costs nothing.</param>
    public static long Micros(bool lookupOn, bool cached, long feeMicros) => lookupOn && !cached ? feeMicros : 0;
}
