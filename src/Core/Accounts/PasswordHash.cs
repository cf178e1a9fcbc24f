using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Tollkeeper.Accounts;

/// <summary>
/// A password as it is kept: PBKDF2 with SHA-512 over a salt of its own, in the layout that ASP.NET Core Identity calls
/// version 3, so that sign-ins can be made where there is no web server.
/// </summary>
public static class PasswordHash
{
    public const int SaltBytes = 16;

    /// <summary>What OWASP names for PBKDF2 with SHA-512.</summary>
    public const int Iterations = 210_000;

    const int HashBytes = 32;
    const int HeaderBytes = 13;
    const byte Version3 = 1;
    const uint HmacSha512 = 2;

    /// <summary>A byte of version, three numbers of four bytes (function, rounds, length of the salt), salt, hash;
    /// in base64.</summary>
    public static string Of(string password, ReadOnlySpan<byte> salt)
    {
        Demand.That(salt.Length == SaltBytes, "a password has a salt of 16 bytes");
        Span<byte> kept = stackalloc byte[HeaderBytes + SaltBytes + HashBytes];
        kept[0] = Version3;
        BinaryPrimitives.WriteUInt32BigEndian(kept[1..], HmacSha512);
        BinaryPrimitives.WriteUInt32BigEndian(kept[5..], Iterations);
        BinaryPrimitives.WriteUInt32BigEndian(kept[9..], SaltBytes);
        salt.CopyTo(kept[HeaderBytes..]);
        var hash = kept[(HeaderBytes + SaltBytes)..];
        Rfc2898DeriveBytes.Pbkdf2(password, salt, hash, Iterations, HashAlgorithmName.SHA512);
        return Convert.ToBase64String(kept);
    }
}
