using NodaTime;

namespace Tollkeeper.Engine.Rating;

/// <summary>
/// RFC 3339 instants read from bytes by hand: a file of calls has one a line, and a pattern costs more than all the
/// rest of the line.
/// </summary>
public static class Utf8Instant
{
    const int DaysFromYear0To1970 = 719_468;

    /// <summary>
    /// True for <c>2026-03-01T12:34:56Z</c>, with up to 9 decimals of a second and with an offset in place of Z.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out Instant instant)
    {
        instant = default;
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':') return false;
        if (text[10] is not ((byte)'T' or (byte)'t' or (byte)' ')) return false;
        var date = (Year: Two(text, 0) * 100 + Two(text, 2), Month: Two(text, 5), Day: Two(text, 8));
        var (hour, minute, second) = (Two(text, 11), Two(text, 14), Two(text, 17));
        if (hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 59) return false;
        if (date.Month is < 1 or > 12 || date.Year < 1900 || date.Day < 1) return false;
        if (date.Day > DateTime.DaysInMonth(date.Year, date.Month)) return false;
        var seconds = DaysSince1970(date.Year, date.Month, date.Day) * 86_400L + hour * 3_600 + minute * 60 + second;
        if (text.Length == 20 && (text[19] | 0x20) == 'z')
        {
            instant = Instant.FromUnixTimeSeconds(seconds);
            return true;
        }
        if (!TryReadRest(text[19..], out var nanoseconds, out var offsetSeconds)) return false;
        instant = Instant.FromUnixTimeSeconds(seconds - offsetSeconds).PlusNanoseconds(nanoseconds);
        return true;
    }

    /// <summary>The fraction and the offset, behind the seconds.</summary>
    static bool TryReadRest(ReadOnlySpan<byte> rest, out int nanoseconds, out int offsetSeconds)
    {
        (nanoseconds, offsetSeconds) = (0, 0);
        if (rest is [(byte)'.', ..])
        {
            var digits = 0;
            rest = rest[1..];
            for (; digits < rest.Length && rest[digits] is >= (byte)'0' and <= (byte)'9'; digits++)
            {
                if (digits >= 9) return false;
                nanoseconds = nanoseconds * 10 + (rest[digits] - '0');
            }
            if (digits == 0) return false;
            for (var i = digits; i < 9; i++) nanoseconds *= 10;
            rest = rest[digits..];
        }
        if (rest is [(byte)'Z' or (byte)'z']) return true;
        if (rest.Length != 6 || rest[0] is not ((byte)'+' or (byte)'-') || rest[3] != ':') return false;
        var (hours, minutes) = (Two(rest, 1), Two(rest, 4));
        if (hours is < 0 or > 18 || minutes is < 0 or > 59 || (hours == 18 && minutes > 0)) return false;
        offsetSeconds = (hours * 3_600 + minutes * 60) * (rest[0] == '-' ? -1 : 1);
        return true;
    }

    /// <summary>Two digits, or a number below zero.</summary>
    static int Two(ReadOnlySpan<byte> text, int at)
    {
        var (tens, ones) = (text[at] - '0', text[at + 1] - '0');
        return tens is < 0 or > 9 || ones is < 0 or > 9 ? -10_000 : tens * 10 + ones;
    }

    /// <summary>Days of the Gregorian calendar, its year taken from March on so that the leap day comes last.</summary>
    static int DaysSince1970(int year, int month, int day)
    {
        if (month <= 2) year--;
        var century = year / 100;
        var dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        return year * 365 + year / 4 - century + century / 4 + dayOfYear - DaysFromYear0To1970;
    }
}
