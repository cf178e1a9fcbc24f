using Spectre.Console;

namespace Tollkeeper.Host.Commands;

/// <summary>A progress bar on standard error where a person waits; nothing where a script reads it.</summary>
public static class Progress
{
    /// <param name="total">What the work counts up to: bytes, calls.</param>
    public static async Task<T> ShowAsync<T>(string what, long total, Func<Action<long>, Task<T>> work)
    {
        if (Console.IsErrorRedirected || total <= 0) return await work(static _ => { });
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Progress().HideCompleted(true).StartAsync(async context =>
        {
            var bar = context.AddTask(Markup.Escape(what), maxValue: total);
            return await work(done => bar.Value = Math.Min(done, total));
        });
    }
}
