using System.Security.Cryptography;

namespace Tollkeeper.Accounts;

/// <summary>
/// A password as it is kept: PBKDF2 with SHA-512 over a salt of its own, 16 bytes, and 64 bytes of hash. The password
/// cannot be read back from it.
/// </summary>
public sealed record PasswordHash(ReadOnlyMemory<byte> Salt, ReadOnlyMemory<byte> Hash, int Iterations)
{
    public const int SaltBytes = 16;
    const int HashBytes = 64;

    /// <summary>What OWASP names for PBKDF2 with SHA-512.</summary>
    const int IterationsNow = 210_000;

    public static PasswordHash Of(string password, byte[] salt)
    {
        Demand.That(salt.Length == SaltBytes, "a password has a salt of 16 bytes");
        return new PasswordHash(salt, Derive(password, salt, IterationsNow), IterationsNow);
    }

    /// <summary>Compared in constant time.</summary>
    public bool Matches(string password) =>
        CryptographicOperations.FixedTimeEquals(Derive(password, Salt.Span, Iterations), Hash.Span);

    static byte[] Derive(string password, ReadOnlySpan<byte> salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA512, HashBytes);
}
