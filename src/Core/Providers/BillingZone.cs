using NodaTime;

namespace Tollkeeper.Providers;

/// <summary>
/// The zone whose local dates a provider bills by (C4), from NodaTime's own data and never the machine's: a fixed
/// offset such as <c>UTC-05</c>, which knows no summer time, or an IANA name such as <c>America/Toronto</c>.
/// </summary>
public static class BillingZone
{
    /// <summary>The release of the zone data, such as <c>2026a</c>, for start-up logs.</summary>
    public static string DataVersion => DateTimeZoneProviders.Tzdb.VersionId;

    public static Result<DateTimeZone> Of(CalendarRules calendar)
    {
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(calendar.Zone) is { } zone) return zone;
        return new Refused(Refusal.PolicyInvalid, $"calendar zone '{calendar.Zone}'");
    }
}
