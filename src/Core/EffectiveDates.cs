using NodaTime;

namespace Tollkeeper;

/// <summary>
/// When a saved policy, deck or tax rate counts: from its date, and on nodes that poll, so never sooner after it was
/// saved than every node has surely seen it.
/// </summary>
public static class EffectiveDates
{
    /// <summary>60 seconds between saving and taking effect.</summary>
    public static readonly Duration Notice = Duration.FromSeconds(60);

    public static bool TooSoon(Instant saved, Instant effective) => effective < saved + Notice;

    /// <summary>
    /// Of several versions the one that started last, and of those with one start the one saved last; null before the
    /// first.
    /// </summary>
    public static T? InForce<T>(IReadOnlyList<T> versions, Func<T, (Instant From, int Version)> date, Instant at)
        where T : class
    {
        T? found = null;
        for (var i = 0; i < versions.Count; i++)
        {
            var version = versions[i];
            if (date(version).From <= at && (found is null || date(version).CompareTo(date(found)) > 0))
                found = version;
        }
        return found;
    }
}
