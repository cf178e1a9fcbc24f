namespace Tollkeeper.Taxes;

/// <summary>Registers that give out numbers. The numbers here are stored: never renumber.</summary>
public enum TaxRegister
{
    GstHst = 1,
    Qst = 2,
    BcPst = 3,
    MbRst = 4,
    SkPst = 5,
}

/// <summary>Forms of registration numbers (TAX-CA-10), of the provider and of customers.</summary>
public static class TaxNumber
{
    /// <summary>The register whose numbers lift a province's tax for resellers; null where there is none.</summary>
    public static TaxRegister? OfResellers(string place) => place switch
    {
        "CA-BC" => TaxRegister.BcPst,
        "CA-MB" => TaxRegister.MbRst,
        "CA-SK" => TaxRegister.SkPst,
        _ => null,
    };

    /// <summary>Where a provider registers for a tax; null for taxes of the past that nobody registers for here.
    /// </summary>
    public static TaxRegister? OfTax(SalesTaxRow tax) => tax switch
    {
        { IsFederal: true } => TaxRegister.GstHst,
        { Place: "CA-QC" } => TaxRegister.Qst,
        _ => OfResellers(tax.Place),
    };

    /// <summary>
    /// As it is stored: capitals without blanks, and Manitoba's with its dash. Whatever is no number comes back as
    /// none.
    /// </summary>
    public static string Normal(TaxRegister register, string typed)
    {
        var text = string.Concat(typed.Where(c => !char.IsWhiteSpace(c))).ToUpperInvariant();
        return register == TaxRegister.MbRst && text.Length == 7 && text.All(char.IsAsciiDigit)
            ? $"{text[..6]}-{text[6]}"
            : text;
    }

    /// <summary>Whether a number, as stored, has the form of a register, and its check digit where that is public.
    /// </summary>
    public static bool Fits(TaxRegister register, string number) => register switch
    {
        TaxRegister.GstHst => HasForm(number, "999999999RT9999") && PassesLuhn(number.AsSpan(0, 9)),
        TaxRegister.Qst => HasForm(number, "9999999999TQ9999"),
        TaxRegister.BcPst => HasForm(number, "PST-9999-9999"),
        TaxRegister.MbRst => HasForm(number, "999999-9"),
        TaxRegister.SkPst => HasForm(number, "9999999"),
    };

    /// <summary>How a number of a register looks, for whoever is to write one.</summary>
    public static string Example(TaxRegister register) => register switch
    {
        TaxRegister.GstHst => "123026635RT0001",
        TaxRegister.Qst => "1234567890TQ0001",
        TaxRegister.BcPst => "PST-1234-5678",
        TaxRegister.MbRst => "123456-7",
        TaxRegister.SkPst => "1234567",
    };

    /// <param name="form">A 9 stands for any digit.</param>
    static bool HasForm(string number, string form) =>
        number.Length == form.Length
        && number.Zip(form).All(pair => pair.Second == '9' ? char.IsAsciiDigit(pair.First) : pair.First == pair.Second);

    static bool PassesLuhn(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[digits.Length - 1 - i] - '0';
            if (i % 2 == 1) digit = digit > 4 ? (digit * 2) - 9 : digit * 2;
            sum += digit;
        }
        return sum % 10 == 0;
    }
}
