using System.Security.Cryptography;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Host.Commands;

/// <summary>
/// Opens what the environment names, its schema brought up to date or refused, for the length of a command.
/// </summary>
static class OnDatabase
{
    public static async Task<int> Run(Func<Database, Settings, Task<int>> work, CancellationToken ct)
    {
        var settings = Settings.FromEnvironment();
        var opened = await Installation.OpenDatabase(settings, Services.Clock, ct);
        if (opened.Refused is { } refused) return Say.Refused(refused);
        await using var database = opened.Value;
        return await work(database, settings);
    }

    /// <summary>Who did it, for the records: the name that the shell runs under.</summary>
    public static string Who => $"command line, {Environment.UserName}";

    /// <summary>Lower-case hexadecimal, or a refusal by the file's name.</summary>
    public static async Task<Result<string>> Sha256Of(FileInfo file, CancellationToken ct)
    {
        try
        {
            await using var stream = file.OpenRead();
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, ct));
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            return new Refused(Refusal.FileUnreadable, file.Name);
        }
    }
}
