namespace Tollkeeper.Rating;

/// <summary>A line of a file that cannot be taken: its number (the header is 1), why, and what stood there.</summary>
public readonly record struct BadLine(long Line, Refusal Refusal, string Detail)
{
    public override string ToString() => $"line {Line}: {Detail}";
}

/// <summary>The bad lines of a file, the first <see cref="MaxKept"/> of them by name.</summary>
public sealed class BadLines
{
    public const int MaxKept = 1_000;

    readonly List<BadLine> kept = [];

    public IReadOnlyList<BadLine> Kept => kept;

    /// <summary>How many there are beyond those kept.</summary>
    public long More { get; private set; }

    public bool Any => kept.Count > 0;

    public void Add(long line, Refused refused)
    {
        if (kept.Count < MaxKept) kept.Add(new BadLine(line, refused.Refusal, refused.Detail ?? ""));
        else More++;
    }
}
