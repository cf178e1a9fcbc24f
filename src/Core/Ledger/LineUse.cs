using System.Globalization;
using System.Text;

namespace Tollkeeper.Ledger;

/// <summary>
/// Calls up and rate bucket of one account at one switch (switch 0: over all switches, where the limit counts them
/// together). Tokens in millionths of a call, the bucket's clock in microseconds since 1970.
/// </summary>
public readonly record struct LineCount(int SwitchNo, int Active, long MicroTokens, long TokensAtMicros);

/// <summary>
/// The counts of one account, kept as text on its first wallet's row (<c>switch:active:tokens:at</c>, comma between),
/// so that the row lock that guards the money guards channels and rate too, exactly, across nodes.
/// </summary>
public static class LineUse
{
    public static List<LineCount> Read(string text)
    {
        var counts = new List<LineCount>();
        Span<Range> parts = stackalloc Range[5];
        foreach (var range in text.AsSpan().Split(','))
        {
            var item = text.AsSpan(range);
            if (item.IsEmpty) continue;
            Demand.That(item.Split(parts, ':') == 4, $"line use '{text}' has four numbers a switch");
            counts.Add(new LineCount(
                int.Parse(item[parts[0]], NumberStyles.None, CultureInfo.InvariantCulture),
                int.Parse(item[parts[1]], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
                long.Parse(item[parts[2]], NumberStyles.None, CultureInfo.InvariantCulture),
                long.Parse(item[parts[3]], NumberStyles.None, CultureInfo.InvariantCulture)));
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
                $"{count.SwitchNo}:{count.Active}:{count.MicroTokens}:{count.TokensAtMicros}");
        }
        return text.ToString();
    }
}
