using System.Text.RegularExpressions;
using Xunit;

namespace Tollkeeper.Tests.Tidy;

/// <summary>A new member of one of our enums must break the build at each switch that has to decide about it.</summary>
public sealed class EnumSwitchTests
{
    static readonly Regex Switch = new(@"\bswitch\b\s*(\((?<on>[^{;]*)\)\s*)?\{");

    [Fact]
    public void No_switch_over_our_own_enums_has_a_default_arm() =>
        SourceTree.AssertNone(
            SourceTree.CSharp("src").SelectMany(file => Findings(file, OurEnums())),
            "No default arm over our own enums:");

    [Theory]
    [InlineData("x switch { Color.Red => 1, _ => 2 }", 1)]
    [InlineData("x switch { Color.Red => 1, Color.Blue => y switch { 1 => 2, _ => 3 } }", 0)]
    [InlineData("switch (x) { case Color.Red: f(); break; default: g(); break; }", 1)]
    [InlineData("switch (x) { case Color.Red: f(); break; case Color.Blue: g(); break; }", 0)]
    [InlineData("(x, y) switch { (Color.Red, _) => 1, (Color.Blue, _) => 2 }", 0)]
    [InlineData("s switch { 1 => Color.Red, _ => Color.Blue }", 0)]
    public void The_rule_itself_finds_what_it_should(string code, int findings) =>
        Assert.Equal(findings, Findings(new SourceFile("x.cs", code, code), ["Color"]).Count());

    static IReadOnlyList<string> OurEnums() =>
        [.. SourceTree.OurAssemblies.SelectMany(assembly => assembly.GetTypes()).Where(type => type.IsEnum)
            .Select(type => type.Name)];

    static IEnumerable<string> Findings(SourceFile file, IReadOnlyList<string> enums)
    {
        var member = new Regex($@"\b({string.Join('|', enums)})\.\w+");
        foreach (Match found in Switch.Matches(file.Code))
        {
            var patterns = Patterns(file.Code, found.Index + found.Length).ToList();
            if (patterns.Any(pattern => member.IsMatch(pattern))
                && patterns.Any(pattern => pattern is "_" or "default"))
                yield return $"{file.Path}:{file.LineOf(found.Index)}: {found.Value.Trim()}";
        }
    }

    /// <summary>What each arm of the switch block that starts at <paramref name="at"/> compares with.</summary>
    static IEnumerable<string> Patterns(string code, int at)
    {
        var depth = 0;
        var from = at;
        var inBody = false;
        for (; at < code.Length && depth >= 0; at++)
        {
            if (code[at] is '{' or '(' or '[') depth++;
            if (code[at] is '}' or ')' or ']') depth--;
            if (depth != 0) continue;
            if (!inBody && (code[at] == ':' || (code[at] == '=' && code[at + 1] == '>')))
            {
                yield return Regex.Replace(code[from..at].Trim(), @"^case\s+", "");
                inBody = true;
            }

            var next = code.AsSpan(at + 1).TrimStart();
            var ends = code[at] == ','
                || (code[at] is ';' or '}' or ':' && (next.StartsWith("case ") || next.StartsWith("default")));
            if (!ends) continue;
            from = at + 1;
            inBody = false;
        }
    }
}
