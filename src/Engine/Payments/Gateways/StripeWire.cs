using System.Net.Http.Headers;
using System.Text.Json;

namespace Tollkeeper.Engine.Payments.Gateways;

/// <summary>One provider's account at Stripe.</summary>
/// <param name="Origin">Where its API is.</param>
/// <param name="SigningSecret">Of what Stripe posts to us.</param>
public sealed record StripeAccount(Uri Origin, string SecretKey, string SigningSecret)
{
    public static Uri StripeOrigin { get; } = new("https://api.stripe.com");

    /// <summary>Never in a log.</summary>
    public override string ToString() => $"an account at {Origin}";
}

/// <summary>Requests to Stripe: form-encoded, of one version of its API, each POST with its key.</summary>
sealed class StripeWire(StripeAccount account, GatewayClient client)
{
    /// <summary>The version whose description the tests hold every request and answer to.</summary>
    const string Version = "2023-08-16";

    public async Task<Result<JsonElement>> Get(string path, StripeForm query, CancellationToken ct)
    {
        var asked = string.Join('&', query.Fields.Select(
            field => $"{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(field.Value)}"));
        var address = new Uri(account.Origin, asked.Length == 0 ? path : $"{path}?{asked}");
        var reply = await client.Send(() => Request(HttpMethod.Get, address), ct);
        return reply.Refused is { } away ? away : Understood(reply.Value);
    }

    /// <param name="key">The same for the same question, so that it is done once.</param>
    public async Task<Result<GatewayReply>> Post(string path, StripeForm form, string key, CancellationToken ct) =>
        await client.Send(
            () =>
            {
                var request = Request(HttpMethod.Post, new Uri(account.Origin, path));
                request.Headers.Add("Idempotency-Key", key);
                request.Content = new FormUrlEncodedContent(form.Fields);
                return request;
            },
            ct);

    /// <summary>What was asked for; else its own word for why not.</summary>
    public static Result<JsonElement> Understood(GatewayReply reply)
    {
        if (reply.IsSuccess) return reply.Body;
        var error = reply.Body.Part("error") ?? default;
        var word = error.Text("decline_code") ?? error.Text("code") ?? error.Text("type");
        return new Refused(Refusal.GatewayRefused, $"{(int)reply.Status} {word}: {error.Text("message")}");
    }

    HttpRequestMessage Request(HttpMethod method, Uri address)
    {
        var request = new HttpRequestMessage(method, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", account.SecretKey);
        request.Headers.Add("Stripe-Version", Version);
        return request;
    }
}
