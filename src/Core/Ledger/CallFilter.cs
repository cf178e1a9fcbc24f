using NodaTime;
using Tollkeeper.Accounts;

namespace Tollkeeper.Ledger;

/// <summary>
/// Which calls somebody wants to see: those charged from one local date to another, both included, and of them those
/// that fit everything else that is said.
/// </summary>
/// <param name="NumberStarts">What the caller's or the called number begins with, any of them; none: any
/// number.</param>
/// <param name="Destination">Part of the destination's name, in whatever case.</param>
public sealed record CallFilter(
    LocalDate From, LocalDate To, Directions? Direction = null, IReadOnlyList<string>? NumberStarts = null,
    string? Destination = null, Disposition? Disposition = null)
{
    /// <summary>R25: calls are shown for ninety days, today counted.</summary>
    public const int DaysBack = 90;

    public const int LongestDestination = 60;

    public static LocalDate Earliest(LocalDate today) => today.PlusDays(1 - DaysBack);

    /// <summary>True where the dates alone choose.</summary>
    public bool OnlyDates => Direction is null && NumberStarts is null or [] && Destination is null
        && Disposition is null;

    /// <summary>Why these dates are not shown; refusal <see cref="Refusal.BadDateRange"/>.</summary>
    public Refused? Check(LocalDate today)
    {
        if (From < Earliest(today)) return new Refused(Refusal.BadDateRange, "from");
        // Somebody east of the provider may have tomorrow already.
        if (To < From || To > today.PlusDays(1)) return new Refused(Refusal.BadDateRange, "to");
        return null;
    }

    public Instant StartsAt(DateTimeZone zone) => zone.AtStartOfDay(From).ToInstant();

    /// <summary>The first instant that is too late.</summary>
    public Instant EndsAt(DateTimeZone zone) => zone.AtStartOfDay(To.PlusDays(1)).ToInstant();
}
