using Tollkeeper.Providers;

namespace Tollkeeper.Rating;

/// <summary>
/// What people type to find a number, as the beginnings that a stored number may have: with or without plus, country
/// code or international prefix, with the separators that numbers are written with, whole or only its first digits.
/// </summary>
public static class NumberSearch
{
    const int MaxLength = 40;

    /// <summary>Null where what was typed is no beginning of a number.</summary>
    public static IReadOnlyList<string>? Starts(string typed, DialRules rules)
    {
        var text = typed.Trim();
        if (text.Length is 0 or > MaxLength) return null;
        var sign = text[0] is '+' or '*' ? text[..1] : "";
        var digits = string.Concat(text[sign.Length..].Where(c => !IsSeparator(c)));
        if (digits.Length is 0 or > Rate.MaxDigits + 5 || !digits.All(char.IsAsciiDigit)) return null;
        if (sign == "*") return [sign + digits];

        // A number is stored in E.164; what a switch sent as the caller's number is kept as it came.
        var starts = new List<string> { "+" + digits };
        if (sign.Length == 0)
        {
            starts.Add(digits);
            starts.Add("+" + rules.CountryCode + digits);
            starts.AddRange(rules.InternationalPrefixes
                .Where(prefix => digits.Length > prefix.Length && digits.StartsWith(prefix, StringComparison.Ordinal))
                .Select(prefix => "+" + digits[prefix.Length..]));
        }
        else
        {
            starts.Add(digits);
        }
        return [.. starts.Distinct(StringComparer.Ordinal)];
    }

    static bool IsSeparator(char c) => c is ' ' or '-' or '.' or '(' or ')' or '/' or '\u00a0' or '\u202f';
}
