using System.Text;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Rating;
using Tollkeeper.Taxes;

namespace Tollkeeper.Engine.Demo;

/// <summary>An account of the demonstration: named after what it shows, never after a person.</summary>
/// <param name="CreditLimitUnits">Whole units of the currency; 0 for prepaid.</param>
public sealed record DemoAccount(string Name, AccountType Type, int Channels, int CallsPerSecond, int CreditLimitUnits);

/// <summary>What the demonstration consists of.</summary>
public static class DemoPlan
{
    /// <summary>How long before now it begins: four weeks of history.</summary>
    public const int Days = 28;

    public const string Switch = "demo-sbc-1";
    public const string OutboundDeck = "standard";
    public const string InboundDeck = "numbers-per-minute";

    /// <summary>A satellite number, 4.50 a minute in the sample deck: where money runs out quickly.</summary>
    public const string SatelliteNumber = "+88160000000";

    /// <summary>The first prepaid account of each provider has money for so many first quotas to a satellite.</summary>
    public const int SatelliteQuotas = 50;

    public static IReadOnlyList<(string Preset, Currency Currency)> Providers { get; } =
        [("retail-usd", Currency.Usd), ("wholesale-usd", Currency.Usd), ("retail-cad", Currency.Cad)];

    /// <summary>Two colours for each provider, so that their pages can be told apart.</summary>
    public static (string Main, string Accent) ColoursOf(string preset) => preset switch
    {
        "retail-usd" => ("#1f5f99", "#0f766e"),
        "wholesale-usd" => ("#3f3d9e", "#b4530a"),
        _ => ("#a3272f", "#1c6b48"),
    };

    /// <summary>A letter in a square of the main colour.</summary>
    public static byte[] LogoOf(string preset) => Encoding.UTF8.GetBytes(
        $"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7"
        fill="{ColoursOf(preset).Main}"/><text x="16" y="22.5" font-family="sans-serif" font-size="18"
        font-weight="700" text-anchor="middle" fill="#fff">{char.ToUpperInvariant(preset[0])}</text></svg>
        """);

    public static IReadOnlyList<DemoAccount> Accounts { get; } =
    [
        new("Prepaid 1", AccountType.Prepaid, 1_000, 1_000, 0),
        new("Prepaid 2", AccountType.Prepaid, 10, 5, 0),
        new("Postpaid 1", AccountType.Postpaid, 30, 10, 500),
    ];

    /// <summary>
    /// What a policy does to an account, side by side at every provider: prepaid with nothing left (R48, R93), postpaid
    /// at the limit (R49), and suspended by hand (R50).
    /// </summary>
    static readonly DemoAccount[] Cases =
    [
        new(Spent, AccountType.Prepaid, 10, 5, 0),
        new(AtLimit, AccountType.Postpaid, 10, 5, CaseUnits),
        new(Suspended, AccountType.Prepaid, 10, 5, 0),
    ];

    /// <summary>And a reseller in British Columbia, where the provider taxes deposits.</summary>
    public static IEnumerable<DemoAccount> CasesOf(string preset) => preset == "wholesale-usd"
        ? Cases
        : Cases.Append(new DemoAccount(Reseller, AccountType.Prepaid, 10, 5, 0));

    public const string Spent = "Spent 1";
    public const string AtLimit = "At limit 1";
    public const string Suspended = "Suspended 1";
    public const string Reseller = "Reseller 1";

    /// <summary>Whole units of the currency that a case has, as a deposit or as credit.</summary>
    public const int CaseUnits = 10;

    /// <summary>A call to the satellite number of so many seconds costs more than that.</summary>
    public const int CaseSeconds = 300;

    /// <summary>R90: what the package of the retail provider in CAD warns at.</summary>
    public const long PackageAlertMicros = 15_000_000;

    /// <summary>R82: what the second prepaid account of each provider chose to be warned at.</summary>
    public const long OwnAlertMicros = 25_000_000;

    /// <summary>Inbound prices per minute of a provider's own numbers, toll-free ones dearer; synthetic.</summary>
    public static IReadOnlyList<Rate> InboundRates { get; } =
    [
        InboundRate("1", "Local number", 900_000),
        .. new[] { "1800", "1833", "1844", "1855", "1866", "1877", "1888" }
            .Select(prefix => InboundRate(prefix, "Toll-free number", 1_900_000)),
        InboundRate("44", "United Kingdom number", 1_200_000),
    ];

    /// <summary>A few North American area codes, so that calls have a jurisdiction.</summary>
    public static IReadOnlyList<NumberingEntry> Numbering { get; } =
    [
        new("1212", "NY", "US"), new("1518", "NY", "US"), new("1201", "NJ", "US"), new("1415", "CA", "US"),
        new("1213", "CA", "US"), new("1312", "IL", "US"), new("1512", "TX", "US"), new("1305", "FL", "US"),
        new("1206", "WA", "US"), new("1617", "MA", "US"), new("1416", "ON", "CA"), new("1514", "QC", "CA"),
        new("1604", "BC", "CA"), new("1403", "AB", "CA"),
    ];

    /// <summary>
    /// Quarters that no release knew: the last known factor again, so that the demonstration runs. Their source says
    /// so.
    /// </summary>
    public static IReadOnlyList<FactorRow> FactorsAfter(FactorRow last, LocalDate until)
    {
        var rows = new List<FactorRow>();
        for (var from = last.To; from <= until; from = from.PlusMonths(3))
        {
            rows.Add(new FactorRow(
                last.Code, from, from.PlusMonths(3), last.PartsPerMillion,
                "Demonstration only: not published by the FCC; enter the real factor"));
        }
        return rows;
    }

    /// <summary>
    /// The CAD demonstration's price: the USD deck's × 1.40, in whole 10⁻⁸ and micros, half rounded up.
    /// </summary>
    public static Rate InCad(Rate usd) => usd with
    {
        PerMinute = new PerMinute(Rounding.Divide((Int128)usd.PerMinute.E8 * 14, 10, RoundingMode.HalfUp)),
        ConnectFeeMicros = Rounding.Divide((Int128)usd.ConnectFeeMicros * 14, 10, RoundingMode.HalfUp),
        MinimumMicros = Rounding.Divide((Int128)usd.MinimumMicros * 14, 10, RoundingMode.HalfUp),
    };

    static Rate InboundRate(string prefix, string destination, long e8) => new()
    {
        Prefix = prefix,
        Destination = destination,
        PerMinute = new PerMinute(e8),
        FirstSeconds = 6,
        NextSeconds = 6,
    };
}
