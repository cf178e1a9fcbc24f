using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Tollkeeper;

/// <summary>
/// An id as others see it: a prefix that names its kind and 16 characters of base32 (80 random bits), such as
/// <c>acc_3k7f…</c>. It never changes and tells nothing; rows refer to one another by their own numbers.
/// </summary>
public readonly record struct PublicId
{
    public const string Provider = "prv";
    public const string Account = "acc";
    public const string Deck = "dek";
    public const string User = "usr";
    public const string Mail = "mai";
    public const string Draft = "drf";
    public const string Approval = "apr";
    public const string SignUp = "sup";
    public const string EmailChange = "emc";
    public const string Deposit = "dep";
    public const string Payment = "pay";
    public const string CardSetup = "set";
    public const string Card = "crd";
    public const string Refund = "ref";
    public const string TaxExemption = "exm";

    /// <summary>How many random bytes an id is made of.</summary>
    public const int RandomBytes = 10;

    const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    const int Characters = 16;

    static readonly SearchValues<char> Letters = SearchValues.Create(Alphabet);

    readonly string? text;

    PublicId(string text) => this.text = text;

    public string Text
    {
        get
        {
            Demand.That(text is not null, "an id is set");
            return text;
        }
    }

    public static PublicId From(string prefix, ReadOnlySpan<byte> random)
    {
        Demand.That(random.Length == RandomBytes, $"an id is made of {RandomBytes} random bytes");
        return new PublicId($"{prefix}_{Base32(random)}");
    }

    public static bool TryParse([NotNullWhen(true)] string? text, string prefix, out PublicId id)
    {
        id = default;
        if (text is null || text.Length != prefix.Length + 1 + Characters) return false;
        if (!text.StartsWith(prefix, StringComparison.Ordinal) || text[prefix.Length] != '_') return false;
        if (text.AsSpan(prefix.Length + 1).ContainsAnyExcept(Letters)) return false;
        id = new PublicId(text);
        return true;
    }

    /// <summary>Five bits to a character, of bytes whose count is a multiple of five.</summary>
    public static string Base32(ReadOnlySpan<byte> bytes)
    {
        Demand.That(bytes.Length % 5 == 0, "base32 is written in groups of five bytes");
        var characters = new char[bytes.Length / 5 * 8];
        var at = 0;
        for (var group = 0; group < bytes.Length; group += 5)
        {
            var bits = 0UL;
            for (var i = 0; i < 5; i++) bits = (bits << 8) | bytes[group + i];
            for (var shift = 35; shift >= 0; shift -= 5) characters[at++] = Alphabet[(int)((bits >> shift) & 31)];
        }
        return new string(characters);
    }

    public override string ToString() => text ?? "";
}
