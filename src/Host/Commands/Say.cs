using System.Text.Encodings.Web;
using System.Text.Json;
using Tollkeeper.Rating;

namespace Tollkeeper.Host.Commands;

/// <summary>How commands speak: results on standard output, what went wrong on standard error.</summary>
public static class Say
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>One line of JSON for a script.</summary>
    public static int AsJson<T>(T result)
    {
        Console.Out.WriteLine(JsonSerializer.Serialize(result, Json));
        return ExitStatus.Done;
    }

    /// <summary>The sentence of a refusal and what it is about.</summary>
    public static int Refused(Refused refused)
    {
        var detail = refused.Detail is { Length: > 0 } about ? $" ({about})" : "";
        Console.Error.WriteLine($"{Refusals.Of(refused.Refusal).English}{detail}");
        return ExitStatus.Refused;
    }

    /// <summary>The bad lines of a file, the first of them by name, and how many more there are.</summary>
    public static int BadLines(BadLines bad)
    {
        const int shown = 20;
        Refused(new Refused(bad.Kept[0].Refusal, bad.Kept[0].ToString()));
        foreach (var line in bad.Kept.Skip(1).Take(shown - 1))
        {
            Console.Error.WriteLine($"{line} ({Refusals.Of(line.Refusal).Name})");
        }
        var more = Math.Max(0, bad.Kept.Count - shown) + bad.More;
        if (more > 0) Console.Error.WriteLine($"and {more} more bad lines");
        return ExitStatus.Refused;
    }
}
