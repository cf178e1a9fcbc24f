using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Tollkeeper.Host.Sandbox;

/// <summary>What the sandbox's API was asked, as a form or a query writes it: <c>metadata[order]=1</c>.</summary>
sealed class SandboxForm(IReadOnlyDictionary<string, string> fields)
{
    public static async Task<SandboxForm> Read(HttpRequest request)
    {
        var form = request.HasFormContentType ? await request.ReadFormAsync() : FormCollection.Empty;
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, values) in request.Query.Concat(form))
            for (var i = 0; i < values.Count; i++)
                fields[values.Count == 1 ? name : $"{name}{i}"] = values[i] ?? "";
        return new SandboxForm(fields);
    }

    /// <summary>Null where it is not there, or empty.</summary>
    public string? this[string name] => fields.GetValueOrDefault(name) is { Length: > 0 } text ? text : null;

    public string Needed(string name) => this[name] ?? throw new SandboxError(
        400, "invalid_request_error", "parameter_missing", $"Missing required param: {name}.");

    public bool Is(string name) => this[name] == "true";

    public long? Count(string name)
    {
        if (this[name] is not { } text) return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count)
            ? count
            : throw new SandboxError(
                400, "invalid_request_error", "parameter_invalid_integer", $"Invalid integer: {name}");
    }

    /// <summary>Of a whole count above 0.</summary>
    public long Amount(string name)
    {
        Needed(name);
        return Count(name) is > 0 and var amount
            ? amount
            : throw new SandboxError(
                400, "invalid_request_error", "parameter_invalid_integer",
                $"{name} must be greater than or equal to 1");
    }

    public JsonObject Map(string name)
    {
        var map = new JsonObject();
        foreach (var (field, value) in Below(name)) map[field[(name.Length + 1)..^1]] = value;
        return map;
    }

    public IEnumerable<string> List(string name) => Below(name).Select(field => field.Value);

    /// <summary>The whole question as one text, to see whether another is the same.</summary>
    public override string ToString() => string.Join('&', fields.Select(
        field => $"{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(field.Value)}"));

    IEnumerable<KeyValuePair<string, string>> Below(string name) =>
        fields.Where(field => field.Key.StartsWith(name + "[", StringComparison.Ordinal));
}

/// <summary>What the sandbox's API does not do, as Stripe says it. Nothing of the request is kept.</summary>
sealed class SandboxError(int status, string type, string? code, string message) : Exception(message)
{
    public int Status => status;

    public JsonObject ToJson()
    {
        var error = new JsonObject { ["type"] = type, ["message"] = Message };
        if (code is not null) error["code"] = code;
        return new JsonObject { ["error"] = error };
    }

    public static SandboxError Unknown(string id) =>
        new(404, "invalid_request_error", "resource_missing", $"No such object: '{id}'");

    public static SandboxError State(JsonObject intent, string verb) => new(
        400, "invalid_request_error", "payment_intent_unexpected_state",
        $"You cannot {verb} this PaymentIntent because it has a status of {intent.Text("status")}.");
}
