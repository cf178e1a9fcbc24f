using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using NodaTime;

namespace Tollkeeper.Accounts;

/// <summary>
/// The six digits that an authenticator shows (RFC 6238: HMAC-SHA-1, 30 seconds). A code is of one step of 30 seconds,
/// counted from 1970, and a step is accepted once: whoever looks over a shoulder comes too late.
/// </summary>
public static class TimedCode
{
    public const int KeyBytes = 20;
    public const int StepSeconds = 30;

    /// <summary>One step to either side, for the clocks of telephones and for slow fingers.</summary>
    const int Tolerance = 1;

    public static long StepOf(Instant at) => at.ToUnixTimeSeconds() / StepSeconds;

    /// <summary>The key as authenticators take it, base32; null for what is none.</summary>
    public static byte[]? KeyOf(string base32)
    {
        var key = new byte[base32.Length * 5 / 8];
        var (bits, held, at) = (0, 0, 0);
        foreach (var c in base32)
        {
            var value = char.IsAsciiLetter(c) ? char.ToLowerInvariant(c) - 'a' : c is >= '2' and <= '7' ? c - '2' + 26
                : -1;
            if (value < 0) return null;
            (bits, held) = (((bits << 5) | value) & 0xFFF, held + 5);
            if (held < 8) continue;
            held -= 8;
            key[at++] = (byte)((bits >> held) & 0xFF);
        }
        return key;
    }

    /// <summary>The code of a step, six digits.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "RFC 6238; what authenticators compute")]
    public static string Of(ReadOnlySpan<byte> key, long step)
    {
        Span<byte> message = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(message, step);
        Span<byte> mac = stackalloc byte[HMACSHA1.HashSizeInBytes];
        HMACSHA1.HashData(key, message, mac);
        var bits = BinaryPrimitives.ReadUInt32BigEndian(mac[(mac[^1] & 0xF)..]) & 0x7FFF_FFFF;
        return (bits % 1_000_000).ToString("000000");
    }

    /// <summary>
    /// The step that a code is of, when it is right now and newer than the last one accepted; null otherwise.
    /// </summary>
    public static long? Accept(ReadOnlySpan<byte> key, string typed, Instant at, long lastStep)
    {
        Span<char> code = stackalloc char[6];
        var digits = 0;
        foreach (var c in typed)
        {
            if (c is ' ' or '-' or '\u00A0') continue;
            if (!char.IsAsciiDigit(c) || digits == code.Length) return null;
            code[digits++] = c;
        }
        if (digits != code.Length) return null;
        var now = StepOf(at);
        long? accepted = null;
        for (var step = now - Tolerance; step <= now + Tolerance; step++)
        {
            var same = FixedTimeEquals(Of(key, step), code);
            if (same && step > lastStep) accepted ??= step;
        }
        return accepted;
    }

    static bool FixedTimeEquals(ReadOnlySpan<char> one, ReadOnlySpan<char> other) =>
        CryptographicOperations.FixedTimeEquals(
            System.Runtime.InteropServices.MemoryMarshal.AsBytes(one),
            System.Runtime.InteropServices.MemoryMarshal.AsBytes(other));
}
