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
            return ExitStatus.WrongUsage;
        }
        return await parsed.InvokeAsync();
    }
}
