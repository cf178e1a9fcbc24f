using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using NodaTime;
using Tollkeeper.Tests.Golden;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>
/// A mail server of other hands (npm smtp-server) that wants STARTTLS and a sign-in, with a certificate that whoever is
/// given <see cref="Trusting"/> trusts.
/// </summary>
public sealed class RealMailServer : IAsyncDisposable
{
    const string User = "tollkeeper";
    const string Password = "pässword-42";

    readonly string folder;
    readonly int smtpPort = FreePort.Tcp();
    readonly int httpPort = FreePort.Tcp();
    readonly HttpClient http = new();
    readonly ChildProgram server;

    RealMailServer(string folder)
    {
        this.folder = folder;
        var (key, certificate) = MakeCertificate();
        server = ChildProgram.Start(
            "node", Path.Combine(folder, "sink.log"),
            [
                Path.Combine(Repository.Root, "tests/Tests/Mail/sink.cjs"), $"{smtpPort}", $"{httpPort}", key,
                certificate, User, Password,
            ]);
    }

    public static async Task<RealMailServer> Start(string folder)
    {
        var real = new RealMailServer(folder);
        await Wait.Until(
            async () =>
            {
                try
                {
                    await real.Mails();
                    return true;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            TimeSpan.FromSeconds(20), () => "the mail server answers");
        return real;
    }

    /// <summary>What it took.</summary>
    public async Task<JsonArray> Mails() =>
        JsonNode.Parse(await http.GetStringAsync($"http://127.0.0.1:{httpPort}/"))!.AsArray();

    /// <summary>The environment of a program that gives it mails.</summary>
    public Dictionary<string, string> Environment(string? password = null, bool trusting = true)
    {
        var file = Path.Combine(folder, "password");
        File.WriteAllText(file, (password ?? Password) + "\n");
        var environment = new Dictionary<string, string>
        {
            ["TOLLKEEPER_SMTP"] = $"localhost:{smtpPort}",
            ["TOLLKEEPER_SMTP_USER"] = User,
            ["TOLLKEEPER_SMTP_PASSWORD_FILE"] = file,
            ["TOLLKEEPER_SMTP_FROM"] = "billing@{host}",
        };
        if (trusting) environment["SSL_CERT_FILE"] = Trusting;
        return environment;
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await server.DisposeAsync();
    }

    string Trusting => Path.Combine(folder, "trusted.pem");

    (string Key, string Certificate) MakeCertificate()
    {
        using var key = RSA.Create(2_048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = SystemClock.Instance.GetCurrentInstant().ToDateTimeOffset();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        var (keyFile, certificateFile) = (Path.Combine(folder, "key.pem"), Path.Combine(folder, "certificate.pem"));
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(certificateFile, made.ExportCertificatePem());
        File.WriteAllText(Trusting, made.ExportCertificatePem());
        return (keyFile, certificateFile);
    }
}
