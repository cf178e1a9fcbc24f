using System.Net;
using System.Text.Json;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Tollkeeper.Engine.Payments.Gateways;

/// <summary>What a gateway answered, a refusal of its own among them.</summary>
/// <param name="Body">Undefined where it had none.</param>
public sealed record GatewayReply(HttpStatusCode Status, JsonElement Body)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;
}

/// <summary>
/// Asks a gateway over HTTP with patience: what is slow, away, over its limit (429) or broken (5xx) is asked again, for
/// half a minute at most. Every request must be one that may come twice: it only asks, or carries its key. Refusal:
/// <see cref="Refusal.GatewayAway"/>, also for an answer that is not JSON.
/// </summary>
public sealed class GatewayClient(HttpClient http, TimeProvider time) : IDisposable
{
    const int MostBytes = 2 * 1024 * 1024;
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    readonly ResiliencePipeline<GatewayReply> pipeline =
        new ResiliencePipelineBuilder<GatewayReply> { TimeProvider = time }
            .AddTimeout(TimeSpan.FromSeconds(30))
            .AddRetry(new RetryStrategyOptions<GatewayReply>
            {
                ShouldHandle = new PredicateBuilder<GatewayReply>()
                    .Handle<HttpRequestException>().Handle<TimeoutRejectedException>().Handle<JsonException>()
                    .Handle<TryAgain>(),
                MaxRetryAttempts = 3,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(250),
                DelayGenerator = failed => new(failed.Outcome.Exception is TryAgain { After: { } after }
                    ? after < LongestWait ? after : LongestWait
                    : null),
            })
            .AddTimeout(TimeSpan.FromSeconds(10))
            .Build();

    /// <param name="request">Made anew for each try.</param>
    public async Task<Result<GatewayReply>> Send(Func<HttpRequestMessage> request, CancellationToken ct)
    {
        try
        {
            return await pipeline.ExecuteAsync(async stop => await Once(request, stop), ct);
        }
        catch (Exception broken) when (broken is HttpRequestException or TimeoutRejectedException or JsonException
            or TryAgain)
        {
            return new Refused(Refusal.GatewayAway, broken.Message);
        }
    }

    async Task<GatewayReply> Once(Func<HttpRequestMessage> request, CancellationToken ct)
    {
        using var asked = request();
        using var answer = await http.SendAsync(asked, HttpCompletionOption.ResponseHeadersRead, ct);
        if ((int)answer.StatusCode is 408 or 409 or 425 or 429 or >= 500)
            throw new TryAgain(answer.StatusCode, answer.Headers.RetryAfter?.Delta);
        if (answer.Content.Headers.ContentLength > MostBytes) throw new HttpRequestException("The answer is too long.");
        await answer.Content.LoadIntoBufferAsync(MostBytes, ct);
        var bytes = await answer.Content.ReadAsByteArrayAsync(ct);
        return new GatewayReply(
            answer.StatusCode, bytes.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(bytes));
    }

    public void Dispose() => http.Dispose();

    sealed class TryAgain(HttpStatusCode status, TimeSpan? after) : Exception($"The gateway answered {(int)status}.")
    {
        public TimeSpan? After => after;
    }
}
