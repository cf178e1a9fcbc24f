using NodaTime;
using Tollkeeper.Accounts;

namespace Tollkeeper.Notifications;

/// <summary>When a mail that was not taken is tried again, and how long; all decided, nothing by chance.</summary>
public static class MailRetry
{
    /// <summary>A mail server that takes nothing for a long weekend costs no mail.</summary>
    static readonly Duration Longest = Duration.FromDays(4);

    static readonly Duration LongestAway = Duration.FromMinutes(2);

    static readonly Duration[] Steps =
    [
        Duration.FromMinutes(1), Duration.FromMinutes(2), Duration.FromMinutes(5), Duration.FromMinutes(15),
        Duration.FromMinutes(30), Duration.FromHours(1), Duration.FromHours(2),
    ];

    /// <summary>The next try; null when there is none any more.</summary>
    /// <param name="attempts">How many there were, from 1.</param>
    public static Instant? Next(NoticeKind kind, int attempts, Instant createdAt, Instant now)
    {
        var next = now + Steps[Math.Clamp(attempts, 1, Steps.Length) - 1];
        return next <= createdAt + LifeOf(kind) ? next : null;
    }

    /// <summary>Whether a link that somebody asked for long ago is better not sent any more.</summary>
    public static bool IsTooLate(NoticeKind kind, Instant createdAt, Instant now) =>
        NoticeKinds.LinkOf(kind) is not null && now > createdAt + LifeOf(kind);

    /// <summary>
    /// How long nothing is tried while the mail server is away, by how often it was in a row; no mail is given up for
    /// that.
    /// </summary>
    public static Duration PauseWhileAway(int times) =>
        Duration.Min(LongestAway, Duration.FromSeconds(2) * (1L << Math.Clamp(times, 0, 10)));

    static Duration LifeOf(NoticeKind kind) =>
        NoticeKinds.LinkOf(kind) is { } purpose ? LinkLife.Of(purpose) : Longest;
}
