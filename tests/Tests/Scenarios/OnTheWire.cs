namespace Tollkeeper.Tests.Scenarios;

/// <summary>What goes over the wire as one line, written in a test on several that fit the page.</summary>
static class OnTheWire
{
    public static string OneLine(this string written) => written.ReplaceLineEndings("");
}
