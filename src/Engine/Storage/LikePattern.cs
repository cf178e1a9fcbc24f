namespace Tollkeeper.Engine.Storage;

/// <summary>Patterns of <c>like</c> out of text that somebody typed.</summary>
static class LikePattern
{
    /// <summary>What holds the text, to the letter; for a <c>like … escape '\'</c>.</summary>
    public static string Holding(string text) => "%" + text
        .Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal)
        .Replace("_", @"\_", StringComparison.Ordinal) + "%";
}
