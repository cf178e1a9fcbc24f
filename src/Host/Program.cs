using System.CommandLine;
using Tollkeeper.Host.Commands;

namespace Tollkeeper.Host;

public static class Program
{
    /// <returns>0 done, 1 refused or failed (a sentence on standard error), 2 wrong usage.</returns>
    public static async Task<int> Main(string[] args)
    {
        var parsed = Root.Create().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
            await Console.Error.WriteLineAsync("--help lists commands and options.");
            return ExitStatus.WrongUsage;
        }
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C, also before the program was ready.
            return ExitStatus.Done;
        }
        catch (Exception broken)
        {
            // The edge of the program: whoever typed the command gets a sentence, and the whole story on request.
            await Console.Error.WriteLineAsync($"Tollkeeper failed: {broken.Message}");
            var whole = Environment.GetEnvironmentVariable("TOLLKEEPER_TRACE") == "1";
            if (whole) await Console.Error.WriteLineAsync(broken.ToString());
            return ExitStatus.Refused;
        }
    }
}
