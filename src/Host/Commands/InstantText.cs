using NodaTime;
using NodaTime.Text;

namespace Tollkeeper.Host.Commands;

/// <summary>How instants are given to commands: RFC 3339, with whatever offset.</summary>
static class InstantText
{
    public static Instant? Read(string text)
    {
        var parsed = OffsetDateTimePattern.Rfc3339.Parse(text);
        return parsed.Success ? parsed.Value.ToInstant() : null;
    }
}
