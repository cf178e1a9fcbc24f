using System.Globalization;
using System.Text;

namespace Tollkeeper.Accounts;

/// <summary>
/// The words by which a customer is found: as <see cref="NameKey"/> writes them, parted where no letter and no digit
/// stands. Whoever types the beginning of each finds the customer.
/// </summary>
public static class SearchWords
{
    /// <summary>How much of a word is kept, and looked for.</summary>
    public const int LongestWord = 60;

    /// <summary>Of one text, and of what is typed: the rest is left out.</summary>
    const int MostWords = 64;
    public const int MostTyped = 8;

    /// <summary>Digits that are meant as a telephone number when nothing else was typed.</summary>
    const int FewestDigits = 7;

    /// <summary>The words of a name, an id, a SIP user.</summary>
    public static IEnumerable<string> OfText(string text) => Parts(NameKey.Of(text)).Distinct().Take(MostWords);

    /// <summary>Its words; a number also without the 00 of abroad, as numbers are looked for.</summary>
    public static IEnumerable<string> OfSipUser(string name) => name.All(char.IsAsciiDigit)
        ? OfText(name).Append(WithoutAbroad(Digits(name))).Where(word => word.Length > 0).Distinct()
        : OfText(name);

    /// <summary>The whole address, and its words.</summary>
    public static IEnumerable<string> OfMail(string mail) => OfText(mail).Prepend(Whole(mail)).Distinct();

    /// <summary>
    /// The digits as they are written, without the 00 of abroad, and without the 1 of North America, which many leave
    /// out.
    /// </summary>
    public static IEnumerable<string> OfPhone(string phone)
    {
        var written = Digits(phone);
        var digits = WithoutAbroad(written);
        if (digits.Length == 0) return [];
        IEnumerable<string> words = digits.Length == 11 && digits[0] == '1' ? [digits, digits[1..]] : [digits];
        return words.Append(written).Distinct();
    }

    /// <summary>
    /// The words that are looked for, the longest first, all of which a customer must have: a whole telephone number,
    /// whole e-mail addresses, an account's id, or words. None where nothing of what was typed is part of a word.
    /// </summary>
    public static IReadOnlyList<string> Typed(string text)
    {
        if (text.All(c => char.IsAsciiDigit(c) || " +()-./".Contains(c, StringComparison.Ordinal))
            && Digits(text) is { Length: >= FewestDigits } number)
            return [WithoutAbroad(number)];
        var pieces = text.Split([' ', ',', ';', '<', '>', '\t'], StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(piece => piece.Contains('@', StringComparison.Ordinal) && piece.Trim('@').Length > 0
                ? [Whole(piece.Trim('@'))]
                : piece.StartsWith(PublicId.Account + "_", StringComparison.OrdinalIgnoreCase)
                    ? OfText(piece[(PublicId.Account.Length + 1)..])
                    : OfText(piece));
        return [.. pieces.Distinct().OrderByDescending(word => word.Length).Take(MostTyped)];
    }

    static string Whole(string mail)
    {
        var key = new StringBuilder();
        foreach (var rune in NameKey.Of(mail).EnumerateRunes())
            if (!TryAppend(key, rune)) break;
        return key.ToString();
    }

    /// <summary>False where the word would be too long with it; half a character is none.</summary>
    static bool TryAppend(StringBuilder word, Rune rune)
    {
        if (word.Length + rune.Utf16SequenceLength > LongestWord) return false;
        word.Append(rune.ToString());
        return true;
    }

    static string WithoutAbroad(string digits) =>
        digits.StartsWith("00", StringComparison.Ordinal) ? digits[2..] : digits;

    static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit).Take(LongestWord));

    static IEnumerable<string> Parts(string key)
    {
        var (word, full) = (new StringBuilder(), false);
        foreach (var rune in key.EnumerateRunes())
        {
            if (!Rune.IsLetterOrDigit(rune) && Rune.GetUnicodeCategory(rune) is not (
                UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark))
            {
                foreach (var part in Ends(word)) yield return part;
                word.Clear();
                full = false;
            }
            else if (!full) full = !TryAppend(word, rune);
        }
        foreach (var part in Ends(word)) yield return part;
    }

    /// <summary>
    /// Chinese, Japanese and Thai write no blanks between words: a word is found there from each of its characters on.
    /// </summary>
    static IEnumerable<string> Ends(StringBuilder word)
    {
        var text = word.ToString();
        if (text.Length > 0) yield return text;
        for (var i = 1; i < text.Length; i++)
            if (HasNoBlanks(text[i]) && HasNoBlanks(text[i - 1])) yield return text[i..];
    }

    static bool HasNoBlanks(char c) =>
        c is (>= '\u0E00' and <= '\u0EFF') or (>= '\u3040' and <= '\u30FF') or (>= '\u3400' and <= '\u9FFF')
            or (>= '\uAC00' and <= '\uD7AF');
}
