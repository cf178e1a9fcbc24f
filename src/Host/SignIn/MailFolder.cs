using System.Net.Mail;
using System.Net.Mime;
using System.Text;

namespace Tollkeeper.Host.SignIn;

/// <summary>A mail as it is written: plain text and the same as HTML, in the reader's language.</summary>
public sealed record Mail(string FromName, string From, string To, string Subject, string Text, string Html);

/// <summary>
/// Where mails go: files of type .eml in the folder <c>mail</c> of the data folder, whole or not there, readable by
/// their owner alone because they hold links.
/// </summary>
public sealed class MailFolder(string dataFolder)
{
    readonly string dataFolder = System.IO.Path.GetFullPath(dataFolder);

    public string Path { get; } = System.IO.Path.GetFullPath(System.IO.Path.Combine(dataFolder, "mail"));

    public void Write(Mail mail)
    {
        // In the data folder: to move a file from another file system would be to copy it.
        var unfinished = System.IO.Path.Combine(dataFolder, "mail-" + Guid.NewGuid().ToString("n"));
        Directory.CreateDirectory(unfinished);
        try
        {
            using var message = new MailMessage
            {
                From = new MailAddress(mail.From, mail.FromName, Encoding.UTF8),
                Subject = mail.Subject,
                SubjectEncoding = Encoding.UTF8,
                Body = mail.Text,
                BodyEncoding = Encoding.UTF8,
                BodyTransferEncoding = TransferEncoding.Base64,
            };
            message.To.Add(new MailAddress(mail.To));
            message.AlternateViews.Add(
                AlternateView.CreateAlternateViewFromString(mail.Html, Encoding.UTF8, MediaTypeNames.Text.Html));
            using var pickup = new SmtpClient
            {
                DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory,
                PickupDirectoryLocation = unfinished,
            };
            pickup.Send(message);
            const UnixFileMode own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(Path);
            else Directory.CreateDirectory(Path, own | UnixFileMode.UserExecute);
            foreach (var file in Directory.GetFiles(unfinished))
            {
                if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, own);
                File.Move(file, System.IO.Path.Combine(Path, System.IO.Path.GetFileName(file)));
            }
        }
        finally
        {
            Directory.Delete(unfinished, recursive: true);
        }
    }
}
