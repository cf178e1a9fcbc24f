using Tollkeeper.Rating;

namespace Tollkeeper.Tests.Engine;

/// <summary>Rates that are easy to reckon with, for the stories that need a deck and not its details.</summary>
public static class SomeRates
{
    /// <summary>
    /// +1 at 0.05 a minute in whole minutes, +44 at 0.60 by the second, +870 at 4.50 in 6, +999 blocked.
    /// </summary>
    public static IReadOnlyList<Rate> Few { get; } =
    [
        Row("1", "North America", 5_000_000, 60, 60),
        Row("44", "United Kingdom", 60_000_000, 1, 1),
        Row("870", "Satellite", 450_000_000, 6, 6),
        Row("999", "Blocked", 1, 1, 1) with { Blocked = true },
    ];

    public static Rate Row(string prefix, string destination, long e8, int first, int next) => new()
    {
        Prefix = prefix,
        Destination = destination,
        PerMinute = new PerMinute(e8),
        FirstSeconds = first,
        NextSeconds = next,
    };
}
