using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Tollkeeper.Notifications;

/// <summary>At which point of the dialogue a mail server answered.</summary>
public enum SmtpStep
{
    /// <summary>Greeting, STARTTLS, AUTH, and whether the sender may send at all.</summary>
    Door,
    Recipient,
    Content,
}

/// <summary>What becomes of the mail.</summary>
public enum SmtpVerdict
{
    Goes,

    /// <summary>This mail is tried again later.</summary>
    Later,

    /// <summary>This mail will never be taken.</summary>
    Never,

    /// <summary>The server takes none at present, or not from us: no mail's own fault.</summary>
    Away,
}

/// <summary>A mail server's answer (RFC 5321): three digits and some words.</summary>
public readonly record struct SmtpReply(int Code, string Text)
{
    const int Longest = 300;

    /// <summary>Its lines, <c>250-first</c> … <c>250 last</c>, of one code.</summary>
    public static bool TryRead(IReadOnlyList<string> lines, [NotNullWhen(true)] out SmtpReply? reply)
    {
        reply = null;
        if (lines.Count == 0 || CodeOf(lines[0]) is not { } code) return false;
        if (lines.Any(line => CodeOf(line) != code)) return false;
        var words = string.Join(' ', lines.Select(line => line.Length > 4 ? line[4..].Trim() : ""));
        var plain = string.Concat(words.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c)).Trim();
        reply = new SmtpReply(code, plain.Length > Longest ? plain[..Longest] : plain);
        return true;
    }

    /// <summary>Whether more lines follow this one.</summary>
    public static bool GoesOn(string line) => line.Length > 3 && line[3] == '-';

    /// <summary>421 says at whatever point that the server is going.</summary>
    public SmtpVerdict At(SmtpStep step)
    {
        if (Code is >= 200 and < 400) return SmtpVerdict.Goes;
        if (Code == 421 || step == SmtpStep.Door) return SmtpVerdict.Away;
        return Code >= 500 ? SmtpVerdict.Never : SmtpVerdict.Later;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Code} {Text}").TrimEnd();

    static int? CodeOf(string line) =>
        line.Length >= 3 && (line.Length == 3 || line[3] is ' ' or '-')
        && int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code)
        && code is >= 200 and < 600
            ? code
            : null;
}
