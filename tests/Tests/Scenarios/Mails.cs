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

    /// <summary>The one link in the text.</summary>
    Uri Whole => new(Regex.Match(Raw, "^https?://.*(?=\r$)", RegexOptions.Multiline).Value);

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
        Assert.DoesNotContain("{", found[which - 1].Raw, StringComparison.Ordinal);
        return found[which - 1];
    }
}
