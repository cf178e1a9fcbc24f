using Tollkeeper.Providers;

namespace Tollkeeper.Rating;

public enum DialledKind
{
    /// <summary>An ordinary number, in E.164.</summary>
    Number = 0,

    /// <summary>911, 933, 988: never rated, limited or refused.</summary>
    Emergency = 1,

    /// <summary>A feature code such as *97: handled by the switch, never billed.</summary>
    StarCode = 2,
}

/// <summary>What was dialled, understood: E.164 digits without plus, or the short code as dialled (R103).</summary>
public readonly record struct DialledNumber(DialledKind Kind, string Digits)
{
    static readonly Refused BadNumber = new(Refusal.BadNumber);

    /// <summary>With the plus for a number; a code as it was dialled.</summary>
    public string E164 => Kind == DialledKind.Number ? "+" + Digits : Digits;

    public bool Billable => Kind == DialledKind.Number;

    public static Result<DialledNumber> Read(string? dialled, DialRules rules)
    {
        if (dialled is null || dialled.Length > DialledDigits.MaxLength) return BadNumber;
        Span<byte> raw = stackalloc byte[DialledDigits.MaxLength];
        for (var i = 0; i < dialled.Length; i++) raw[i] = dialled[i] < 128 ? (byte)dialled[i] : (byte)0;
        Span<byte> digits = stackalloc byte[DialledDigits.MaxLength];
        if (!DialledDigits.TryRead(raw[..dialled.Length], rules, digits, out var kind, out var length))
            return BadNumber;
        return new DialledNumber(kind, System.Text.Encoding.ASCII.GetString(digits[..length]));
    }

    /// <summary>
    /// A caller number as a switch sends it: E.164 digits without plus, or null for what is missing, anonymous or no
    /// number. A call is never refused for its caller number.
    /// </summary>
    public static string? CallerDigits(string? sent, DialRules rules) =>
        Read(sent, rules) is { Accepted: true, Value: { Kind: DialledKind.Number } number } ? number.Digits : null;
}

/// <summary>The reading of dialled digits on bytes, without allocation, for calls by the million.</summary>
public static class DialledDigits
{
    /// <summary>Longer than any number with its separators; what is longer is no number.</summary>
    public const int MaxLength = 40;

    const int MinDigits = 3;

    /// <summary>
    /// Bare digits shorter than this are a local or service number (411, seven digits), not a country's.
    /// </summary>
    const int MinBareDigits = 8;
    const int MaxStarDigits = 4;

    /// <summary>No emergency number is as long as a subscriber's.</summary>
    const int MaxEmergencyDigits = 6;

    /// <param name="dialled">ASCII, at most <see cref="MaxLength"/>.</param>
    /// <param name="digits">At least <see cref="MaxLength"/>; gets E.164 digits without plus, or the code.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> dialled, DialRules rules, Span<byte> digits, out DialledKind kind, out int length)
    {
        (kind, length) = (DialledKind.Number, 0);
        if (dialled.IsEmpty || dialled.Length > MaxLength) return false;
        if (dialled[0] == '*') return TryReadStarCode(dialled, digits, out kind, out length);
        var plus = dialled[0] == '+';
        // Almost every number of a file is a plus and digits: nothing to take out of it.
        return dialled[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 && (plus || IsDigit(dialled[0]))
            ? TryTake(dialled[(plus ? 1 : 0)..], plus, rules, digits, out kind, out length)
            : TryReadSeparated(dialled, plus, rules, digits, out kind, out length);
    }

    static bool TryReadSeparated(
        ReadOnlySpan<byte> dialled, bool plus, DialRules rules, Span<byte> digits, out DialledKind kind,
        out int length)
    {
        (kind, length) = (DialledKind.Number, 0);
        Span<byte> bare = stackalloc byte[MaxLength];
        var count = 0;
        foreach (var c in plus ? dialled[1..] : dialled)
        {
            if (IsDigit(c)) bare[count++] = c;
            else if (!IsSeparator(c, count)) return false;
        }
        return TryTake(bare[..count], plus, rules, digits, out kind, out length);
    }

    static bool IsDigit(byte c) => c is >= (byte)'0' and <= (byte)'9';

    static bool TryTake(
        ReadOnlySpan<byte> read, bool plus, DialRules rules, Span<byte> digits, out DialledKind kind, out int length)
    {
        kind = DialledKind.Number;
        if (IsEmergency(read, rules))
        {
            kind = DialledKind.Emergency;
            return Take(read, digits, out length);
        }
        return plus ? TryTakeE164(read, rules, digits, out length) : TryTakeBare(read, rules, digits, out length);
    }

    static bool TryTakeBare(ReadOnlySpan<byte> read, DialRules rules, Span<byte> digits, out int length)
    {
        length = 0;
        for (var i = 0; i < rules.InternationalPrefixes.Count; i++)
        {
            var prefix = rules.InternationalPrefixes[i];
            if (StartsWith(read, prefix)) return TryTakeE164(read[prefix.Length..], rules, digits, out length);
        }
        if (read.Length == rules.NationalDigits)
        {
            var country = rules.CountryCode;
            for (var i = 0; i < country.Length; i++) digits[i] = (byte)country[i];
            read.CopyTo(digits[country.Length..]);
            length = country.Length + read.Length;
            return IsE164(digits[..length], rules);
        }
        return read.Length >= MinBareDigits && TryTakeE164(read, rules, digits, out length);
    }

    static bool TryTakeE164(ReadOnlySpan<byte> read, DialRules rules, Span<byte> digits, out int length)
    {
        length = 0;
        return IsE164(read, rules) && Take(read, digits, out length);
    }

    /// <summary>3 to 15 digits, no country begins with 0; a number of the own country has its whole length.</summary>
    static bool IsE164(ReadOnlySpan<byte> read, DialRules rules)
    {
        if (read.Length is < MinDigits or > Rate.MaxDigits || read[0] == '0') return false;
        if (!StartsWith(read, rules.CountryCode)) return true;
        var national = read[rules.CountryCode.Length..];
        if (national.Length != rules.NationalDigits) return false;
        // An area code of the North American plan begins with 2 to 9.
        return rules.CountryCode != "1" || national[0] >= '2';
    }

    static bool TryReadStarCode(ReadOnlySpan<byte> dialled, Span<byte> digits, out DialledKind kind, out int length)
    {
        (kind, length) = (DialledKind.StarCode, 0);
        if (dialled.Length is < 2 or > MaxStarDigits + 1) return false;
        return dialled[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 && Take(dialled, digits, out length);
    }

    /// <summary>Those of RFC 3966, and a space, between digits; a parenthesis may open the number.</summary>
    static bool IsSeparator(byte c, int digitsBefore) =>
        c == '(' || (digitsBefore > 0 && c is ((byte)')' or (byte)'-' or (byte)'.' or (byte)' '));

    static bool IsEmergency(ReadOnlySpan<byte> read, DialRules rules)
    {
        if (read.Length > MaxEmergencyDigits) return false;
        for (var i = 0; i < rules.EmergencyNumbers.Count; i++)
        {
            var number = rules.EmergencyNumbers[i];
            if (read.Length == number.Length && StartsWith(read, number)) return true;
        }
        return false;
    }

    static bool StartsWith(ReadOnlySpan<byte> read, string start)
    {
        if (read.Length < start.Length) return false;
        for (var i = 0; i < start.Length; i++)
        {
            if (read[i] != start[i]) return false;
        }
        return true;
    }

    static bool Take(ReadOnlySpan<byte> read, Span<byte> digits, out int length)
    {
        read.CopyTo(digits);
        length = read.Length;
        return true;
    }
}
