using NodaTime.Text;
using Tollkeeper.Notifications;

namespace Tollkeeper.Host.Notifications;

/// <summary>
/// Where mails go until there is a mail server to give them to: a folder, one file each, which its owner alone can
/// read, because links in mails open accounts.
/// </summary>
sealed class FolderCourier(Settings settings) : ICourier
{
    static readonly InstantPattern NameFormat = InstantPattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss");

    public string Folder { get; } = Path.GetFullPath(Path.Combine(settings.DataFolder, "mail"));

    public CourierPace Pace => new(PerSecond: 1_000, AtOnce: 1);

    /// <summary>Writes the file whole or not at all; the same mail again is the same file again.</summary>
    public async Task<HandedOver> Take(OutgoingMail mail, CancellationToken ct)
    {
        try
        {
            Directory.CreateDirectory(Folder);
            var file = Path.Combine(Folder, $"{NameFormat.Format(mail.At)}-{mail.Id}.eml");
            File.Delete(file + ".new");
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Options = FileOptions.Asynchronous,
            };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            await using (var stream = new FileStream(file + ".new", options))
                await stream.WriteAsync(MimeMail.Write(mail), ct);
            File.Move(file + ".new", file, overwrite: true);
            return new HandedOver(SmtpVerdict.Goes, file);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            return new HandedOver(SmtpVerdict.Away, broken.Message);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
