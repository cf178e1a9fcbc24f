using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;
using NodaTime;
using NodaTime.Text;

namespace Tollkeeper.Tests.Engine.Payments.Gateways;

/// <summary>
/// PayPal as its documentation describes it, on a socket of its own: it keeps orders, captures, tokens, refunds, cases
/// and what moved, and knows who asked it before.
/// </summary>
public sealed partial class PayPalDouble : IAsyncDisposable
{
    public const string ClientId = "client";
    public const string Secret = "sécret";

    /// <summary>For how long PayPal knows a request of orders and of its vault again; that of a refund, for weeks.
    /// </summary>
    static readonly Duration KeysKept = Duration.FromHours(6);
    static readonly Duration TokenLasts = Duration.FromHours(9);

    readonly MovableClock clock;
    readonly WebApplication app;
    readonly Lock gate = new();
    readonly Dictionary<string, (string Asked, Answer Answer, Instant At)> answered = [];
    readonly Dictionary<string, Instant> tokens = [];
    Trouble trouble;
    int troubles;

    public PayPalDouble(MovableClock clock)
    {
        this.clock = clock;
        signer = new PayPalSigner(clock);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Run(Serve);
    }

    public Task Start() => app.StartAsync();

    public Uri Url => new(app.Urls.Single());

    /// <summary>All that it was asked, and answered.</summary>
    public List<PayPalExchange> Exchanges { get; } = [];

    public void Make(Trouble what, int times) => (trouble, troubles) = (what, times);

