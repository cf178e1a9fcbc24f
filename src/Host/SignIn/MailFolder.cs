using System.Security.Cryptography;
using System.Text;
using NodaTime;
using NodaTime.Text;

namespace Tollkeeper.Host.SignIn;

/// <summary>
/// Where mails go until there is a mail server to give them to: a folder, one file each, which its owner alone can
/// read, because links in mails open accounts.
/// </summary>
sealed class MailFolder(Settings settings, IClock clock)
{
    static readonly InstantPattern NameFormat = InstantPattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss");

    public string Folder { get; } = Path.GetFullPath(Path.Combine(settings.DataFolder, "mail"));

    /// <summary>Writes the mail, whole or not at all, and gives its file.</summary>
    public async Task<string> Put(Letter letter, CancellationToken ct = default)
    {
        var now = clock.GetCurrentInstant();
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        Directory.CreateDirectory(Folder);
        var file = Path.Combine(Folder, $"{NameFormat.Format(now)}-{id}.eml");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Options = FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var stream = new FileStream(file + ".new", options))
            await stream.WriteAsync(Encoding.UTF8.GetBytes(letter.ToMime(now, id)), ct);
        File.Move(file + ".new", file);
        return file;
    }
}
