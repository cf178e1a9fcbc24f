using System.Reflection;
using System.Reflection.Metadata;
using Xunit;

namespace Tollkeeper.Tests.Tidy;

/// <summary>
/// A method fits a screen. Its lines are read from the debug symbols, so no parser can disagree with the compiler.
/// </summary>
public sealed class MethodLengthTests
{
    const int MethodLines = 60;

    /// <summary>Methods that are tables: one line of facts for each member of an enum, read as a list.</summary>
    static readonly string[] Tables =
    [
        "Tollkeeper.Refusals.get_OfQuestions", "Tollkeeper.Refusals.get_OfCalls", "Tollkeeper.Refusals.get_OfOperators",
        "Tollkeeper.Refusals.get_OfPeople", "Tollkeeper.Host.Office.AuditTexts.KeyOf",
    ];

    [Fact]
    public void A_method_has_at_most_60_lines()
    {
        var assemblies = SourceTree.OurAssemblies.Append(typeof(MethodLengthTests).Assembly).ToList();
        foreach (var assembly in assemblies)
            Assert.True(File.Exists(Symbols(assembly)), $"{assembly.GetName().Name} has debug symbols beside it");
        SourceTree.AssertNone(assemblies.SelectMany(LongMethods), $"A method has at most {MethodLines} lines:");
    }

    static string Symbols(Assembly assembly) => Path.ChangeExtension(assembly.Location, ".pdb");

    static IEnumerable<string> LongMethods(Assembly assembly)
    {
        using var provider = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(Symbols(assembly)));
        var reader = provider.GetMetadataReader();
        foreach (var handle in reader.MethodDebugInformation)
        {
            var method = assembly.ManifestModule.ResolveMethod(0x06000000 | MetadataRow(handle))!;
            var points = reader.GetMethodDebugInformation(handle).GetSequencePoints()
                .Where(point => !point.IsHidden).ToList();
            if (points.Count == 0) continue;
            var file = reader.GetString(reader.GetDocument(points[0].Document).Name).Replace('\\', '/');
            var name = $"{method.DeclaringType!.FullName}.{method.Name}";
            // A constructor's points include the fields' initial values, wherever they stand in the file.
            if (method is ConstructorInfo || file.Contains("/obj/", StringComparison.Ordinal)
                || Tables.Contains(name)) continue;
            var lines = points.Max(point => point.EndLine) - points.Min(point => point.StartLine) + 1;
            if (lines > MethodLines) yield return $"{file}: {name}: {lines} lines";
        }
    }

    static int MetadataRow(MethodDebugInformationHandle handle) =>
        System.Reflection.Metadata.Ecma335.MetadataTokens.GetRowNumber(handle);
}
