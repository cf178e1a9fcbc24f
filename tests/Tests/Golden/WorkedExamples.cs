using System.Text.Json;

namespace Tollkeeper.Tests.Golden;

/// <summary>One worked example as it stands in the file: inputs and expected results, both JSON.</summary>
public sealed record WorkedExample(string Id, string Area, JsonElement Inputs, JsonElement Expected)
{
    /// <summary>
    /// True when the inputs, or each of their cases, have all these fields: the shape a test is made for.
    /// </summary>
    public bool HasInputs(params string[] names) => names.All(name =>
        Inputs.TryGetProperty(name, out _) || CasesOf(Inputs).All(c => c.TryGetProperty(name, out _)));

    /// <summary>
    /// Each case of the inputs beside the case of the expected results at the same place; one pair where there are
    /// none.
    /// </summary>
    public IEnumerable<(JsonElement Inputs, JsonElement Expected)> Cases() => CasesOf(Inputs).Zip(CasesOf(Expected));

    public override string ToString() => Id;

    static JsonElement[] CasesOf(JsonElement element) =>
        element.TryGetProperty("cases", out var cases) ? [.. cases.EnumerateArray()] : [element];
}

/// <summary>The worked examples; tests choose theirs by the shape of the inputs, never by an id.</summary>
public static class WorkedExamples
{
    public static IReadOnlyList<WorkedExample> All { get; } = Read();

    public static IReadOnlyList<WorkedExample> WithInputs(params string[] names) =>
        [.. All.Where(example => example.HasInputs(names))];

    static List<WorkedExample> Read()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Golden", "worked-examples.json");
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        return document.RootElement.GetProperty("examples").EnumerateArray()
            .Select(example => new WorkedExample(
                example.GetProperty("id").GetString()!,
                example.GetProperty("area").GetString()!,
                example.GetProperty("inputs").Clone(),
                example.GetProperty("expected").Clone()))
            .ToList();
    }
}
