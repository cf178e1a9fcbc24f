using System.Globalization;
using Tollkeeper.Accounts;

namespace Tollkeeper.Host.Notifications;

/// <summary>How mails are given to a mail server (docs/operating.md).</summary>
/// <param name="Port">465 speaks TLS from the first byte, every other begins it with STARTTLS.</param>
/// <param name="From">The sender's address, with <c>{host}</c> for the provider's host.</param>
/// <param name="PerSecond">How many mails a second this process hands over.</param>
sealed record SmtpSettings(string Host, int Port, string? User, string? Password, string From, int PerSecond)
{
    public const int TlsPort = 465;
    const int UsualPort = 587;
    const int UsualPerSecond = 50;
    const string HostPlace = "{host}";
    const string UsualFrom = "no-reply@" + HostPlace;

    /// <summary>
    /// Null where there is no mail server. Refusals: <see cref="Refusal.SettingInvalid"/>,
    /// <see cref="Refusal.FileUnreadable"/>.
    /// </summary>
    public static Result<SmtpSettings?> Read(Settings settings)
    {
        if (settings.Smtp is null) return (SmtpSettings?)null;
        var parts = settings.Smtp.Split(':');
        var port = UsualPort;
        if (parts.Length > 2 || parts[0].Length == 0 || (parts.Length == 2 && !TryRead(parts[1], 65_535, out port)))
            return new Refused(Refusal.SettingInvalid, $"TOLLKEEPER_SMTP={settings.Smtp}");
        var perSecond = UsualPerSecond;
        if (settings.SmtpRate is { } rate && !TryRead(rate, 10_000, out perSecond))
            return new Refused(Refusal.SettingInvalid, $"TOLLKEEPER_SMTP_RATE={rate}");
        var from = settings.SmtpFrom ?? UsualFrom;
        if (!EmailAddress.TryParse(from.Replace(HostPlace, "host.example", StringComparison.Ordinal), out _))
            return new Refused(Refusal.SettingInvalid, $"TOLLKEEPER_SMTP_FROM={from}");
        if ((settings.SmtpUser is null) != (settings.SmtpPasswordFile is null))
            return new Refused(Refusal.SettingInvalid, "TOLLKEEPER_SMTP_USER, TOLLKEEPER_SMTP_PASSWORD_FILE");
        var password = PasswordIn(settings.SmtpPasswordFile);
        if (password.Refused is { } unreadable) return unreadable;
        return new SmtpSettings(parts[0], port, settings.SmtpUser, password.Value, from, perSecond);
    }

    public static EmailAddress FromOf(string pattern, string host)
    {
        var text = pattern.Replace(HostPlace, host, StringComparison.Ordinal);
        // A host of one word, such as localhost, is no domain of mail; nobody answers there either.
        if (!EmailAddress.TryParse(text, out var address))
            Demand.That(EmailAddress.TryParse(text + ".localhost", out address), $"{text} can be a sender");
        return address;
    }

    public static string PatternOf(Settings settings) => settings.SmtpFrom ?? UsualFrom;

    static bool TryRead(string text, int most, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
        && number >= 1 && number <= most;

    static Result<string?> PasswordIn(string? file)
    {
        if (file is null) return (string?)null;
        try
        {
            return File.ReadAllText(file).TrimEnd('\r', '\n');
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            return new Refused(Refusal.FileUnreadable, $"TOLLKEEPER_SMTP_PASSWORD_FILE={file}: {broken.Message}");
        }
    }
}
