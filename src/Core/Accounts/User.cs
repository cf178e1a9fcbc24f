using NodaTime;

namespace Tollkeeper.Accounts;

/// <summary>
/// Who may sign in at one provider's host: a customer's user, or staff. The same address at another provider is another
/// user.
/// </summary>
/// <param name="AccountNo">Null for staff.</param>
/// <param name="Name">What people call the user; may be empty.</param>
/// <param name="PasswordHash">Null until the user has chosen one.</param>
/// <param name="Stamp">Changes with everything that sessions depend on; a session of another stamp has ended.</param>
/// <param name="Locked">Barred by staff, until staff say otherwise. What wrong passwords lock is elsewhere.</param>
/// <param name="AuthenticatorKey">Sealed; null where there is none.</param>
/// <param name="AuthenticatorStep">Of the last code that was accepted; no code of it or before it is again.</param>
/// <param name="Version">Counts changes; who saves an older one has lost against somebody else.</param>
/// <param name="Notifications">Which mails the user wants, as bits; null: what the role gets.</param>
public sealed record User(
    long No, string Id, int ProviderNo, long? AccountNo, Role Role, string Name, EmailAddress Email,
    bool EmailConfirmed, string? PasswordHash, string Stamp, bool Locked, bool TwoStep,
    ReadOnlyMemory<byte>? AuthenticatorKey, long AuthenticatorStep, Language? Language, Theme? Theme,
    int? Notifications, Instant CreatedAt, Instant? LastSignedInAt, int Version)
{
    public const int LongestName = 100;

    public bool IsStaff => AccountNo is null;

    public Team Team => new(ProviderNo, AccountNo);

    /// <summary>An invitation was accepted, or none was needed.</summary>
    public bool HasCome => EmailConfirmed && PasswordHash is not null;
}
