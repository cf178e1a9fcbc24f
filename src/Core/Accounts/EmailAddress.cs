using System.Diagnostics.CodeAnalysis;

namespace Tollkeeper.Accounts;

/// <summary>
/// An e-mail address as a person typed it. Whether it is theirs only a mail can tell, so this asks no more than that
/// one could be sent there; two that differ only in case are the same address.
/// </summary>
public readonly record struct EmailAddress
{
    /// <summary>RFC 5321: what fits between the angle brackets of a path.</summary>
    const int Longest = 254;
    const int LongestLocal = 64;

    readonly string? text;

    EmailAddress(string text) => this.text = text;

    public string Text
    {
        get
        {
            Demand.That(text is not null, "an e-mail address is set");
            return text;
        }
    }

    /// <summary>By which it is found: the address in lower case.</summary>
    public string Key => Text.ToLowerInvariant();

    public static bool TryParse([NotNullWhen(true)] string? typed, out EmailAddress address)
    {
        address = default;
        var text = typed?.Trim();
        if (!PlainText.Fits(text, Longest) || text!.Any(c => char.IsWhiteSpace(c) || "<>()[],;:\\\"".Contains(c)))
            return false;
        if (text!.Split('@') is not [{ Length: >= 1 and <= LongestLocal }, var domain]) return false;
        var labels = domain.Split('.');
        if (labels.Length < 2 || labels.Any(label => label.Length is < 1 or > 63)) return false;
        address = new EmailAddress(text);
        return true;
    }

    public override string ToString() => text ?? "";
}
