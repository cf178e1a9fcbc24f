namespace Tollkeeper.Host.Notifications;

/// <summary>
/// What a mail says, in one language, before it is text or HTML: both are written from this, so that they say the same.
/// </summary>
public sealed record Letter(string Subject, IReadOnlyList<string> Says)
{
    /// <summary>Names and values, such as a balance and a threshold.</summary>
    public IReadOnlyList<(string Name, string Value)> Facts { get; init; } = [];

    public LetterTable? Table { get; init; }

    public LetterLink? Link { get; init; }

    /// <summary>What to do, and what happens next.</summary>
    public IReadOnlyList<string> After { get; init; } = [];

    /// <summary>Why the reader gets it and where to choose otherwise; null where it cannot be chosen.</summary>
    public LetterLink? Choice { get; init; }
}

/// <param name="Numbers">Columns whose cells are numbers, from 0.</param>
public sealed record LetterTable(
    IReadOnlyList<string> Heads, IReadOnlyList<IReadOnlyList<string>> Rows, IReadOnlySet<int> Numbers);

/// <param name="Address">Null: it is not shown to whoever reads the copy.</param>
public sealed record LetterLink(string Text, string? Address);
