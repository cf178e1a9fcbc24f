using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Tollkeeper.Ledger;

/// <summary>
/// What a hold and a call keep of the terms they are priced by, as plain values in columns, so that every cent can be
/// priced again years later without the deck or the policy of the day. Amounts in micros, the rate in 10⁻⁸ per minute,
/// the tax in parts per million. Empty for a call that costs nothing by nature (emergency, star code).
/// </summary>
public readonly record struct KeptTerms
{
    public int DeckNo { get; init; }
    public int DeckVersion { get; init; }
    public string Prefix { get; init; }
    public string Destination { get; init; }
    public long RateE8 { get; init; }
    public int FirstSeconds { get; init; }
    public int NextSeconds { get; init; }
    public long ConnectFeeMicros { get; init; }
    public long MinimumMicros { get; init; }
    public long DipMicros { get; init; }
    public long SurchargeMicros { get; init; }
    public int Decimals { get; init; }
    public int RoundingMode { get; init; }
    public int Jurisdiction { get; init; }
    public string? TaxCode { get; init; }
    public int TaxPartsPerMillion { get; init; }

    /// <summary>
    /// All but deck, prefix, destination and rate, as a call keeps it in one column:
    /// <c>first/next connect minimum dip surcharge decimals rounding jurisdiction tax code</c>, the numbers as above,
    /// the tax code last and only where there is one.
    /// </summary>
    public string Text => string.Create(
        CultureInfo.InvariantCulture,
        $"{FirstSeconds}/{NextSeconds} {ConnectFeeMicros} {MinimumMicros} {DipMicros} {SurchargeMicros} {Decimals} "
        + $"{RoundingMode} {Jurisdiction} {TaxPartsPerMillion}{(TaxCode is null ? "" : " ")}{TaxCode}");

    /// <summary>Reads <see cref="Text"/>; false where it is none, and then the terms are half read.</summary>
    public static bool TryRead(ReadOnlySpan<byte> utf8, ref KeptTerms terms)
    {
        var ok = TryInt(ref utf8, '/', out var first) & TryInt(ref utf8, ' ', out var next)
            & TryLong(ref utf8, ' ', out var connect) & TryLong(ref utf8, ' ', out var minimum)
            & TryLong(ref utf8, ' ', out var dip) & TryLong(ref utf8, ' ', out var surcharge)
            & TryInt(ref utf8, ' ', out var decimals) & TryInt(ref utf8, ' ', out var rounding)
            & TryInt(ref utf8, ' ', out var jurisdiction) & TryInt(ref utf8, ' ', out var tax);
        terms = terms with
        {
            FirstSeconds = first,
            NextSeconds = next,
            ConnectFeeMicros = connect,
            MinimumMicros = minimum,
            DipMicros = dip,
            SurchargeMicros = surcharge,
            Decimals = decimals,
            RoundingMode = rounding,
            Jurisdiction = jurisdiction,
            TaxPartsPerMillion = tax,
            TaxCode = utf8.IsEmpty ? null : Encoding.UTF8.GetString(utf8),
        };
        return ok;
    }

    static bool TryInt(ref ReadOnlySpan<byte> utf8, char end, out int number) =>
        Utf8Parser.TryParse(utf8, out number, out var used) && TryEnd(ref utf8, used, end);

    static bool TryLong(ref ReadOnlySpan<byte> utf8, char end, out long number) =>
        Utf8Parser.TryParse(utf8, out number, out var used) && TryEnd(ref utf8, used, end);

    /// <summary>What follows a number is gone with it; the last one may end the text.</summary>
    static bool TryEnd(ref ReadOnlySpan<byte> utf8, int used, char end)
    {
        var last = used == utf8.Length;
        if (!last && utf8[used] != end) return false;
        utf8 = utf8[(last ? used : used + 1)..];
        return true;
    }

    public static KeptTerms Free(string destination) => new()
    {
        Prefix = "",
        Destination = destination,
        FirstSeconds = 1,
        NextSeconds = 1,
        Decimals = 6,
    };
}
