using System.Text.Json.Nodes;

namespace Tollkeeper.Host.Sandbox;

/// <summary>
/// The sandbox's objects are kept as its API writes them; names with <c>_</c> are its own and not shown.
/// </summary>
static class SandboxJson
{
    public static string Id(this JsonObject whole) => whole.Text("id")!;

    public static string? Text(this JsonNode whole, string name) => (string?)whole[name];

    /// <summary>0 where there is none; a new object's may be an int still.</summary>
    public static long Count(this JsonNode whole, string name)
    {
        if (whole[name] is not JsonValue number) return 0;
        return number.TryGetValue<long>(out var count) ? count : number.GetValue<int>();
    }

    public static bool Is(this JsonNode whole, string name) => (bool?)whole[name] ?? false;

    public static JsonObject Read(string json) => JsonNode.Parse(json)!.AsObject();

    /// <summary>With all that is given, which may replace what was there.</summary>
    public static JsonObject With(this JsonObject whole, params ReadOnlySpan<(string Name, JsonNode? Value)> values)
    {
        foreach (var (name, value) in values) whole[name] = value;
        return whole;
    }

    /// <summary>What the API shows of it.</summary>
    public static JsonObject Shown(this JsonObject kept)
    {
        var shown = kept.DeepClone().AsObject();
        foreach (var name in shown.Select(part => part.Key).Where(name => name.StartsWith('_')).ToList())
            shown.Remove(name);
        return shown;
    }
}
