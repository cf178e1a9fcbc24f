using NodaTime;

namespace Tollkeeper.Providers;

/// <summary>
/// Who sells telephone service: a name, the host name by which its pages and customers find it (lower case, no port),
/// and one currency for its books.
/// </summary>
public sealed record Provider(int No, PublicId Id, string Name, string Host, Currency Currency, Instant CreatedAt);

/// <summary>One dated version of a provider's policy; versions count from 1 and are never changed.</summary>
public sealed record PolicyVersion(int ProviderNo, int Version, Instant EffectiveFrom, Policy Policy)
{
    public static PolicyVersion? InForce(IReadOnlyList<PolicyVersion> versions, Instant at) =>
        EffectiveDates.InForce(versions, static v => (v.EffectiveFrom, v.Version), at);
}

/// <summary>
/// What a host name may be: lower-case letters, digits, hyphens and dots, at most 253 characters (RFC 1123).
/// </summary>
public static class HostName
{
    public static bool Fits(string? host) =>
        host is { Length: >= 1 and <= 253 } && host.Split('.').All(label =>
            label.Length is >= 1 and <= 63 && label[0] != '-' && label[^1] != '-'
            && label.All(c => c is '-' || char.IsAsciiDigit(c) || char.IsAsciiLetterLower(c)));
}
