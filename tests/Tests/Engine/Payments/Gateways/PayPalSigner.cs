using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using NodaTime;
using NodaTime.Text;
using Tollkeeper.Engine.Payments.Gateways;

namespace Tollkeeper.Tests.Engine.Payments.Gateways;

/// <summary>Signs posts as PayPal does, with certificates of its own making.</summary>
public sealed class PayPalSigner : IDisposable
{
    public const string Domain = "paypal.test";
    public const string WebhookId = "9JH35567VA1234567";
    public const string Address = $"https://api.{Domain}/certs/CERT-360caa42";

    readonly IClock clock;
    readonly RSA rootKey = RSA.Create(2_048);
    readonly X509Certificate2 root;
    RSA key = RSA.Create(2_048);

    public PayPalSigner(IClock clock)
    {
        this.clock = clock;
        root = SelfSigned(rootKey, "CN=Test root", isRoot: true);
        Pem = Leaf(Duration.FromDays(365));
    }

    /// <summary>What is found at <see cref="Address"/>.</summary>
    public string Pem { get; set; }

    public X509Certificate2Collection Roots => [root];

    /// <summary>A new key, and its certificate by the root.</summary>
    public string Leaf(Duration lasts, string name = $"messageverificationcerts.{Domain}")
    {
        key.Dispose();
        key = RSA.Create(2_048);
        var now = clock.GetCurrentInstant();
        using var leaf = Request(key, $"CN={name}").Create(
            root, (now - Duration.FromDays(30)).ToDateTimeOffset(), (now + lasts).ToDateTimeOffset(),
            RandomNumberGenerator.GetBytes(8));
        return leaf.ExportCertificatePem();
    }

    /// <summary>A certificate of the same key that no root vouches for.</summary>
    public string SelfSigned()
    {
        using var certificate = SelfSigned(key, $"CN=messageverificationcerts.{Domain}", isRoot: false);
        return certificate.ExportCertificatePem();
    }

    public GatewayPost Sign(ReadOnlyMemory<byte> body) => Sign(body, clock.GetCurrentInstant(), Address);

    public GatewayPost Sign(ReadOnlyMemory<byte> body, Instant at, string address, string webhook = WebhookId)
    {
        var (id, time) = ($"{Guid.NewGuid()}", InstantPattern.General.Format(at));
        var text = $"{id}|{time}|{webhook}|{Crc(body.Span)}";
        var signature = key.SignData(
            Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return new GatewayPost(
            new Dictionary<string, string>
            {
                ["paypal-transmission-id"] = id,
                ["paypal-transmission-time"] = time,
                ["paypal-transmission-sig"] = Convert.ToBase64String(signature),
                ["paypal-cert-url"] = address,
                ["paypal-auth-algo"] = "SHA256withRSA",
            },
            body);
    }

    /// <summary>By a table, as nobody else here does it.</summary>
    static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var table = Enumerable.Range(0, 256)
            .Select(start => Enumerable.Range(0, 8).Aggregate(
                (uint)start, (sum, _) => (sum & 1) == 1 ? 0xEDB88320 ^ (sum >> 1) : sum >> 1))
            .ToArray();
        var crc = 0xFFFFFFFF;
        foreach (var one in bytes) crc = table[(crc ^ one) & 0xFF] ^ (crc >> 8);
        return crc ^ 0xFFFFFFFF;
    }

    X509Certificate2 SelfSigned(RSA with, string name, bool isRoot)
    {
        var request = Request(with, name);
        if (isRoot) request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = clock.GetCurrentInstant();
        return request.CreateSelfSigned(
            (now - Duration.FromDays(60)).ToDateTimeOffset(), (now + Duration.FromDays(3_650)).ToDateTimeOffset());
    }

    static CertificateRequest Request(RSA with, string name) =>
        new(name, with, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    public void Dispose()
    {
        root.Dispose();
        rootKey.Dispose();
        key.Dispose();
    }
}
