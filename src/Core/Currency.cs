namespace Tollkeeper;

/// <summary>
/// An ISO 4217 currency code of three capital letters. The default value is no currency and cannot be printed.
/// </summary>
public readonly record struct Currency
{
    readonly int packed;

    Currency(int packed) => this.packed = packed;

    public static Currency Usd { get; } = Of("USD");
    public static Currency Cad { get; } = Of("CAD");

    /// <exception cref="FormatException">The code is not three capital letters A to Z.</exception>
    public static Currency Of(string code) =>
        TryParse(code, out var currency) ? currency : throw new FormatException($"'{code}' is no currency code.");

    public static bool TryParse(string? code, out Currency currency)
    {
        currency = default;
        if (code is not { Length: 3 } || !code.All(char.IsAsciiLetterUpper)) return false;
        currency = new Currency((code[0] << 16) | (code[1] << 8) | code[2]);
        return true;
    }

    public string Code
    {
        get
        {
            Demand.That(packed != 0, "a currency is set");
            return string.Create(3, packed, static (span, p) =>
            {
                span[0] = (char)(p >> 16);
                span[1] = (char)((p >> 8) & 0xFF);
                span[2] = (char)(p & 0xFF);
            });
        }
    }

    public override string ToString() => packed == 0 ? "" : Code;
}
