using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace Tollkeeper.Tests.Tidy;

/// <summary>
/// The repository as the tidy tests read it: its files, its code without comments and text, its assemblies.
/// </summary>
public static class SourceTree
{
    public static string Root => Golden.Repository.Root;

    public static Assembly EngineAssembly => typeof(Tollkeeper.Engine.Storage.Database).Assembly;

    public static IReadOnlyList<Assembly> OurAssemblies { get; } =
        [typeof(Money).Assembly, EngineAssembly, typeof(Tollkeeper.Host.Program).Assembly];

    /// <summary>The C# files below the folders, paths relative to the root with '/', in a fixed order.</summary>
    public static IEnumerable<SourceFile> CSharp(params string[] folders) =>
        Files("*.cs", folders).Select(SourceFile.Read);

    public static IEnumerable<string> Files(string pattern, params string[] folders) =>
        folders.Select(folder => Path.Combine(Root, folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj" or "node_modules"))
            .Order(StringComparer.Ordinal);

    /// <summary>Fails with one line per finding, so that all of them can be mended at once.</summary>
    public static void AssertNone(IEnumerable<string> findings, string rule)
    {
        var all = findings.ToList();
        Assert.True(all.Count == 0, $"{rule}\n  {string.Join("\n  ", all)}");
    }
}

/// <summary>One file: its lines as written, and its code, where comments and the insides of text are blanks.</summary>
public sealed record SourceFile(string Path, string Text, string Code)
{
    public string Name => System.IO.Path.GetFileName(Path);

    public IReadOnlyList<string> Lines => Text.Split('\n');

    public static SourceFile Read(string path)
    {
        var text = File.ReadAllText(System.IO.Path.Combine(SourceTree.Root, path));
        return new SourceFile(path, text, CSharpText.CodeOnly(text));
    }

    /// <summary>Where the pattern is found in the code, as <c>path:line: words</c>.</summary>
    public IEnumerable<string> InCode(Regex pattern) => Found(pattern, Code);

    /// <summary>The same in the file as written, comments and text included.</summary>
    public IEnumerable<string> InText(Regex pattern) => Found(pattern, Text);

    public int LineOf(int index) => Text.AsSpan(0, index).Count('\n') + 1;

    IEnumerable<string> Found(Regex pattern, string where) =>
        pattern.Matches(where).Select(match => $"{Path}:{LineOf(match.Index)}: {match.Value.Trim()}");
}
