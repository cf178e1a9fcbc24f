using NodaTime;
using NodaTime.Text;

namespace Tollkeeper.Host;

/// <summary>How instants are given to commands and the API: RFC 3339, with whatever offset.</summary>
static class InstantText
{
    public static Instant? Read(string text)
    {
        var parsed = OffsetDateTimePattern.Rfc3339.Parse(text);
        if (!parsed.Success) return null;
        try
        {
            return parsed.Value.ToInstant();
        }
        catch (OverflowException)
        {
            // The last hours of the year 9999, west of Greenwich.
            return null;
        }
    }
}
