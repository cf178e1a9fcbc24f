using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Tollkeeper.Ledger;

/// <summary>
/// Names one call for good: 16 bytes of SHA-256 over provider, switch and the switch's own call id.
/// The default names no call.
/// </summary>
public readonly record struct CallKey(Guid Value)
{
    public static CallKey Of(int providerNo, string switchName, string call) =>
        new(Digest.Of($"call\n{providerNo}\n{switchName}\n{call}"));

    const string IdStart = "call_";
    const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    const int Characters = 26;

    /// <summary>As addresses name the call: <c>call_</c> and the 16 bytes in base32, 26 characters.</summary>
    public string Id => string.Create(IdStart.Length + Characters, Value, static (text, value) =>
    {
        Span<byte> bytes = stackalloc byte[16];
        Demand.That(value.TryWriteBytes(bytes, bigEndian: true, out _), "a key has 16 bytes");
        IdStart.CopyTo(text);
        // 130 bits: the last character's low two are 0.
        var bits = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        text[^1] = Alphabet[(int)(bits & 7) << 2];
        bits >>= 3;
        for (var i = text.Length - 2; i >= IdStart.Length; i--, bits >>= 5) text[i] = Alphabet[(int)(bits & 31)];
    });

    /// <summary>Reads <see cref="Id"/> and no other spelling of it.</summary>
    public static bool TryParse([NotNullWhen(true)] string? id, out CallKey key)
    {
        key = default;
        if (id is null || id.Length != IdStart.Length + Characters) return false;
        if (!id.StartsWith(IdStart, StringComparison.Ordinal)) return false;
        UInt128 bits = 0;
        for (var i = IdStart.Length; i < id.Length; i++)
        {
            var value = Alphabet.IndexOf(id[i], StringComparison.Ordinal);
            if (value < 0) return false;
            if (i < id.Length - 1) bits = (bits << 5) | (uint)value;
            else if ((value & 3) == 0) bits = (bits << 3) | (uint)(value >> 2);
            else return false;
        }
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, bits);
        key = new CallKey(new Guid(bytes, bigEndian: true));
        return true;
    }
}

/// <summary>Names one thing asked of the books other than a call, so that asking twice does it once.</summary>
public readonly record struct EntryKey(Guid Value)
{
    /// <param name="providerNo">Keys of two providers never meet.</param>
    /// <param name="scope">What kind of thing the key names, such as <c>deposit</c>.</param>
    /// <param name="key">The asker's own key.</param>
    public static EntryKey Of(int providerNo, string scope, string key) =>
        new(Digest.Of($"{scope}\n{providerNo}\n{key}"));
}

/// <summary>
/// 16 bytes of SHA-256 over what a request says: the same again, or something else under the same key.
/// </summary>
public readonly record struct ContentHash(Guid Value)
{
    /// <summary>Fields are joined by a unit separator, so that no two lists of fields read alike.</summary>
    public static ContentHash Of(params ReadOnlySpan<string> fields) => new(Digest.Of(string.Join('\u001f', fields!)));
}

static class Digest
{
    /// <exception cref="EncoderFallbackException">The text holds a lone surrogate.</exception>
    public static Guid Of(string text)
    {
        var length = Encoding.UTF8.GetMaxByteCount(text.Length);
        Span<byte> bytes = length <= 1024 ? stackalloc byte[1024] : new byte[length];
        var written = Strict.GetBytes(text, bytes);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(bytes[..written], hash);
        return new Guid(hash[..16], bigEndian: true);
    }

    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
