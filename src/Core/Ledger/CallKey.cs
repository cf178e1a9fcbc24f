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
