using NodaTime;
using Tollkeeper.Providers;
using Tollkeeper.Taxes;

namespace Tollkeeper.Payments;

/// <summary>How far a deposit's document is. The numbers are stored: never renumber.</summary>
public enum DepositState
{
    /// <summary>To be paid, however often somebody came back without paying (R101).</summary>
    Outstanding = 1,

    Paid = 2,

    /// <summary>By the customer, by staff, or by age (R102, C18).</summary>
    Voided = 3,
}

/// <summary>One tax of a deposit as its document prints it for good, whatever becomes of the rate.</summary>
/// <param name="House">The ledger account in which it is owed.</param>
public sealed record DepositLine(
    string Code, string CodeFrench, string Name, int PartsPerMillion, long Micros, string? ExemptBy, string House)
{
    public static IReadOnlyList<DepositLine> Of(TaxQuote quote) =>
    [
        .. quote.Lines.Select(line => new DepositLine(
            line.Tax.Code, line.Tax.CodeFrench, line.Tax.Name, line.Tax.PartsPerMillion, line.Amount.Micros,
            line.ExemptBy, TaxLedger.CodeOf(line.Tax))),
    ];
}

/// <summary>The document of a deposit: the balance grows by the base, the customer pays the total.</summary>
/// <param name="TaxDate">Of the quote; of the capture once it is paid.</param>
/// <param name="PaidByNo">The payment that paid it.</param>
public sealed record Deposit(
    long No, string Id, int ProviderNo, long AccountNo, string Wallet, DepositState State, Money Base, TaxPlace Place,
    LocalDate TaxDate, IReadOnlyList<DepositLine> Lines, Instant CreatedAt, long? PaidByNo)
{
    public Money Total => Lines.Aggregate(
        Base, (sum, line) => sum + new Money(line.Micros, Base.Currency));

    /// <summary>
    /// As it stands for good: the taxes are those of the day on which the money was captured. Where they changed since
    /// the quote, the money that came holds them (TAX-CA-06); so it does where it held them from the first. Refusals:
    /// those of <see cref="DepositTaxes"/>.
    /// </summary>
    public Result<Deposit> PaidBy(long paymentNo, LocalDate captured, DepositTaxes taxes)
    {
        var inside = taxes.Inside(Total, Place, captured);
        if (inside.Refused is { } refused) return refused;
        var onTop = taxes.OnTop(Base, Place, captured).Value;
        var holds = inside.Value.Base == Base && DepositLine.Of(inside.Value).SequenceEqual(Lines);
        var quote = !holds && onTop.Total == Total ? onTop : inside.Value;
        return this with
        {
            State = DepositState.Paid,
            Base = quote.Base,
            TaxDate = captured,
            Lines = DepositLine.Of(quote),
            PaidByNo = paymentNo,
        };
    }
}

/// <summary>One try to pay a deposit at one gateway.</summary>
/// <param name="Gateway">Its word, or the method's where no gateway is asked: <c>wire</c>.</param>
/// <param name="Reference">The gateway's name of it; null before the gateway knew of it.</param>
/// <param name="MoneyReference">The gateway's name of its money, by which refunds and disputes name it.</param>
/// <param name="PageUrl">Where the customer pays, for a payment with a page.</param>
/// <param name="BackUrl">Where that page sends the customer then.</param>
/// <param name="CardNo">The stored card that is charged without the customer.</param>
/// <param name="BillingDay">The day of automatic billing that it counts for.</param>
public sealed record Payment(
    long No, string Id, long DepositNo, int ProviderNo, long AccountNo, string Gateway, PaymentMethod Method,
    PaymentState State, Money Asked, Instant CreatedAt, string? Reference, string? MoneyReference, string? PageUrl,
    string? BackUrl, long? CardNo, LocalDate? BillingDay)
{
    /// <summary>Charged without the customer.</summary>
    public bool IsAutomatic => CardNo is not null;

    /// <summary>Somebody agreed to it, or it needs nobody: no other may be begun for its deposit.</summary>
    public bool IsUnderWay => State is PaymentState.Authorized or PaymentState.Pending || (IsAutomatic && IsOpen);

    /// <summary>Whether the gateway may still say something that changes it.</summary>
    public bool IsOpen => State is PaymentState.Initiated or PaymentState.Authorized or PaymentState.Pending;
}
