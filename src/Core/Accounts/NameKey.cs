namespace Tollkeeper.Accounts;

/// <summary>
/// A name as it is searched for: without capitals and without the accents of Latin letters, so that "quebec" finds
/// "Québec". The runtime knows no cultures here, and the databases disagree about what a capital is.
/// </summary>
public static class NameKey
{
    static readonly Dictionary<char, string> Plain = Letters(
        "a àáâãäåāăą", "c çćĉċč", "d ďđð", "e èéêëēĕėęě", "g ĝğġģ", "h ĥħ", "i ìíîïĩīĭįı", "j ĵ", "k ķ", "l ĺļľŀł",
        "n ñńņňŉ", "o òóôõöøōŏő", "r ŕŗř", "s śŝşšș", "t ţťŧț", "u ùúûüũūŭůűų", "w ŵ", "y ýÿŷ", "z źżž",
        "ae æ", "oe œ", "ss ß", "th þ");

    public static string Of(string name)
    {
        var key = new System.Text.StringBuilder(name.Length);
        foreach (var letter in name)
        {
            // An accent written as a character of its own, after its letter.
            if (letter is >= '\u0300' and <= '\u036F') continue;
            var small = char.ToLowerInvariant(letter);
            if (Plain.TryGetValue(small, out var plain)) key.Append(plain);
            else key.Append(small);
        }
        return key.ToString();
    }

    static Dictionary<char, string> Letters(params string[] groups) =>
        groups.Select(group => group.Split(' '))
            .SelectMany(group => group[1].Select(letter => (letter, group[0])))
            .ToDictionary(pair => pair.letter, pair => pair.Item2);
}
