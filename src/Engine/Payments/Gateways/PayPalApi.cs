using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;

namespace Tollkeeper.Engine.Payments.Gateways;

/// <summary>
/// PayPal's requests, with its token: one for all callers, had anew before it ends and where PayPal does not take it.
/// </summary>
sealed class PayPalApi(PayPalSettings settings, GatewayClient client, IClock clock) : IDisposable
{
    static readonly Duration Margin = Duration.FromMinutes(1);
    static readonly JsonSerializerOptions WithoutNulls =
        new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    readonly SemaphoreSlim oneAsks = new(1);
    volatile Token? token;

    public Task<Result<GatewayReply>> Get(string path, CancellationToken ct) =>
        Send(() => new HttpRequestMessage(HttpMethod.Get, At(path)), ct);

    public Task<Result<GatewayReply>> Delete(string path, CancellationToken ct) =>
        Send(() => new HttpRequestMessage(HttpMethod.Delete, At(path)), ct);

    /// <param name="key">By which PayPal knows that it was asked before, for hours (orders) to weeks (refunds).</param>
    public Task<Result<GatewayReply>> Post(string path, string key, object body, CancellationToken ct) =>
        Send(
            () =>
            {
                var asked = new HttpRequestMessage(HttpMethod.Post, At(path));
                asked.Headers.Add("PayPal-Request-Id", key);
                asked.Headers.Add("Prefer", "return=representation");
                asked.Content = JsonContent.Create(body, options: WithoutNulls);
                return asked;
            },
            ct);

    public Task<Result<GatewayReply>> Patch(string path, object[] changes, CancellationToken ct) =>
        Send(() => new HttpRequestMessage(HttpMethod.Patch, At(path)) { Content = JsonContent.Create(changes) }, ct);

    async Task<Result<GatewayReply>> Send(Func<HttpRequestMessage> request, CancellationToken ct)
    {
        var first = await TokenOtherThan(null, ct);
        if (first.Refused is { } none) return none;
        var reply = await With(first.Value);
        if (!reply.Accepted || reply.Value.Status != HttpStatusCode.Unauthorized) return reply;
        var second = await TokenOtherThan(first.Value, ct);
        return second.Refused is { } gone ? gone : await With(second.Value);

        Task<Result<GatewayReply>> With(string bearer) => client.Send(
            () =>
            {
                var asked = request();
                asked.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
                return asked;
            },
            ct);
    }

    /// <param name="failed">What PayPal did not take, if anything.</param>
    async Task<Result<string>> TokenOtherThan(string? failed, CancellationToken ct)
    {
        if (Good(failed) is { } known) return known;
        await oneAsks.WaitAsync(ct);
        try
        {
            if (Good(failed) is { } meanwhile) return meanwhile;
            var got = PayPalAnswer.Read<Token>(
                await client.Send(TokenRequest, ct),
                body => new Token(
                    body.Need("access_token"),
                    clock.GetCurrentInstant() + Duration.FromSeconds(body.GetProperty("expires_in").GetInt64())));
            if (got.Refused is { } refused) return refused;
            token = got.Value;
            return got.Value.Text;
        }
        finally
        {
            oneAsks.Release();
        }
    }

    string? Good(string? failed) =>
        token is { } has && has.Text != failed && clock.GetCurrentInstant() < has.EndsAt - Margin ? has.Text : null;

    HttpRequestMessage TokenRequest()
    {
        var asked = new HttpRequestMessage(HttpMethod.Post, At("/v1/oauth2/token"));
        asked.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{settings.ClientId}:{settings.Secret}")));
        asked.Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]);
        return asked;
    }

    Uri At(string path) => new(settings.Api, path);

    public void Dispose() => oneAsks.Dispose();

    sealed record Token(string Text, Instant EndsAt);
}
