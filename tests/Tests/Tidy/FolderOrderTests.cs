using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace Tollkeeper.Tests.Tidy;

/// <summary>
/// Down only: Host → Engine → Core, and within Core and Engine each folder uses only those before it.
/// </summary>
public sealed class FolderOrderTests
{
    /// <summary>
    /// Storage is the ground that every operation stands on, so it comes before the field's own words; the
    /// demonstration uses them all.
    /// </summary>
    static readonly string[] Order =
    [
        "Storage", "Providers", "Accounts", "Jobs", "Notifications", "Support", "Ledger", "Rating", "Taxes", "Numbers",
        "Charging", "Payments", "Invoicing", "Demo",
    ];

    /// <summary>
    /// Uses that go against the order, each with its reason: the type that uses, and the folder that it uses.
    /// </summary>
    static readonly Dictionary<(string Type, string Folder), string> Allowed = new()
    {
        [("AuditCalls", "Charging")] = "an audit prices each call again from its kept terms",
        [("AuditedCall", "Charging")] = "the same: what the price of a call follows from",
        [("AuditRange", "Charging")] = "and each hold",
    };

    [Fact]
    public void Core_references_NodaTime_and_the_framework_and_nothing_else()
    {
        var project = XDocument.Load(Path.Combine(SourceTree.Root, "src/Core/Core.csproj"));
        var references = project.Descendants()
            .Where(e => e.Name.LocalName.EndsWith("Reference", StringComparison.Ordinal));
        Assert.Equal(["NodaTime"], references.Select(e => (string?)e.Attribute("Include")));
        var compiled = typeof(Money).Assembly.GetReferencedAssemblies().Select(name => name.Name!);
        SourceTree.AssertNone(
            compiled.Where(name => name != "NodaTime" && !name.StartsWith("System.", StringComparison.Ordinal)),
            "Core knows NodaTime and the framework only:");
    }

    [Fact]
    public void Core_neither_waits_nor_reads_nor_writes_anything()
    {
        var forbidden = new Regex(
            @"\b(async|await|Task|ValueTask|Thread|File|Directory|FileStream|FileInfo|HttpClient|Socket"
            + @"|ILogger|IClock|Console|Environment)\b(?!\s*[=,;)])");
        SourceTree.AssertNone(
            SourceTree.CSharp("src/Core").SelectMany(file => file.InCode(forbidden)),
            "Core is pure: no async, no I/O, no clock, no logging:");
    }

    [Fact]
    public void The_Engine_does_not_know_the_Host() =>
        Assert.DoesNotContain(
            SourceTree.EngineAssembly.GetReferencedAssemblies().Select(name => name.Name!),
            name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || name == "tollkeeper");

    [Theory]
    [InlineData("src/Core")]
    [InlineData("src/Engine")]
    public void Every_folder_has_one_of_the_known_names(string layer) =>
        Assert.Empty(
            Directory.GetDirectories(Path.Combine(SourceTree.Root, layer)).Select(Path.GetFileName)
                .Except([.. Order, "bin", "obj"]));

    [Fact]
    public void A_folder_uses_only_those_before_it()
    {
        var findings =
            from type in new[] { typeof(Money).Assembly, SourceTree.EngineAssembly }.SelectMany(a => a.GetTypes())
            let place = PlaceOf(type)
            where place is not null
            from used in TypeUses.Of(type)
            let usedPlace = PlaceOf(used)
            where usedPlace > place && !Allowed.ContainsKey((Outermost(type).Name, Order[usedPlace.Value]))
            select $"{Outermost(type).FullName} ({Name(place.Value)}) uses {used.FullName} ({Name(usedPlace.Value)})";
        SourceTree.AssertNone(findings.Distinct().Order(StringComparer.Ordinal),
            "A folder may use those before it, never one after it:");
    }

    [Fact]
    public void Namespaces_are_the_folders()
    {
        var declared = new Regex(@"^namespace ([\w.]+);", RegexOptions.Multiline);
        var findings =
            from file in SourceTree.CSharp("src")
            let parts = file.Path.Split('/')
            let expected = string.Join('.', new[] { "Tollkeeper" }.Concat(parts[1..^1].Where(part => part != "Core")))
            let found = declared.Match(file.Code)
            where found.Success && found.Groups[1].Value != expected
            select $"{file.Path}: {found.Groups[1].Value}, expected {expected}";
        SourceTree.AssertNone(findings, "A file's namespace is its folder:");
    }

    /// <summary>0 for the root of a layer, 1 and up for its folders, nothing for what is not ours.</summary>
    static int? PlaceOf(Type type)
    {
        var space = Outermost(type).Namespace;
        if (space is "Tollkeeper" or "Tollkeeper.Engine") return -1;
        if (space is null || !space.StartsWith("Tollkeeper.", StringComparison.Ordinal)) return null;
        var folder = space.Split('.').Skip(1).SkipWhile(part => part == "Engine").First();
        var place = Array.IndexOf(Order, folder);
        return place < 0 ? null : place;
    }

    static string Name(int place) => place < 0 ? "the root" : Order[place];

    static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
