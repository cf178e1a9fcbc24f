using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Tollkeeper.Accounts;

namespace Tollkeeper.Host.Api;

/// <summary>
/// The way in and out of the API: who asks (one place for permission), what was sent, and how yes and no are written.
/// </summary>
static class Door
{
    /// <summary>No question to the API is longer, but imports, which are read line by line.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    /// <summary>
    /// The key that the request carries, when it opens what the endpoint says that it needs; the one place that looks.
    /// While the database is away, known keys open on: what they ask says itself that it cannot be answered, and an
    /// emergency call must be.
    /// </summary>
    public static async ValueTask<Result<AccessKey>> Key(HttpContext http, Installation installation)
    {
        var needed = http.GetEndpoint()?.Metadata.GetMetadata<NeedsScope>();
        Demand.That(needed is not null, "an endpoint of the API says what a key must open");
        var header = http.Request.Headers.Authorization.ToString();
        const string scheme = "Bearer ";
        if (!header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) return Refusal.UnknownKey;
        var key = await installation.Rules.Keys.Find(header[scheme.Length..].Trim(), http.RequestAborted);
        if (key.Refused is not null) return key;
        return (key.Value.Scopes & needed.Scope) == needed.Scope ? key : Refusal.KeyNotForThis;
    }

    /// <summary>Says so of an endpoint.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, KeyScopes scope)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new NeedsScope(scope));

    /// <summary>
    /// The body as one JSON value; refusals <see cref="Refusal.TooLarge"/> and <see cref="Refusal.MalformedJson"/>.
    /// </summary>
    public static async ValueTask<Result<T>> Body<T>(HttpContext http, JsonTypeInfo<T> type)
        where T : class
    {
        if (http.Request.ContentLength > MaxBodyBytes) return Refusal.TooLarge;
        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(http.RequestAborted);
            if (read.Buffer.Length > MaxBodyBytes)
            {
                reader.AdvanceTo(read.Buffer.End);
                return Refusal.TooLarge;
            }
            if (!read.IsCompleted)
            {
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }
            var body = Parse(new Utf8JsonReader(read.Buffer), type);
            reader.AdvanceTo(read.Buffer.End);
            return body;
        }
    }

    /// <summary>The body as it came; refusal <see cref="Refusal.TooLarge"/>.</summary>
    public static async ValueTask<Result<ReadOnlyMemory<byte>>> Bytes(HttpContext http, int most)
    {
        if (http.Request.ContentLength > most) return Refusal.TooLarge;
        var body = new byte[most + 1];
        var length = await http.Request.Body.ReadAtLeastAsync(
            body, body.Length, throwOnEndOfStream: false, http.RequestAborted);
        return length > most ? Refusal.TooLarge : new ReadOnlyMemory<byte>(body, 0, length);
    }

    public static Result<T> Parse<T>(Utf8JsonReader json, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            if (JsonSerializer.Deserialize(ref json, type) is not { } value) return Refusal.MalformedJson;
            return json.Read() ? Refusal.MalformedJson : value;
        }
        catch (JsonException exception)
        {
            // The path names our own fields, never what was sent. Half of a surrogate pair ends here too.
            return new Refused(Refusal.MalformedJson, exception.Path is { Length: > 1 } path ? path : null);
        }
    }

    public static Task Answer<T>(HttpContext http, T body, JsonTypeInfo<T> type) =>
        Write(http, StatusCodes.Status200OK, "application/json", body, type);

    public static Task Answer<T>(HttpContext http, Result<T> body, JsonTypeInfo<T> type) =>
        body.Refused is { } refused ? Refuse(http, refused) : Answer(http, body.Value, type);

    /// <summary>
    /// The one map from a refusal to what is sent: status, stable name, sentence in the asker's language.
    /// </summary>
    /// <param name="refused">With the first answer, where there is one, as the body that it had.</param>
    public static Task Refuse(HttpContext http, Refused refused)
    {
        var facts = Refusals.Of(refused.Refusal);
        if (facts.MayBeRepeated) http.Response.Headers.RetryAfter = "1";
        if (facts.Status == StatusCodes.Status401Unauthorized) http.Response.Headers.WWWAuthenticate = "Bearer";
        var language = http.Request.Headers.AcceptLanguage.ToString().Split(',', ';')[0].Trim();
        var problem = new ProblemBody(
            "urn:tollkeeper:refusal:" + facts.Name, facts.In(language), facts.Status, refused.Detail, facts.Name,
            facts.Sip, refused.First);
        return Write(http, facts.Status, "application/problem+json", problem, ApiJson.Default.ProblemBody);
    }

    static async Task Write<T>(HttpContext http, int status, string contentType, T body, JsonTypeInfo<T> type)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, type);
        http.Response.ContentLength = bytes.Length;
        await http.Response.BodyWriter.WriteAsync(bytes, http.RequestAborted);
    }
}

/// <summary>What a key must open to come in at an endpoint.</summary>
public sealed record NeedsScope(KeyScopes Scope);
