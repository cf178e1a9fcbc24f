using System.Globalization;
using System.Text;

namespace Tollkeeper.Ledger;

/// <summary>
/// Calls up and rate bucket of one account at one switch (switch 0: over all switches, where the limit counts them
/// together). Tokens in millionths of a call, the bucket's clock in microseconds since 1970.
/// </summary>
/// <param name="Started">Calls let through in the second of <paramref name="TokensAtMicros"/>.</param>
/// <param name="StartedBefore">Those of the second before that one.</param>
public readonly record struct LineCount(
    int SwitchNo, int Active, long MicroTokens, long TokensAtMicros, int Started = 0, int StartedBefore = 0)
{
    const long Second = 1_000_000;

    /// <summary>The bucket is as one more call left it, which was let through or had no channel.</summary>
    public LineCount WithTry(long microTokens, long atMicros, bool started)
    {
        var one = started ? 1 : 0;
        var (now, before) = (atMicros / Second - TokensAtMicros / Second) switch
        {
            <= 0 => (Started + one, StartedBefore),
            1 => (one, Started),
            _ => (one, 0),
        };
        return new LineCount(SwitchNo, Active, microTokens, atMicros, now, before);
    }

    /// <summary>
    /// Calls let through in the second up to now: those of this second, and of the one before the share of it that the
    /// last second still covers.
    /// </summary>
    public int StartedInTheLastSecond(long nowMicros)
    {
        var (whole, part) = (nowMicros / Second - TokensAtMicros / Second) switch
        {
            <= 0 => (Started, StartedBefore),
            1 => (0, Started),
            _ => (0, 0),
        };
        return whole + (int)((part * (Second - nowMicros % Second) + Second / 2) / Second);
    }
}

/// <summary>
/// The counts of one account, kept as text on its first wallet's row
/// (<c>switch:active:tokens:at:started:before</c>, comma between), so that the row lock that guards the money guards
/// channels and rate too, exactly, across nodes.
/// </summary>
public static class LineUse
{
    public static List<LineCount> Read(string text)
    {
        var counts = new List<LineCount>();
        Span<Range> parts = stackalloc Range[7];
        foreach (var range in text.AsSpan().Split(','))
        {
            var item = text.AsSpan(range);
            if (item.IsEmpty) continue;
            Demand.That(item.Split(parts, ':') == 6, $"line use '{text}' has six numbers a switch");
            counts.Add(new LineCount(
                int.Parse(item[parts[0]], NumberStyles.None, CultureInfo.InvariantCulture),
                int.Parse(item[parts[1]], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
                long.Parse(item[parts[2]], NumberStyles.None, CultureInfo.InvariantCulture),
                long.Parse(item[parts[3]], NumberStyles.None, CultureInfo.InvariantCulture),
                int.Parse(item[parts[4]], NumberStyles.None, CultureInfo.InvariantCulture),
                int.Parse(item[parts[5]], NumberStyles.None, CultureInfo.InvariantCulture)));
        }
        return counts;
    }

    public static string Write(IReadOnlyList<LineCount> counts)
    {
        var text = new StringBuilder();
        foreach (var count in counts)
        {
            if (text.Length > 0) text.Append(',');
            text.Append(CultureInfo.InvariantCulture,
                $"{count.SwitchNo}:{count.Active}:{count.MicroTokens}:{count.TokensAtMicros}:{count.Started}:");
            text.Append(CultureInfo.InvariantCulture, $"{count.StartedBefore}");
        }
        return text.ToString();
    }
}
