using System.Text.Json;

namespace Tollkeeper.Engine.Demo;

/// <summary>What <c>demo.json</c> holds: every sign-in and key of the demonstration, in plain text.</summary>
public sealed record DemoFile(string Url, string OperatorKey, IReadOnlyList<DemoFile.Provider> Providers)
{
    /// <param name="Staff">The owner, who may do everything.</param>
    /// <param name="Colleague">Finance, who approves what the owner proposes.</param>
    /// <param name="Cases">Nothing left, at the limit, suspended: what the policy does to each; and a reseller who is
    /// exempt from a tax, where deposits are taxed.</param>
    public sealed record Provider(
        string Name, string Host, SignIn Staff, string SwitchKey, IReadOnlyList<Account> Accounts,
        SignIn? Colleague = null, IReadOnlyList<Account>? Cases = null);

    public sealed record SignIn(string Email, string Password);

    public sealed record Account(string Id, string Type, string Email, string Password, string ApiKey);

    static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string PathIn(string dataFolder) => Path.Combine(dataFolder, "demo.json");

    /// <summary>Null where there is no demonstration.</summary>
    public static DemoFile? Read(string dataFolder)
    {
        var path = PathIn(dataFolder);
        return File.Exists(path) ? JsonSerializer.Deserialize<DemoFile>(File.ReadAllText(path), Format) : null;
    }

    /// <summary>
    /// Readable and writable by its owner alone from its first byte on (mode 0600), and whole or not there.
    /// </summary>
    public void Write(string dataFolder)
    {
        Directory.CreateDirectory(dataFolder);
        var unfinished = PathIn(dataFolder) + ".new";
        File.Delete(unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(unfinished, options)) JsonSerializer.Serialize(stream, this, Format);
        File.Move(unfinished, PathIn(dataFolder), overwrite: true);
    }
}
