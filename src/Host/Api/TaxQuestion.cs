using NodaTime;
using NodaTime.Text;
using Tollkeeper.Accounts;
using Tollkeeper.Taxes;

namespace Tollkeeper.Host.Api;

/// <summary>An amount before tax, or one that holds it, of which somebody asks the taxes at a place and date.</summary>
/// <param name="Exempt">Codes of taxes that are not charged.</param>
public sealed record TaxQuestionBody(
    string? Country, string? Province, string? Date, string? Base, string? Inclusive, string? Currency,
    IReadOnlyList<string>? Exempt)
{
    const string Reason = "exempt";

    /// <summary>
    /// Refusals, with the field: <see cref="Refusal.MissingField"/>, <see cref="Refusal.BadPlace"/>,
    /// <see cref="Refusal.BadDate"/>, <see cref="Refusal.BadText"/>, <see cref="Refusal.BadAmount"/>; and
    /// <see cref="Refusal.TaxRateMissing"/>. Outside of Canada there is no line (TAX-CA-12).
    /// </summary>
    public Result<TaxQuote> Quote(SalesTaxTable table)
    {
        if (Missing() is { } missing) return missing;
        if (Place.Country(Country!) is null) return new Refused(Refusal.BadPlace, "country");
        if (!Tollkeeper.Currency.TryParse(Currency, out var currency)) return new Refused(Refusal.BadText, "currency");
        if (LocalDatePattern.Iso.Parse(Date!) is not { Success: true, Value: var date })
            return new Refused(Refusal.BadDate, "date");
        if (!Money.TryParse(Base ?? Inclusive, currency, out var amount) || amount.Micros < 0
            || amount.Micros > MostMicros || amount.Micros % Money.MicrosPerCent != 0)
            return new Refused(Refusal.BadAmount, Base is null ? "inclusive" : "base");
        var taxes = table.Of(Country!, Province ?? "", date);
        if (taxes.Refused is { } none) return none;
        if (Exempt?.Any(code => table.Rows.All(row => row.Code != code)) is true)
            return new Refused(Refusal.BadText, "exempt");
        return Base is null
            ? TaxQuote.Inside(amount, taxes.Value, ReasonOf)
            : TaxQuote.OnTop(amount, taxes.Value, ReasonOf);
    }

    /// <summary>A thousand million: more is a mistake.</summary>
    const long MostMicros = 1_000_000_000_000_000;

    Refused? Missing()
    {
        if (Country is null) return new Refused(Refusal.MissingField, "country");
        if (Date is null) return new Refused(Refusal.MissingField, "date");
        if (Currency is null) return new Refused(Refusal.MissingField, "currency");
        if (Base is null == Inclusive is null) return new Refused(Refusal.MissingField, "base");
        return Country == SalesTaxTable.Canada && Province is null
            ? new Refused(Refusal.MissingField, "province")
            : null;
    }

    string? ReasonOf(SalesTaxRow tax) => Exempt?.Contains(tax.Code) is true ? Reason : null;
}

/// <summary>Amounts in the currency of the question, two decimals; rates as decimal fractions.</summary>
public sealed record TaxQuoteBody(IReadOnlyList<TaxLineBody> Lines, string Base, string Tax, string Total)
{
    public static TaxQuoteBody Of(TaxQuote quote) => new(
        [.. quote.Lines.Select(line => new TaxLineBody(
            line.Tax.Code, FixedPoint.Write(line.Tax.PartsPerMillion, 6).TrimEnd('0').TrimEnd('.'), Cents(line.Base),
            Cents(line.Amount), line.ExemptBy is not null))],
        Cents(quote.Base), Cents(quote.Tax), Cents(quote.Total));

    static string Cents(Money money) => FixedPoint.Write(money.Micros / Money.MicrosPerCent, 2);
}

public sealed record TaxLineBody(string Code, string Rate, string Base, string Tax, bool Exempt);
