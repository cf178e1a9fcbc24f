namespace Tollkeeper.Host;

/// <summary>What the environment says (docs/operating.md); read once, at the start of a command.</summary>
/// <param name="DataFolder">Where SQLite, demo.json and other files are; <c>TOLLKEEPER_DATA</c>, default
/// <c>./data</c>.</param>
/// <param name="Database">A PostgreSQL connection string; null: SQLite in the data folder.</param>
/// <param name="Urls">Where to listen; <c>TOLLKEEPER_URLS</c>.</param>
/// <param name="CheckSchemaOnly">Refuse an older schema instead of bringing it up to date;
/// <c>TOLLKEEPER_MIGRATE=check</c>.</param>
public sealed record Settings(string DataFolder, string? Database, string Urls, bool CheckSchemaOnly)
{
    /// <summary>Where the installation's secret is; <c>TOLLKEEPER_KEY_FILE</c>, null: the file <c>key</c> in the data
    /// folder.</summary>
    public string? KeyFile { get; init; }

    /// <summary>How people reach a provider's pages, with <c>{host}</c> for its host name;
    /// <c>TOLLKEEPER_PUBLIC_URL</c>, null: as <see cref="Urls"/> says.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>Whose forwarded headers are believed, addresses or networks separated by commas;
    /// <c>TOLLKEEPER_PROXIES</c>, null: nobody's.</summary>
    public string? Proxies { get; init; }

    /// <summary>The mail server, host:port; <c>TOLLKEEPER_SMTP</c>, null: mails are files in the data folder.</summary>
    public string? Smtp { get; init; }

    /// <summary>The name to sign in at the mail server; <c>TOLLKEEPER_SMTP_USER</c>, null: none.</summary>
    public string? SmtpUser { get; init; }

    /// <summary>The file with the password; <c>TOLLKEEPER_SMTP_PASSWORD_FILE</c>.</summary>
    public string? SmtpPasswordFile { get; init; }

    /// <summary>The sender's address, <c>{host}</c> for the provider's host; <c>TOLLKEEPER_SMTP_FROM</c>, null:
    /// <c>no-reply@{host}</c>.</summary>
    public string? SmtpFrom { get; init; }

    /// <summary>Mails a second; <c>TOLLKEEPER_SMTP_RATE</c>, null: 50.</summary>
    public string? SmtpRate { get; init; }

    /// <summary>Where the sandbox gateway listens; <c>TOLLKEEPER_SANDBOX_URL</c>.</summary>
    public string SandboxUrl { get; init; } = DefaultSandboxUrl;

    const string DefaultSandboxUrl = "http://127.0.0.1:8081";

    public static Settings FromEnvironment() => new(
        Read("TOLLKEEPER_DATA") ?? "./data",
        Read("TOLLKEEPER_DATABASE"),
        Read("TOLLKEEPER_URLS") ?? "http://127.0.0.1:8080",
        string.Equals(Read("TOLLKEEPER_MIGRATE"), "check", StringComparison.OrdinalIgnoreCase))
    {
        KeyFile = Read("TOLLKEEPER_KEY_FILE"),
        PublicUrl = Read("TOLLKEEPER_PUBLIC_URL"),
        Proxies = Read("TOLLKEEPER_PROXIES"),
        Smtp = Read("TOLLKEEPER_SMTP"),
        SmtpUser = Read("TOLLKEEPER_SMTP_USER"),
        SmtpPasswordFile = Read("TOLLKEEPER_SMTP_PASSWORD_FILE"),
        SmtpFrom = Read("TOLLKEEPER_SMTP_FROM"),
        SmtpRate = Read("TOLLKEEPER_SMTP_RATE"),
        SandboxUrl = Read("TOLLKEEPER_SANDBOX_URL") ?? DefaultSandboxUrl,
    };

    static string? Read(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
