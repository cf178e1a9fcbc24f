namespace Tollkeeper;

/// <summary>
/// Text that every database, file and page can take: no control characters, no half of a surrogate pair.
/// </summary>
public static class PlainText
{
    /// <summary>True when the text is not blank, at most <paramref name="maxLength"/> characters, and plain.</summary>
    public static bool Fits(string? text, int maxLength)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > maxLength) return false;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i])) return false;
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }
        return true;
    }
}
