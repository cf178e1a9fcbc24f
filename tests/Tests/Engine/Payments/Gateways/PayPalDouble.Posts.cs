using System.Text;
using System.Text.Json.Nodes;
using Tollkeeper.Engine.Payments.Gateways;

namespace Tollkeeper.Tests.Engine.Payments.Gateways;

/// <summary>What it posts, signed by a certificate that its own root vouches for.</summary>
public sealed partial class PayPalDouble
{
    readonly PayPalSigner signer;
    readonly List<byte[]> posts = [];

    public PayPalSigner Signer => signer;

    /// <summary>All so far, as it would send them now.</summary>
    public IReadOnlyList<GatewayPost> Posts()
    {
        lock (gate) return [.. posts.Select(body => signer.Sign(body))];
    }

    public GatewayPost LastPost() => Posts()[^1];

    /// <summary>A post of any kind, about anything.</summary>
    public void Post(string type, string kind, JsonObject about) =>
        posts.Add(Encoding.UTF8.GetBytes(new JsonObject
        {
            ["id"] = $"WH-{NewId("")}-{NewId("")}",
            ["event_version"] = "1.0",
            ["create_time"] = Now,
            ["resource_type"] = kind,
            ["event_type"] = type,
            ["summary"] = "Un résumé",
            ["resource"] = about,
            ["links"] = new JsonArray(),
        }.ToJsonString()));
}
