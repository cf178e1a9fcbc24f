using NodaTime;

namespace Tollkeeper.Engine.Payments.Gateways;

/// <summary>Stripe's amounts are whole counts of a currency's smallest unit, its times seconds since 1970.</summary>
static class StripeAmount
{
    static readonly string[] WithoutDecimals =
    [
        "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF",
    ];

    static readonly string[] WithThreeDecimals = ["BHD", "JOD", "KWD", "OMR", "TND"];

    public static long ToUnits(Money money)
    {
        var unit = MicrosOf(money.Currency.Code);
        Demand.That(money.Micros % unit == 0, $"{money} is a whole count of its currency's smallest unit");
        return money.Micros / unit;
    }

    /// <param name="code">As Stripe writes it, in small letters.</param>
    public static Money FromUnits(long units, string? code)
    {
        var currency = Currency.Of(code?.ToUpperInvariant() ?? "");
        return new Money(checked(units * MicrosOf(currency.Code)), currency);
    }

    public static Instant At(long seconds) => Instant.FromUnixTimeSeconds(seconds);

    /// <summary>The first whole second that is not before.</summary>
    public static long NotBefore(Instant instant)
    {
        var seconds = instant.ToUnixTimeSeconds();
        return Instant.FromUnixTimeSeconds(seconds) < instant ? seconds + 1 : seconds;
    }

    static long MicrosOf(string code)
    {
        if (WithoutDecimals.Contains(code)) return Money.MicrosPerUnit;
        return WithThreeDecimals.Contains(code) ? 1_000 : Money.MicrosPerCent;
    }
}
