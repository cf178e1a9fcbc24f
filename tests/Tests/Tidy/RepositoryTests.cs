using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace Tollkeeper.Tests.Tidy;

/// <summary>What holds for the repository's other files: projects, commands, migrations, documents.</summary>
public sealed class RepositoryTests
{
    static IEnumerable<string> Projects => SourceTree.Files("*.csproj", "src", "tests", "benchmarks");

    [Fact]
    public void Package_versions_stand_in_one_file()
    {
        var findings =
            from project in Projects
            from reference in XDocument.Load(Path.Combine(SourceTree.Root, project)).Descendants("PackageReference")
            where reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null
            select $"{project}: {reference.Attribute("Include")?.Value}";
        SourceTree.AssertNone(findings, "Package versions are central, in Directory.Packages.props:");
    }

    [Fact]
    public void Every_package_is_listed_with_its_licence()
    {
        var decisions = File.ReadAllText(Path.Combine(SourceTree.Root, "docs/DECISIONS.md"));
        var packages = XDocument.Load(Path.Combine(SourceTree.Root, "Directory.Packages.props"))
            .Descendants("PackageVersion").Select(package => package.Attribute("Include")!.Value);
        SourceTree.AssertNone(
            packages.Where(package => !decisions.Contains($"| {package} |", StringComparison.Ordinal)),
            "docs/DECISIONS.md has one line for each dependency, with its licence:");
    }

    [Theory]
    [InlineData("src/Host/Web")]
    [InlineData("tests/Tests/Mail")]
    [InlineData("tests/Tests/Stripe")]
    [InlineData("tests/Tests/PayPal")]
    public void Every_npm_package_is_pinned_and_listed_with_its_licence(string folder)
    {
        var web = Path.Combine(SourceTree.Root, folder);
        var decisions = File.ReadAllText(Path.Combine(SourceTree.Root, "docs/DECISIONS.md"));
        var asked = JsonNode.Parse(File.ReadAllText(Path.Combine(web, "package.json")))!["dependencies"]!.AsObject();
        Assert.All(asked, package => Assert.Matches(@"^\d+\.\d+\.\d+$", package.Value!.GetValue<string>()));
        SourceTree.AssertNone(
            asked.Select(package => package.Key)
                .Where(package => !decisions.Contains($"| {package} |", StringComparison.Ordinal)),
            "docs/DECISIONS.md has one line for each npm package, with its licence:");
        Assert.DoesNotContain("\"resolved\"", File.ReadAllText(Path.Combine(web, "package-lock.json")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Warnings_are_errors_and_arithmetic_is_checked_everywhere()
    {
        var weaker = new Regex("<(TreatWarningsAsErrors|CheckForOverflowUnderflow|Nullable)>");
        SourceTree.AssertNone(
            Projects.Where(project => weaker.IsMatch(File.ReadAllText(Path.Combine(SourceTree.Root, project)))),
            "Directory.Build.props alone decides about warnings, overflow and null:");
    }

    [Fact]
    public void A_migration_exists_for_both_databases_and_numbers_have_no_gap()
    {
        var names = SourceTree.Files("*.sql", "src/Engine/Storage/Migrations")
            .Select(path => Regex.Match(Path.GetFileName(path), @"^(\d{4})-([a-z0-9-]+)\.(postgres|sqlite)\.sql$"))
            .ToList();
        Assert.All(names,
            name => Assert.True(name.Success, "a migration is named NNNN-what.postgres.sql or .sqlite.sql"));
        var steps = names.GroupBy(name => (Number: name.Groups[1].Value, What: name.Groups[2].Value)).ToList();
        Assert.All(steps,
            step => Assert.True(step.Count() == 2, $"{step.Key.Number}-{step.Key.What} exists for both databases"));
        Assert.Equal(
            Enumerable.Range(1, steps.Count).Select(number => number.ToString("0000")),
            steps.Select(step => step.Key.Number).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("run")]
    [InlineData("test")]
    [InlineData("bench")]
    [InlineData("tollkeeper")]
    [InlineData(".ci/run")]
    public void A_command_at_the_root_can_be_run(string command)
    {
        var path = Path.Combine(SourceTree.Root, command);
        Assert.StartsWith("#!/usr/bin/env bash\n", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Contains("set -euo pipefail", File.ReadAllText(path), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.True(File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserExecute));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("ARCHITECTURE.md")]
    [InlineData("docs/DECISIONS.md")]
    [InlineData("docs/glossary.md")]
    [InlineData("docs/operating.md")]
    [InlineData("docs/benchmarks.md")]
    [InlineData("deploy/kamailio/README.md")]
    public void A_document_names_only_files_that_exist(string document)
    {
        var text = File.ReadAllText(Path.Combine(SourceTree.Root, document));
        var folder = Path.GetDirectoryName(Path.Combine(SourceTree.Root, document))!;
        SourceTree.AssertNone(
            Regex.Matches(text, @"\]\((?!https?:|#)([^)#]+)").Select(link => link.Groups[1].Value)
                .Where(target => !Path.Exists(Path.Combine(folder, target))),
            $"{document} links to what is not there:");
    }
}
