namespace Tollkeeper.Accounts;

/// <summary>
/// What a SIP user may be called: 1 to 64 of A–Z a–z 0–9 . _ + -, case kept (RFC 3261), and never what could be taken
/// for an account's id.
/// </summary>
public static class SipUserName
{
    public static bool Fits(string? name) =>
        name is { Length: >= 1 and <= 64 }
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '+' or '-')
        && !name.StartsWith(PublicId.Account + "_", StringComparison.Ordinal);
}
