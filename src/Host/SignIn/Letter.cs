using System.Net;
using System.Text;
using NodaTime;
using NodaTime.Text;
using Tollkeeper.Accounts;
using Tollkeeper.Host.Shell;
using Tollkeeper.Providers;

namespace Tollkeeper.Host.SignIn;

/// <summary>What a mail to a user is about.</summary>
enum LetterKind
{
    Invitation,
    ConfirmEmail,
    ResetPassword,
    PasswordChanged,
    TwoStepOn,
    TwoStepOff,
    PasskeyAdded,
    PasskeyRemoved,
    RecoveryCodeUsed,
}

/// <summary>A mail to a user in the user's language, from the user's provider; as text and as HTML.</summary>
/// <param name="Name">What the provider is called by its customers.</param>
/// <param name="Link">Where it leads to; null for a notice, which leads nowhere on purpose.</param>
sealed record Letter(
    LetterKind Kind, Provider Provider, string Name, EmailAddress To, Language Language, string? Link)
{
    const string Boundary = "=_tollkeeper_letter";

    static readonly InstantPattern DateFormat =
        InstantPattern.CreateWithInvariantCulture("ddd, dd MMM uuuu HH:mm:ss '+0000'");

    Texts T => Texts.Of(Language);

    public string Subject => T.Format(SubjectKey(Kind), Name);

    /// <summary>As it goes over the wire (RFC 5322, MIME): lines end with CR LF, words in UTF-8.</summary>
    public string ToMime(Instant now, string id)
    {
        string[] lines =
        [
            $"From: {Word(Name)} <no-reply@{Provider.Host}>",
            $"To: <{To.Text}>",
            $"Subject: {Word(Subject)}",
            $"Date: {DateFormat.Format(now)}",
            $"Message-ID: <{id}@{Provider.Host}>",
            "MIME-Version: 1.0",
            "Auto-Submitted: auto-generated",
            $"Content-Language: {Language.Tag()}",
            $"Content-Type: multipart/alternative; boundary=\"{Boundary}\"",
            "",
            .. Part("text/plain", AsText()),
            .. Part("text/html", AsHtml()),
            $"--{Boundary}--",
            "",
        ];
        return string.Join("\r\n", lines);
    }

    string AsText()
    {
        var text = new StringBuilder().AppendLine(T.Format(BodyKey(Kind), Name, To.Text)).AppendLine();
        if (Link is not null) text.AppendLine(Link).AppendLine();
        return text.AppendLine(T[AfterKey(Kind)]).AppendLine().AppendLine($"-- {Name}").ToString();
    }

    string AsHtml()
    {
        var html = new StringBuilder()
            .AppendLine($"<!doctype html><html lang=\"{Language.Tag()}\"><head><meta charset=\"utf-8\">")
            .AppendLine($"<title>{Html(Subject)}</title></head><body>")
            .AppendLine($"<p>{Html(T.Format(BodyKey(Kind), Name, To.Text))}</p>");
        if (Link is not null)
            html.AppendLine($"<p><a href=\"{Html(Link)}\">{Html(T[LinkKey(Kind)])}</a></p>");
        return html.AppendLine($"<p>{Html(T[AfterKey(Kind)])}</p>")
            .AppendLine($"<p>{Html(Name)}</p></body></html>").ToString();
    }

    static IEnumerable<string> Part(string type, string content) =>
    [
        $"--{Boundary}",
        $"Content-Type: {type}; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        "",
        .. content.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'),
        "",
    ];

    /// <summary>A header's words that are not plain ASCII (RFC 2047), each encoded word at most 75 long.</summary>
    static string Word(string text)
    {
        const int bytesPerWord = 42;
        if (text.All(c => c is ' ' or '-' || char.IsAsciiLetterOrDigit(c))) return text;
        var words = new List<string>();
        var part = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Encoding.UTF8.GetByteCount(part.ToString()) + rune.Utf8SequenceLength > bytesPerWord) Take();
            part.Append(rune);
        }
        Take();
        return string.Join("\r\n ", words);

        void Take()
        {
            words.Add($"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(part.ToString()))}?=");
            part.Clear();
        }
    }

    static string Html(string text) => WebUtility.HtmlEncode(text);

    static string SubjectKey(LetterKind kind) => kind switch
    {
        LetterKind.Invitation => "mail.invitation-subject",
        LetterKind.ConfirmEmail => "mail.confirm-subject",
        LetterKind.ResetPassword => "mail.reset-subject",
        LetterKind.PasswordChanged => "mail.password-changed-subject",
        LetterKind.TwoStepOn => "mail.two-step-on-subject",
        LetterKind.TwoStepOff => "mail.two-step-off-subject",
        LetterKind.PasskeyAdded => "mail.passkey-added-subject",
        LetterKind.PasskeyRemoved => "mail.passkey-removed-subject",
        LetterKind.RecoveryCodeUsed => "mail.recovery-code-subject",
    };

    static string BodyKey(LetterKind kind) => kind switch
    {
        LetterKind.Invitation => "mail.invitation",
        LetterKind.ConfirmEmail => "mail.confirm",
        LetterKind.ResetPassword => "mail.reset",
        LetterKind.PasswordChanged => "mail.password-changed",
        LetterKind.TwoStepOn => "mail.two-step-on",
        LetterKind.TwoStepOff => "mail.two-step-off",
        LetterKind.PasskeyAdded => "mail.passkey-added",
        LetterKind.PasskeyRemoved => "mail.passkey-removed",
        LetterKind.RecoveryCodeUsed => "mail.recovery-code",
    };

    static string LinkKey(LetterKind kind) => kind switch
    {
        LetterKind.Invitation or LetterKind.ResetPassword => "mail.choose-password",
        LetterKind.ConfirmEmail => "mail.confirm-address",
        LetterKind.PasswordChanged or LetterKind.TwoStepOn or LetterKind.TwoStepOff or LetterKind.PasskeyAdded
            or LetterKind.PasskeyRemoved or LetterKind.RecoveryCodeUsed =>
            throw new InvalidOperationException("A notice has no link."),
    };

    static string AfterKey(LetterKind kind) => kind switch
    {
        LetterKind.Invitation or LetterKind.ConfirmEmail => "mail.good-three-days",
        LetterKind.ResetPassword => "mail.good-one-hour",
        LetterKind.PasswordChanged or LetterKind.TwoStepOn or LetterKind.TwoStepOff or LetterKind.PasskeyAdded
            or LetterKind.PasskeyRemoved or LetterKind.RecoveryCodeUsed => "mail.not-you",
    };
}
