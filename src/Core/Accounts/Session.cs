using NodaTime;

namespace Tollkeeper.Accounts;

/// <summary>What a page knows of who asks for it; kept in memory, so that knowing it costs nothing.</summary>
/// <param name="UserId">What others see: <c>usr_…</c>.</param>
/// <param name="AccountNo">Null for staff.</param>
/// <param name="AccountId">The account's public id; null for staff.</param>
public sealed record Person(
    string SessionId, long UserNo, string UserId, int ProviderNo, long? AccountNo, string? AccountId, Role Role,
    string Name, string Email, Language? Language, Theme? Theme)
{
    /// <summary>
    /// Set while staff look at a customer's portal: account and role are the customer's then, and everything else says
    /// who looks.
    /// </summary>
    public Acting? ActingAs { get; private init; }

    public bool IsStaff => AccountNo is null;

    /// <summary>This one of the staff, as a customer's primary admin would see it.</summary>
    public Person As(Acting acting) => this with
    {
        AccountNo = acting.AccountNo,
        AccountId = acting.AccountId,
        Role = Role.PrimaryAdmin,
        ActingAs = acting,
    };

    public Team Team => new(ProviderNo, AccountNo);

    public bool May(Right right) => Role.Has(right);
}

/// <summary>How long a session lasts: half a day after its last page, a month at the most.</summary>
public static class SessionLife
{
    public static readonly Duration Longest = Duration.FromDays(30);
    public static readonly Duration Idle = Duration.FromHours(12);

    public static bool IsOver(Instant startedAt, Instant lastSeenAt, Instant now) =>
        now >= startedAt + Longest || now >= lastSeenAt + Idle;
}

/// <summary>Whose portal staff look at, and until when at the latest; they change nothing there.</summary>
public sealed record Acting(long AccountNo, string AccountId, Instant Until)
{
    public static readonly Duration Longest = Duration.FromMinutes(30);

    public Duration LeftAt(Instant now) => Duration.Max(Until - now, Duration.Zero);
}
