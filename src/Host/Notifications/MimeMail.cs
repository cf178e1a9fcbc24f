using System.Text;
using NodaTime;
using NodaTime.Text;

namespace Tollkeeper.Host.Notifications;

/// <summary>
/// A mail as it goes over the wire (RFC 5322, MIME): lines of seven bits that end with CR LF and are short enough for
/// every mail server. No text gets into it that could begin a header of its own: names and subjects are plain or
/// encoded, addresses hold no space.
/// </summary>
public static class MimeMail
{
    const string Outer = "=_tollkeeper_mail";
    const string Inner = "=_tollkeeper_words";
    const int LineLength = 76;
    const int BytesPerWord = 42;

    static readonly InstantPattern DateFormat =
        InstantPattern.CreateWithInvariantCulture("ddd, dd MMM uuuu HH:mm:ss '+0000'");

    public static byte[] Write(OutgoingMail mail)
    {
        var text = new StringBuilder();
        Line($"From: {Word(mail.FromName)} <{mail.From.Text}>");
        Line($"To: <{mail.To.Text}>");
        Line($"Subject: {Word(mail.Words.Subject)}");
        Line($"Date: {DateFormat.Format(mail.At)}");
        Line($"Message-ID: <{mail.Id}@{mail.Host}>");
        Line("MIME-Version: 1.0");
        Line("Auto-Submitted: auto-generated");
        Line($"Content-Language: {mail.Language.Tag()}");
        if (mail.File is { } file)
        {
            Line($"Content-Type: multipart/mixed; boundary=\"{Outer}\"");
            Line("");
            Line($"--{Outer}");
            Words(mail.Words);
            Line($"--{Outer}");
            Attached(file);
            Line($"--{Outer}--");
        }
        else
        {
            Words(mail.Words);
        }
        return Encoding.UTF8.GetBytes(text.ToString());

        void Line(string line) => text.Append(line).Append("\r\n");

        void Words(Engine.Notifications.MailWords words)
        {
            Line($"Content-Type: multipart/alternative; boundary=\"{Inner}\"");
            Line("");
            Part("text/plain", words.Text);
            Part("text/html", words.Html);
            Line($"--{Inner}--");
            Line("");
        }

        void Part(string type, string content)
        {
            Line($"--{Inner}");
            Line($"Content-Type: {type}; charset=utf-8");
            Line("Content-Transfer-Encoding: quoted-printable");
            Line("");
            foreach (var line in content.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n')) Line(Quoted(line));
            Line("");
        }

        void Attached(MailFile attached)
        {
            Line($"Content-Type: {attached.MediaType}");
            Line("Content-Transfer-Encoding: base64");
            Line($"Content-Disposition: attachment; filename*=utf-8''{Uri.EscapeDataString(attached.Name)}");
            Line("");
            Line(Convert.ToBase64String(attached.Content, Base64FormattingOptions.InsertLineBreaks));
            Line("");
        }
    }

    /// <summary>A header's words that are not plain ASCII (RFC 2047), each encoded word at most 75 long.</summary>
    static string Word(string text)
    {
        if (text.Length <= LineLength && text.All(c => c is ' ' or '-' || char.IsAsciiLetterOrDigit(c))) return text;
        var words = new List<string>();
        var part = new StringBuilder();
        var bytes = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > BytesPerWord) Take();
            part.Append(rune);
            bytes += rune.Utf8SequenceLength;
        }
        Take();
        return string.Join("\r\n ", words);

        void Take()
        {
            words.Add($"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(part.ToString()))}?=");
            part.Clear();
            bytes = 0;
        }
    }

    /// <summary>One line of text (RFC 2045): what is not printable ASCII as =XX, broken softly.</summary>
    static string Quoted(string line)
    {
        var quoted = new StringBuilder(line.Length);
        var column = 0;
        var bytes = Encoding.UTF8.GetBytes(line);
        for (var i = 0; i < bytes.Length; i++)
        {
            var last = i == bytes.Length - 1;
            var plain = bytes[i] is >= 33 and <= 126 and not (byte)'=' || (bytes[i] is (byte)' ' && !last);
            var width = plain ? 1 : 3;
            if (column + width > LineLength - 1)
            {
                quoted.Append("=\r\n");
                column = 0;
            }
            if (plain) quoted.Append((char)bytes[i]);
            else quoted.Append('=').Append(Convert.ToHexString(bytes, i, 1));
            column += width;
        }
        return quoted.ToString();
    }
}
