namespace Tollkeeper.Engine.Payments.Gateways;

/// <summary>An amount as PayPal is told it. The names are PayPal's.</summary>
sealed record PayPalAmount(string currency_code, string value)
{
    /// <summary>Refusal: <see cref="Refusal.BadAmount"/> for what PayPal cannot be told to the last digit.</summary>
    public static Result<PayPalAmount> Of(Money money)
    {
        // The only currencies that PayPal takes without decimals; it takes none with three.
        var decimals = money.Currency.Code is "HUF" or "JPY" or "TWD" ? 0 : 2;
        var least = decimals == 0 ? Money.MicrosPerUnit : Money.MicrosPerCent;
        if (money.Micros <= 0 || money.Micros % least != 0) return new Refused(Refusal.BadAmount, $"{money}");
        return new PayPalAmount(money.Currency.Code, FixedPoint.Write(money.Micros / least, decimals));
    }
}
