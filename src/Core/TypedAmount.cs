namespace Tollkeeper;

/// <summary>An amount as a person types it: plain digits with a point, above zero.</summary>
public static class TypedAmount
{
    /// <summary>A trillion of any currency: more is a mistake.</summary>
    public const long MostMicros = 1_000_000_000_000_000_000;

    /// <summary>
    /// Refusals: <see cref="Refusal.BadAmount"/> (<c>1e3</c>, <c>15,00</c>, too large),
    /// <see cref="Refusal.AmountNotPositive"/>, <see cref="Refusal.AmountTooFine"/>.
    /// </summary>
    /// <param name="unitMicros">What it must be a whole number of, such as <see cref="Money.MicrosPerCent"/>.</param>
    public static Result<Money> Read(string text, Currency currency, long unitMicros = Money.MicrosPerCent)
    {
        if (!Money.TryParse(text.Trim(), currency, out var amount) || amount.Micros > MostMicros)
            return Refusal.BadAmount;
        return Problem(amount.Micros, unitMicros) is { } problem ? problem : amount;
    }

    /// <summary>The same of an amount that was read already; null where it is good.</summary>
    public static Refused? Problem(long micros, long unitMicros)
    {
        if (micros <= 0) return Refusal.AmountNotPositive;
        if (micros > MostMicros) return Refusal.BadAmount;
        return micros % unitMicros == 0 ? null : Refusal.AmountTooFine;
    }
}
