using System.CommandLine;

namespace Tollkeeper.Host.Commands;

/// <summary><c>tollkeeper demo …</c>: the demonstration's data.</summary>
public static class DemoCommand
{
    public static Command Create() => new("demo", "A demonstration: three providers with customers and history.")
    {
        DemoCallsCommand.Create(),
        DemoCreateCommand.Create(),
    };
}
