using NodaTime;

namespace Tollkeeper.Rating;

/// <summary>
/// When a new version of a deck may take effect: a minute after it is saved, because nodes poll; and where calls cost
/// more, not before the provider's notice has run out, unless somebody says why (domain: notice of increases).
/// </summary>
public static class RateNotice
{
    public static Instant Earliest(bool raises, Instant now, int noticeDays) =>
        raises ? Instant.Max(now + EffectiveDates.Notice, now + Duration.FromDays(noticeDays))
            : now + EffectiveDates.Notice;

    /// <param name="from">Null: as soon as may be.</param>
    /// <param name="reason">Why an increase comes sooner than customers are used to; empty where it does not.</param>
    public static Result<Instant> Judge(
        bool raises, Instant now, Instant? from, int noticeDays, string reason)
    {
        var earliest = Earliest(raises, now, noticeDays);
        if (from is not { } wanted) return earliest;
        if (EffectiveDates.TooSoon(now, wanted)) return Refusal.DeckTooSoon;
        return wanted >= earliest || !string.IsNullOrWhiteSpace(reason) ? wanted : Refusal.DeckNoticeShort;
    }
}
