using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace Tollkeeper.Engine.Payments.Gateways;

/// <summary>
/// The header <c>Stripe-Signature: t=SECONDS,v1=HEX[,v1=…]</c>: HMAC-SHA256 over the time, a point and the very bytes.
/// While a secret is being replaced, each of the two signs.
/// </summary>
public static class StripeSignature
{
    public const string Header = "stripe-signature";

    static readonly Duration Tolerance = Duration.FromSeconds(300);

    public static string Sign(string secret, Instant at, ReadOnlySpan<byte> body)
    {
        var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"t={seconds},v1={Convert.ToHexStringLower(Mac(secret, seconds, body))}";
    }

    public static bool IsGood(string? header, string secret, Instant now, ReadOnlySpan<byte> body)
    {
        if (header is null || secret.Length == 0) return false;
        var parts = header.Split(',').Select(part => part.Split('=', 2)).Where(part => part.Length == 2).ToList();
        var seconds = parts.FirstOrDefault(part => part[0] == "t")?[1] ?? "";
        if (!long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return false;
        if (count > Instant.MaxValue.ToUnixTimeSeconds()) return false;
        var age = now - Instant.FromUnixTimeSeconds(count);
        if (age > Tolerance || age < -Tolerance) return false;
        var right = Mac(secret, seconds, body);
        var good = false;
        foreach (var part in parts.Where(part => part[0] == "v1"))
            good |= CryptographicOperations.FixedTimeEquals(right, Bytes(part[1]));
        return good;
    }

    static byte[] Mac(string secret, string seconds, ReadOnlySpan<byte> body)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        mac.AppendData(Encoding.ASCII.GetBytes(seconds));
        mac.AppendData("."u8);
        mac.AppendData(body);
        return mac.GetHashAndReset();
    }

    static byte[] Bytes(string hex)
    {
        var bytes = new byte[SHA256.HashSizeInBytes];
        return hex.Length == 2 * bytes.Length
            && Convert.FromHexString(hex, bytes, out _, out _) == System.Buffers.OperationStatus.Done
                ? bytes
                : [];
    }
}
