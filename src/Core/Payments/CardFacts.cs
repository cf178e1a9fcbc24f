using System.Text.Json;
using NodaTime;
using Tollkeeper.Accounts;

namespace Tollkeeper.Payments;

/// <summary>
/// What may be known of a card, or of a payer's account at PayPal: never its number (PAY-06).
/// </summary>
/// <param name="Brand">As gateways write it: <c>visa</c>, <c>mastercard</c>, <c>paypal</c>.</param>
/// <param name="LastDigits">The last four; of a payer the address, masked; may be empty.</param>
/// <param name="ExpiryMonth">1 to 12; 0 where it does not expire.</param>
/// <param name="ExpiryYear">Four digits; 0 where it does not expire.</param>
/// <param name="Country">Of the address that was given for the card, two letters; empty where none was.</param>
/// <param name="PostalCode">Of the same address; empty where none was.</param>
/// <param name="AddressChecked">The card's issuer confirmed that address, as far as it was asked.</param>
/// <param name="Fingerprint">The same for one card wherever it is stored (C25).</param>
public sealed record CardFacts(
    string Brand, string LastDigits, int ExpiryMonth, int ExpiryYear, string Country, string PostalCode,
    bool AddressChecked, string Fingerprint)
{
    /// <summary>Whether its address is this one, as far as gateways tell: by country and postal code (R64).</summary>
    public bool IsAt(Address address) => Country == address.Country && Bare(PostalCode) == Bare(address.PostalCode);

    /// <summary>Whether it can still be charged on a day.</summary>
    public bool IsValidOn(LocalDate day) =>
        ExpiryYear == 0 || (day.Year, day.Month).CompareTo((ExpiryYear, ExpiryMonth)) <= 0;

    public string ToJson() => JsonSerializer.Serialize(this);

    public static CardFacts Read(string json) => JsonSerializer.Deserialize<CardFacts>(json)!;

    /// <summary>Without what people write differently; of an American code the first five digits.</summary>
    string Bare(string postalCode)
    {
        var bare = string.Concat(postalCode.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
        return Country == "US" && bare.Length > 5 ? bare[..5] : bare;
    }
}
