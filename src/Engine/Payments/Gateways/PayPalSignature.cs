using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using NodaTime;

namespace Tollkeeper.Engine.Payments.Gateways;

/// <summary>
/// Whether a post is PayPal's: it signs its headers and the checksum of the body with a certificate that it keeps at
/// an address that the post names. The address, and the certificate, must be of PayPal's domain.
/// </summary>
sealed class PayPalSignature(PayPalSettings settings, HttpClient http, IClock clock, TimeProvider time)
{
    const int MostKeys = 16;
    const int MostBytes = 64 * 1024;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>PayPal posts again for three days what was not taken; to hear one twice does no harm.</summary>
    static readonly Duration Oldest = Duration.FromDays(4);
    static readonly Duration Newest = Duration.FromMinutes(5);

    readonly ConcurrentDictionary<string, Key> keys = new(StringComparer.Ordinal);

    /// <summary>Refusals: <see cref="Refusal.SignatureWrong"/>, <see cref="Refusal.GatewayAway"/>.</summary>
    public async Task<Result<bool>> Verify(GatewayPost post, CancellationToken ct)
    {
        var signature = new byte[512];
        if (!post.Headers.TryGetValue("paypal-transmission-id", out var id)
            || !post.Headers.TryGetValue("paypal-transmission-time", out var at)
            || !post.Headers.TryGetValue("paypal-transmission-sig", out var signed)
            || !post.Headers.TryGetValue("paypal-cert-url", out var address)
            || post.Headers.GetValueOrDefault("paypal-auth-algo") != "SHA256withRSA"
            || !Convert.TryFromBase64String(signed, signature, out var length)
            || !IsTimely(at) || !IsPayPal(address))
            return Refusal.SignatureWrong;
        var key = await KeyAt(new Uri(address), ct);
        if (key.Refused is { } none) return none;
        var text = string.Create(
            CultureInfo.InvariantCulture, $"{id}|{at}|{settings.WebhookId}|{Checksum(post.Body.Span)}");
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(key.Value.Spki, out _);
        return rsa.VerifyData(
            Encoding.UTF8.GetBytes(text), signature.AsSpan(0, length), HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1)
            ? true
            : Refusal.SignatureWrong;
    }

    /// <summary>The CRC-32 of zip and Ethernet.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var one in bytes)
        {
            sum ^= one;
            for (var bit = 0; bit < 8; bit++) sum = (sum & 1) != 0 ? (sum >> 1) ^ 0xEDB88320 : sum >> 1;
        }
        return ~sum;
    }

    bool IsTimely(string text)
    {
        try
        {
            var (at, now) = (PayPalAnswer.InstantOf(text), clock.GetCurrentInstant());
            return now - at < Oldest && at - now < Newest;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    bool IsPayPal(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps
        && uri.UserInfo.Length == 0 && IsPayPalName(uri.IdnHost);

    bool IsPayPalName(string name) =>
        name.Equals(settings.CertificateDomain, StringComparison.OrdinalIgnoreCase)
        || name.EndsWith($".{settings.CertificateDomain}", StringComparison.OrdinalIgnoreCase);

    async Task<Result<Key>> KeyAt(Uri address, CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        if (keys.TryGetValue(address.AbsoluteUri, out var known) && known.IsValidAt(now)) return known;
        var pem = await Fetch(address, ct);
        if (pem.Refused is { } away) return away;
        if (KeyOf(pem.Value, now) is not { } key) return Refusal.SignatureWrong;
        if (keys.Count >= MostKeys) keys.Clear();
        return keys[address.AbsoluteUri] = key;
    }

    async Task<Result<string>> Fetch(Uri address, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            using var answer = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, stop.Token);
            if (!answer.IsSuccessStatusCode)
                return new Refused(Refusal.GatewayAway, $"PayPal's certificate: HTTP {(int)answer.StatusCode}");
            // What it was sent on to is to be PayPal's as well.
            if (!IsPayPal(answer.RequestMessage!.RequestUri!.AbsoluteUri)) return Refusal.SignatureWrong;
            await answer.Content.LoadIntoBufferAsync(MostBytes, stop.Token);
            return await answer.Content.ReadAsStringAsync(stop.Token);
        }
        catch (HttpRequestException broken)
        {
            return new Refused(Refusal.GatewayAway, broken.Message);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new Refused(Refusal.GatewayAway, "PayPal's certificate did not come in time.");
        }
    }

    /// <summary>The key of the first certificate, if a root vouches for it by the others; null where none does.
    /// </summary>
    Key? KeyOf(string pem, Instant now)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
            if (certificates.Count == 0) return null;
            var leaf = certificates[0];
            using var chain = new X509Chain();
            // No question to the issuer about each post: PayPal takes a certificate out of use by naming another one.
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.VerificationTime = now.ToDateTimeUtc();
            chain.ChainPolicy.ExtraStore.AddRange(certificates);
            if (settings.Roots is { } roots)
            {
                chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
                chain.ChainPolicy.CustomTrustStore.AddRange(roots);
            }
            return chain.Build(leaf) && IsPayPalName(leaf.GetNameInfo(X509NameType.DnsName, forIssuer: false))
                ? new Key(
                    leaf.PublicKey.ExportSubjectPublicKeyInfo(),
                    Instant.FromDateTimeUtc(leaf.NotBefore.ToUniversalTime()),
                    Instant.FromDateTimeUtc(leaf.NotAfter.ToUniversalTime()))
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
        finally
        {
            foreach (var certificate in certificates) certificate.Dispose();
        }
    }

    sealed record Key(byte[] Spki, Instant From, Instant To)
    {
        public bool IsValidAt(Instant now) => now >= From && now <= To;
    }
}
