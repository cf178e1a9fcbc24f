using System.Text.RegularExpressions;
using Xunit;

namespace Tollkeeper.Tests.Tidy;

/// <summary>
/// The house rules that text can show. An exception stands in a list here, with its reason, or does not exist.
/// </summary>
public sealed class CodeRulesTests
{
    const int FileLines = 400;
    const int LineLength = 120;

    /// <summary>
    /// What opens the database needs words of SQL before any store exists; a table's columns make its statements.
    /// </summary>
    static readonly string[] SqlAllowed =
    [
        "src/Engine/Storage/Database.cs", "src/Engine/Storage/Migrator.cs", "src/Engine/Storage/Rows.cs",
    ];

    /// <summary>Files of Core and Engine that may use floating point, each with its reason; never on money.</summary>
    static readonly Dictionary<string, string> FloatAllowed = new()
    {
        ["src/Engine/Ledger/Bookkeeper.cs"] = "a histogram of how long a batch took, in seconds",
    };

    /// <summary>Files that may wait for time to pass, each with its reason.</summary>
    static readonly Dictionary<string, string> WaitAllowed = new()
    {
        ["src/Engine/Storage/BulkStore.cs"] = "the pause in which other writers of SQLite get their turn",
        ["src/Engine/Ledger/BatchRun.cs"] = "the pause before a batch is tried again, growing and bounded",
        ["src/Host/Api/ImportApi.cs"] =
            "the pause before a line of an import that found the Bookkeeper busy is given again",
    };

    /// <summary>
    /// What may name the real clock: where the Host puts a program together, which each command does.
    /// </summary>
    static readonly string[] ClockAllowed =
    [
        "src/Host/Program.cs", "src/Host/Services.cs", "src/Host/Installation.cs", "src/Host/Commands/",
    ];

    static IEnumerable<SourceFile> Ours => SourceTree.CSharp("src", "tests", "benchmarks");

    [Fact]
    public void A_file_has_at_most_400_lines() =>
        SourceTree.AssertNone(
            Ours.Where(file => file.Lines.Count > FileLines + 1)
                .Select(file => $"{file.Path}: {file.Lines.Count - 1} lines"),
            $"A file has at most {FileLines} lines:");

    [Fact]
    public void A_line_has_at_most_120_characters() =>
        SourceTree.AssertNone(
            Ours.SelectMany(file => file.Lines.Select((line, index) => (file.Path, index, line.Length)))
                .Where(line => line.Length > LineLength)
                .Select(line => $"{line.Path}:{line.index + 1}: {line.Length} characters"),
            $"A line has at most {LineLength} characters:");

    [Fact]
    public void SQL_stands_in_stores_and_migrations_only()
    {
        var sql = new Regex(
            @"""\s*(select\s[^""]*\bfrom\b|select\s+(\d|\w+\()|insert\s+(or \w+ )?into\s|update\s+\w+\s+set\b"
            + @"|delete\s+from|create\s+(table|index|unique)|alter\s+table|drop\s+(table|index)|truncate\s+\w+;"
            + @"|with\s+\w+\s+as\s*\(|pragma\s|vacuum\b|copy\s+\w+\s*\(|lock\s+table|set\s+local\s)",
            RegexOptions.IgnoreCase);
        SourceTree.AssertNone(
            SourceTree.CSharp("src")
                .Where(file => !file.Name.EndsWith("Store.cs", StringComparison.Ordinal)
                    && !SqlAllowed.Contains(file.Path))
                .SelectMany(file => file.InText(sql)),
            "SQL stands in *Store.cs and in migrations only:");
    }

    [Fact]
    public void No_floating_point_and_no_decimal_in_Core_and_Engine() =>
        SourceTree.AssertNone(
            SourceTree.CSharp("src/Core", "src/Engine")
                .Where(file => !FloatAllowed.ContainsKey(file.Path))
                .SelectMany(file => file.InCode(new Regex(@"\b(decimal|double|float|Decimal|Double|Half)\b"))),
            "Amounts are whole micros; decimal, double and float stay out of Core and Engine:");

    [Fact]
    public void Type_names_say_what_the_thing_is()
    {
        var vague = new Regex("(Service|Manager|Helper|Utils?|Utility|Handler|Processor|Base|Impl|Info|Dto)$");
        var findings = SourceTree.OurAssemblies.Append(typeof(CodeRulesTests).Assembly)
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.Namespace?.StartsWith("Tollkeeper", StringComparison.Ordinal) == true)
            .Where(type => !type.Name.Contains('<') && vague.IsMatch(type.Name.Split('`')[0]));
        SourceTree.AssertNone(findings.Select(type => type.FullName!), "No vague type names (docs: style):");
    }

    [Fact]
    public void Nothing_is_left_for_later()
    {
        // Put together here, so that this file does not find itself.
        var later = new Regex(@"\b(" + string.Join('|', "TO" + "DO", "FIX" + "ME", "HA" + "CK", "XX" + "X") + @")\b|Not"
            + @"ImplementedException|^\s*#reg" + "ion", RegexOptions.Multiline);
        SourceTree.AssertNone(Ours.SelectMany(file => file.InText(later)), "Nothing is left for later:");
    }

    [Fact]
    public void Nothing_in_the_product_waits_by_sleeping() =>
        SourceTree.AssertNone(
            SourceTree.CSharp("src")
                .Where(file => !WaitAllowed.ContainsKey(file.Path))
                .SelectMany(file => file.InCode(new Regex(@"\bThread\.Sleep\b|\bTask\.Delay\b"))),
            "No Thread.Sleep and no Task.Delay outside the listed files:");

    [Fact]
    public void The_clock_is_injected_everywhere() =>
        SourceTree.AssertNone(
            SourceTree.CSharp("src")
                .Where(file => !ClockAllowed.Any(place => file.Path.StartsWith(place, StringComparison.Ordinal)))
                .SelectMany(file => file.InCode(new Regex(
                    @"\bDateTime(Offset)?\.(Now|UtcNow|Today)\b|\bSystemClock\b|\bTimeProvider\.System\b"))),
            "The clock is injected; only the Host's composition names the real one:");

    [Fact]
    public void No_test_is_skipped() =>
        SourceTree.AssertNone(
            SourceTree.CSharp("tests").SelectMany(file => file.InCode(new Regex(@"\bSkip\s*=[^=>]"))),
            "A test that cannot run is not written down as skipped:");

    [Fact]
    public void An_interface_has_two_real_implementations()
    {
        var types = SourceTree.OurAssemblies.SelectMany(assembly => assembly.GetTypes()).ToList();
        var findings = types
            .Where(type => type.IsInterface
                && type.Namespace?.StartsWith("Tollkeeper", StringComparison.Ordinal) == true)
            .Where(face => types.Count(type => type is { IsInterface: false, IsAbstract: false }
                && Implements(type, face)) < 2);
        SourceTree.AssertNone(findings.Select(type => type.FullName!), "An interface needs two real implementations:");
    }

    static bool Implements(Type type, Type face) =>
        type.GetInterfaces().Any(one => one == face || (one.IsGenericType && one.GetGenericTypeDefinition() == face));
}
