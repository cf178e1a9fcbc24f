using Xunit;

namespace Tollkeeper.Tests.Scenarios;

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
