using Tollkeeper.Taxes;

namespace Tollkeeper.Payments;

/// <summary>One tax of a deposit as a return in another currency has it.</summary>
public sealed record ConvertedLine(DepositLine Line, Money Amount);

/// <summary>
/// TAX-CA-08: what a return says of a deposit in another currency. The consideration is converted first, then each tax
/// computed on it; what the document prints stays in its own currency.
/// </summary>
/// <param name="Rate">Null: the deposit is in that currency.</param>
public sealed record ConvertedDeposit(Money Base, IReadOnlyList<ConvertedLine> Lines, ExchangeRate? Rate)
{
    public Money Tax => Lines.Aggregate(Money.Zero(Base.Currency), (sum, line) => sum + line.Amount);

    public static ConvertedDeposit Of(Deposit deposit, ExchangeRate? rate)
    {
        if (rate is null)
        {
            var currency = deposit.Base.Currency;
            return new ConvertedDeposit(
                deposit.Base, [.. deposit.Lines.Select(line => new ConvertedLine(line, new(line.Micros, currency)))],
                null);
        }
        Demand.That(rate.From == deposit.Base.Currency, "the rate is of the deposit's currency");
        var converted = Cents((Int128)deposit.Base.Micros * rate.RateE8, 100_000_000, rate.To);
        return new ConvertedDeposit(converted, [.. deposit.Lines.Select(line => new ConvertedLine(
            line,
            line.ExemptBy is null
                ? Cents((Int128)converted.Micros * line.PartsPerMillion, 1_000_000, rate.To)
                : Money.Zero(rate.To)))], rate);
    }

    static Money Cents(Int128 numerator, Int128 denominator, Currency currency) => new(
        Rounding.Divide(numerator, denominator * Money.MicrosPerCent, RoundingMode.HalfUp) * Money.MicrosPerCent,
        currency);
}
