using System.Text;
using System.Text.RegularExpressions;
using Xunit;

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

/// <summary>The mails that a served installation has written.</summary>
public static class MailsOfServed
{
    /// <summary>The oldest first.</summary>
    public static IReadOnlyList<WrittenMail> Of(string dataFolder)
    {
        var folder = new DirectoryInfo(Path.Combine(dataFolder, "mail"));
        return folder.Exists
            ? [.. folder.GetFiles("*.eml").OrderBy(file => file.LastWriteTimeUtc)
                .Select(file => new WrittenMail(File.ReadAllText(file.FullName)))]
            : [];
    }

    public static IReadOnlyList<WrittenMail> Mails(this Served served) =>
        Of(served.Installation.Settings.DataFolder);

    /// <summary>The mail to an address that comes as the first, or as a later one.</summary>
    public static async Task<WrittenMail> Mail(this Served served, string to, int which = 1)
    {
        List<WrittenMail> found = [];
        await Wait.Until(
            () =>
            {
                found = [.. served.Mails().Where(mail => mail.To == to)];
                return Task.FromResult(found.Count >= which);
            },
            TimeSpan.FromSeconds(10), () => $"{to} has {which} mails, not {found.Count}");
        Assert.DoesNotMatch(@"\{\d", found[which - 1].Text);
        return found[which - 1];
    }
}
