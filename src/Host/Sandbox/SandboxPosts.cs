using System.Text;
using Microsoft.Extensions.Hosting;
using NodaTime;
using Tollkeeper.Engine.Payments.Gateways;

namespace Tollkeeper.Host.Sandbox;

/// <summary>
/// Posts what happened to each merchant, signed as Stripe signs, until the merchant answers 2xx: again after a second,
/// two, four … an hour at most, for three days.
/// </summary>
sealed class SandboxPosts(SandboxStore store, TimeProvider time) : BackgroundService
{
    const int AtOnce = 4;
    const int MostTries = 80;
    const long LongestWait = 3_600;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var http = new HttpClient { Timeout = Patience };
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var posts = await store.Posts(time.GetUtcNow().ToUnixTimeSeconds());
                await Parallel.ForEachAsync(
                    posts,
                    new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken },
                    async (post, ct) => await Post(http, post, ct));
                // News come at once; what is to be tried again is looked for each second.
                if (posts.Count == 0) await store.News.WaitAsync(TimeSpan.FromSeconds(1), stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The sandbox ends.
        }
    }

    async Task Post(HttpClient http, SandboxPost post, CancellationToken ct)
    {
        if (await IsHeard(http, post, ct) || post.Tries >= MostTries)
        {
            await store.Posted(post.Event);
            return;
        }
        var wait = Math.Min(1L << (int)Math.Min(post.Tries, 12), LongestWait);
        await store.PostAgain(post.Event, time.GetUtcNow().ToUnixTimeSeconds() + wait);
    }

    async Task<bool> IsHeard(HttpClient http, SandboxPost post, CancellationToken ct)
    {
        var body = Encoding.UTF8.GetBytes(post.Body);
        using var request = new HttpRequestMessage(HttpMethod.Post, post.WebhookUrl)
        {
            Content = new ByteArrayContent(body),
        };
        request.Headers.Host = post.WebhookHost;
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=utf-8");
        request.Headers.TryAddWithoutValidation(
            "Stripe-Signature", StripeSignature.Sign(post.SigningSecret, store.Clock.GetCurrentInstant(), body));
        try
        {
            using var answer = await http.SendAsync(request, ct);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception away) when (away is HttpRequestException or TaskCanceledException
            && !ct.IsCancellationRequested)
        {
            return false;
        }
    }
}
