using NodaTime;

namespace Tollkeeper.Accounts;

/// <summary>
/// Tries to sign in under one e-mail address of one provider, whether or not somebody has that address. A try is
/// counted before the password is looked at and taken back when it was right, so that no number of tries at the same
/// moment gets more than five looks.
/// </summary>
public readonly record struct SignInTries(int Failures, Instant LastAt, Instant? LockedUntil)
{
    public const int MostFailures = 5;

    public static readonly Duration LockedFor = Duration.FromMinutes(15);

    /// <summary>Failures older than this are forgotten.</summary>
    public static readonly Duration RememberedFor = Duration.FromHours(24);

    public bool IsLocked(Instant now) => LockedUntil > now;

    /// <summary>One more try. Refusal: <see cref="Refusal.SignInLocked"/>.</summary>
    public Result<SignInTries> Begin(Instant now)
    {
        if (IsLocked(now)) return Refusal.SignInLocked;
        var forgotten = LockedUntil is not null || now - LastAt > RememberedFor;
        var failures = forgotten ? 1 : Failures + 1;
        return new SignInTries(failures, now, failures >= MostFailures ? now + LockedFor : null);
    }

    /// <summary>It was right but a second step follows: it does not count, what was counted before does.</summary>
    public SignInTries TakeBack() => this with { Failures = Math.Max(0, Failures - 1), LockedUntil = null };
}
