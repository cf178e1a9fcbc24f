using System.Text.Json;

namespace Tollkeeper.Engine.Payments.Gateways;

/// <summary>Reads what gateways answer: what is missing, null or of another kind is not there, and no fault.</summary>
static class GatewayJson
{
    public static JsonElement? Part(this JsonElement whole, string name) =>
        whole.ValueKind == JsonValueKind.Object && whole.TryGetProperty(name, out var part)
        && part.ValueKind != JsonValueKind.Null
            ? part
            : null;

    public static JsonElement? Part(this JsonElement whole, string name, string inside) =>
        whole.Part(name)?.Part(inside);

    public static string? Text(this JsonElement whole, string name) =>
        whole.Part(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>0 where there is none.</summary>
    public static long Count(this JsonElement whole, string name) =>
        whole.Part(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var count) ? count : 0;

    public static bool Is(this JsonElement whole, string name) =>
        whole.Part(name) is { ValueKind: JsonValueKind.True };

    public static IEnumerable<JsonElement> Each(this JsonElement whole, string name) =>
        whole.Part(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];
}
