using System.Text;
using System.Text.RegularExpressions;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>A mail as its file has it.</summary>
public sealed record WrittenMail(string Raw)
{
    public string To => Regex.Match(Raw, "^To: <(.*)>\r$", RegexOptions.Multiline).Groups[1].Value;

    public string Subject => Regex.Replace(
        Regex.Match(Raw, "^Subject: ((?:.*\r\n )*.*)\r$", RegexOptions.Multiline).Groups[1].Value
            .Replace("\r\n ", "", StringComparison.Ordinal),
        @"=\?utf-8\?B\?(.*?)\?=",
        word => Encoding.UTF8.GetString(Convert.FromBase64String(word.Groups[1].Value)));

    /// <summary>The text part, as a reader sees it.</summary>
    public string Text => Decoded(Part("text/plain"));

    public string Html => Decoded(Part("text/html"));

    public string Header(string name) =>
        Regex.Match(Raw, $"^{name}: (.*)\r$", RegexOptions.Multiline).Groups[1].Value;

    /// <summary>The first link in the text.</summary>
    Uri Whole => new(Regex.Match(Text, "^https?://.*$", RegexOptions.Multiline).Value);

    string Part(string type) => Regex.Match(
        Raw, $"Content-Type: {type};.*?\r\n\r\n(.*?)\r\n--=_", RegexOptions.Singleline).Groups[1].Value;

    /// <summary>Quoted-printable.</summary>
    static string Decoded(string part)
    {
        var bytes = new List<byte>();
        var whole = part.Replace("=\r\n", "", StringComparison.Ordinal);
        for (var i = 0; i < whole.Length; i++)
        {
            if (whole[i] != '=')
            {
                bytes.Add((byte)whole[i]);
                continue;
            }
            bytes.Add(Convert.FromHexString(whole.AsSpan(i + 1, 2))[0]);
            i += 2;
        }
        return Encoding.UTF8.GetString([.. bytes]).ReplaceLineEndings("\n");
    }

    public string Origin => Whole.GetLeftPart(UriPartial.Authority);

    public string Link => Whole.PathAndQuery;
}
