using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using NodaTime;

namespace Tollkeeper.Accounts;

/// <summary>What a key opens: calls of one provider, one account's own figures, or the whole installation.</summary>
public enum KeyKind
{
    Switch = 0,
    Account = 1,
    Operator = 2,
}

/// <summary>A key as it is kept: never its secret, only the SHA-256 of it.</summary>
/// <param name="ProviderNo">Null for an operator's key.</param>
/// <param name="AccountNo">Set for an account's key alone.</param>
/// <param name="ExpiresAt">From when on it opens nothing; null: never.</param>
public sealed record AccessKey(
    long No, string IdPart, ReadOnlyMemory<byte> SecretSha256, KeyKind Kind, int? ProviderNo, long? AccountNo,
    Instant? RevokedAt, KeyScopes Scopes, Instant? ExpiresAt)
{
    /// <summary>
    /// Why this text opens nothing; null where it does. Only who has the right secret learns that the key's time is
    /// over. Compared in constant time, so that an answer's time tells nothing of the stored hash.
    /// </summary>
    public Refusal? Problem(in KeyText text, Instant now)
    {
        if (text.Kind != Kind || !CryptographicOperations.FixedTimeEquals(text.SecretSha256(), SecretSha256.Span))
            return Refusal.UnknownKey;
        if (RevokedAt is not null) return Refusal.KeyRevoked;
        return now >= ExpiresAt ? Refusal.KeyExpired : null;
    }
}

/// <summary>What people call a key, what it opens, until when (null: for good).</summary>
public sealed record KeyTerms(string Name, KeyScopes Scopes, Instant? ExpiresAt)
{
    public const int LongestName = 60;

    /// <summary>Why a key cannot be called so: <see cref="Refusal.FieldEmpty"/>, <see cref="Refusal.BadText"/>; null:
    /// it can.</summary>
    public static Refused? NameProblem(string name) =>
        name.Length == 0 ? new Refused(Refusal.FieldEmpty, "Name")
            : PlainText.Fits(name, LongestName) ? null : new Refused(Refusal.BadText, "Name");

    /// <summary>Everything that a key of the kind can open, for good.</summary>
    public static KeyTerms Whole(KeyKind kind) => new("", KeyScopesOf.Kind(kind), null);
}

/// <summary>
/// A key as its holder has it: <c>tk_KIND_IDPART_SECRET</c>, the id part 16 characters of base32, the secret 256 bits
/// in base64url. Shown once; its text form is secret and therefore not what <see cref="ToString"/> gives.
/// </summary>
public readonly struct KeyText
{
    public const int SecretBytes = 32;
    const int IdPartLength = 16;
    const int SecretLength = 43;

    readonly byte[] secret;

    public KeyText(KeyKind kind, string idPart, byte[] secret)
    {
        Demand.That(idPart.Length == IdPartLength && secret.Length == SecretBytes,
            "a key has an id part and a 256-bit secret");
        (Kind, IdPart, this.secret) = (kind, idPart, secret);
    }

    public KeyKind Kind { get; }

    public string IdPart { get; }

    public string Reveal() => $"tk_{NameOf(Kind)}_{IdPart}_{Base64Url.EncodeToString(secret)}";

    public byte[] SecretSha256() => SHA256.HashData(secret);

    public override string ToString() => $"tk_{NameOf(Kind)}_{IdPart}_…";

    public static bool TryParse([NotNullWhen(true)] string? text, out KeyText key)
    {
        key = default;
        if (text is not { Length: <= 100 } || text.Split('_', 4) is not ["tk", var name,
            { Length: IdPartLength } idPart, { Length: SecretLength } secret])
            return false;
        if (!TryKind(name, out var kind) || !secret.All(IsBase64Url) || !Base64Url.IsValid(secret)) return false;
        key = new KeyText(kind, idPart, Base64Url.DecodeFromChars(secret));
        return true;
    }

    public static bool TryKind(string name, out KeyKind kind)
    {
        kind = name switch { "switch" => KeyKind.Switch, "account" => KeyKind.Account, _ => KeyKind.Operator };
        return name is "switch" or "account" or "operator";
    }

    // White space between is valid base64, and would be another secret.
    static bool IsBase64Url(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';

    static string NameOf(KeyKind kind) => kind switch
    {
        KeyKind.Switch => "switch",
        KeyKind.Account => "account",
        KeyKind.Operator => "operator",
    };
}
