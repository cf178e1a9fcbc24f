using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Tollkeeper.Tests.Golden;

/// <summary>Reading the fields of a worked example.</summary>
public static class ExampleFields
{
    /// <summary>
    /// Each item of a list of the inputs with the expected case at the same place, which bears the same name.
    /// </summary>
    public static IEnumerable<(JsonObject Given, JsonObject Expected)> Pairs(this WorkedExample example, string list)
    {
        var given = example.Inputs.Object()[list]!.AsArray();
        var expected = example.Expected.Object()["cases"]!.AsArray();
        Assert.Equal(given.Count, expected.Count);
        for (var i = 0; i < given.Count; i++)
        {
            if (given[i]!["case"] is { } name)
                Assert.Equal(name.GetValue<string>(), expected[i]!["case"]!.GetValue<string>());
            yield return (given[i]!.AsObject(), expected[i]!.AsObject());
        }
    }

    public static JsonObject Object(this JsonElement element) => JsonObject.Create(element)!;

    /// <summary>Money text such as <c>0.0050</c> as micros.</summary>
    public static long Micros(this JsonNode node)
    {
        Assert.True(FixedPoint.TryRead(node.GetValue<string>(), 6, out var micros), node.ToJsonString());
        return micros;
    }

    public static int Int(this JsonObject holder, string field) => holder[field]!.GetValue<int>();

    public static string Text(this JsonObject holder, string field) => holder[field]!.GetValue<string>();
}