    /// <summary>As PayPal may at any time: what was got is worth nothing any more.</summary>
    public void RevokeTokens() => tokens.Clear();

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        signer.Dispose();
    }

    async Task Serve(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync();
        var met = Interlocked.Decrement(ref troubles) >= 0 ? trouble : (Trouble?)null;
        if (met == Trouble.CutBeforeTheWork)
        {
            http.Abort();
            return;
        }
        if (met == Trouble.Silence)
        {
            var ends = new TaskCompletionSource();
            await using (http.RequestAborted.Register(ends.SetResult)) await ends.Task;
            return;
        }
        var answer = met switch
        {
            Trouble.TooMany => Problem(429, "RATE_LIMIT_REACHED", "RATE_LIMIT_REACHED"),
            Trouble.ServerError => Problem(500, "INTERNAL_SERVER_ERROR", "INTERNAL_SERVER_ERROR"),
            Trouble.Html => new Answer(200, null, "<html><body>Sorry!</body></html>", "text/html"),
            _ => Work(http.Request, body),
        };
        if (met is null or Trouble.CutAfterTheWork)
        {
            var headers = new[] { "Authorization", "PayPal-Request-Id" }
                .Where(http.Request.Headers.ContainsKey)
                .ToDictionary(name => name, name => $"{http.Request.Headers[name]}");
            lock (gate)
                Exchanges.Add(new PayPalExchange(
                    http.Request.Method, http.Request.GetEncodedPathAndQuery(), headers, body, answer));
        }
        if (met == Trouble.CutAfterTheWork)
        {
            http.Abort();
            return;
        }
        http.Response.StatusCode = answer.Status;
        if (answer.Text.Length == 0) return;
        http.Response.ContentType = answer.Type;
        await http.Response.WriteAsync(answer.Text);
    }

    Answer Work(HttpRequest request, string body)
    {
        lock (gate)
        {
            if (request.Path.StartsWithSegments("/certs", StringComparison.Ordinal))
                return new Answer(200, null, signer.Pem, "text/plain");
            if (request.Path == "/v1/oauth2/token") return Token(request, body);
            var bearer = $"{request.Headers.Authorization}".Replace("Bearer ", "", StringComparison.Ordinal);
            if (!tokens.TryGetValue(bearer, out var ends) || ends < clock.Now)
                return new Answer(401, new JsonObject { ["error"] = "invalid_token" });
            if (request.Method != "POST") return Do(request, body);
            var key = $"{request.Headers["PayPal-Request-Id"]}";
            if (key.Length is 0 or > 108) return Problem(400, "INVALID_REQUEST", "MISSING_REQUEST_ID");
            var asked = $"{request.GetEncodedPathAndQuery()} {body}";
            var gives = asked.Contains("/refund ", StringComparison.Ordinal);
            var kept = gives ? Duration.FromDays(45) : KeysKept;
            if (answered.TryGetValue(key, out var before) && clock.Now - before.At < kept)
                return before.Asked == asked ? before.Answer : Unable("DUPLICATE_REQUEST_ID");
            var answer = Do(request, body);
            if (answer.Status < 300) answered[key] = (asked, gives ? answer : answer with { Status = 200 }, clock.Now);
            return answer;
        }
    }

    Answer Do(HttpRequest request, string text)
    {
        var body = text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
        var path = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return (request.Method, path) switch
        {
            ("POST", ["v2", "checkout", "orders"]) => CreateOrder(body),
            ("GET", ["v2", "checkout", "orders", var id]) => OnOrder(id, ShowOrder),
            ("PATCH", ["v2", "checkout", "orders", var id]) => OnOrder(id, order => ChangeOrder(order, body)),
            ("POST", ["v2", "checkout", "orders", var id, "capture"]) => OnOrder(id, order => Capture(order, body)),
            ("POST", ["v2", "payments", "captures", var id, "refund"]) => Refund(id, body),
            ("POST", ["v3", "vault", "setup-tokens"]) => CreateSetup(body),
            ("GET", ["v3", "vault", "setup-tokens", var id]) => ShowSetup(id),
            ("POST", ["v3", "vault", "payment-tokens"]) => Exchange(body),
            ("DELETE", ["v3", "vault", "payment-tokens", var id]) => Forget(id),
            ("GET", ["v1", "customer", "disputes"]) => ListCases($"{request.Query["disputed_transaction_id"]}"),
            ("GET", ["v1", "customer", "disputes", var id]) => ShowCase(id),
            ("GET", ["v1", "reporting", "transactions"]) => Report(request.Query),
            _ => Problem(404, "RESOURCE_NOT_FOUND", "NO_SUCH_PATH"),
        };
    }

    Answer Token(HttpRequest request, string body)
    {
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{ClientId}:{Secret}"));
        if (request.Headers.Authorization != $"Basic {basic}" || body != "grant_type=client_credentials")
            return new Answer(401, new JsonObject { ["error"] = "invalid_client" });
        var token = NewId("A21AA");
        tokens[token] = clock.Now + TokenLasts;
        return new Answer(200, new JsonObject
        {
            ["access_token"] = token,
            ["token_type"] = "Bearer",
            ["expires_in"] = (long)TokenLasts.TotalSeconds,
        });
    }

    static Answer Unable(string issue) => Problem(422, "UNPROCESSABLE_ENTITY", issue);

    static Answer Missing() => Problem(404, "RESOURCE_NOT_FOUND", "INVALID_RESOURCE_ID");

    static Answer Problem(int status, string name, string issue) => new(status, new JsonObject
    {
        ["name"] = name,
        ["message"] = "The requested action could not be performed.",
        ["debug_id"] = NewId(""),
        ["details"] = new JsonArray(new JsonObject { ["issue"] = issue, ["description"] = issue }),
        ["links"] = new JsonArray(),
    });

    /// <summary>17 capital letters and digits, as PayPal writes its ids.</summary>
    static string NewId(string prefix) =>
        prefix + Convert.ToHexString(Guid.NewGuid().ToByteArray())[..(17 - prefix.Length)];

    string Now => Write(clock.Now);

    static string Write(Instant at) => InstantPattern.General.Format(at);

    static JsonObject Amount(long cents, string currency) => new()
    {
        ["currency_code"] = currency,
        ["value"] = $"{(cents < 0 ? "-" : "")}{Math.Abs(cents) / 100}.{Math.Abs(cents) % 100:00}",
    };

    static long Cents(JsonNode amount) =>
        long.Parse($"{amount["value"]}".Replace(".", "", StringComparison.Ordinal));

    JsonObject Link(string relation, string path, string method = "GET") => new()
    {
        ["href"] = $"{Url.ToString().TrimEnd('/')}{path}",
        ["rel"] = relation,
        ["method"] = method,
    };
}

/// <summary>What the double answers.</summary>
public sealed record Answer(int Status, JsonNode? Body, string Plain = "", string Type = "application/json")
{
    public string Text { get; } = Body?.ToJsonString() ?? Plain;
}
