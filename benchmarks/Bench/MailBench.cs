using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NodaTime;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Tests.Engine;
using Tollkeeper.Tests.Scenarios;

namespace Tollkeeper.Bench;

/// <summary>
/// Very many low-balance alerts at one moment while calls go on at a steady pace: how long until each is a mail that
/// waits, how many are delivered to a mail server with STARTTLS, and what the calls feel of it.
/// </summary>
static class MailBench
{
    const int Callers = 1_000;
    const int CallsPerSecond = 1_000;
    const int MailsPerSecond = 200;

    public static async IAsyncEnumerable<BenchRow> Run(bool quick)
    {
        var alerts = quick ? 10_000 : 100_000;
        var time = TimeSpan.FromSeconds(quick ? 5 : 20);
        var server = await PostgresServer.Own();
        await using (var database = await CallsBench.PostgresDatabase(server))
        {
            await foreach (var row in Run(database, alerts, time)) yield return row;
        }
        await server.Remove();
    }

    static async IAsyncEnumerable<BenchRow> Run(Database database, int alerts, TimeSpan time)
    {
        await using var desk = await CallDesk.Open(database, Callers);
        await Furnish(database, desk, alerts);
        using var folder = new BenchFolder();
        using var certificate = Certificate(folder.Path);
        await using var sink = new MailSink(certificate);
        using var served = await ServedProcess.Start(
            database.Postgres.ConnectionString, folder.Path, new Dictionary<string, string>
            {
                ["TOLLKEEPER_SMTP"] = $"localhost:{sink.Port}",
                ["TOLLKEEPER_SMTP_RATE"] = $"{MailsPerSecond}",
                ["SSL_CERT_FILE"] = Path.Combine(folder.Path, "trusted.pem"),
            });
        var key = await HttpBench.Prepare(database, desk);
        await served.Ready();
        await Task.Delay(TimeSpan.FromSeconds(1.5));
        using var calls = new HttpCalls(served.Url, key, desk.AccountIds);
        await calls.Paced(CallsPerSecond, time / 2);
        var alone = await calls.Paced(CallsPerSecond, time);

        await MailBenchStore.Cross(database, alerts, SystemClock.Instance.GetCurrentInstant().ToMicros());
        var begun = Stopwatch.GetTimestamp();
        var during = calls.Paced(CallsPerSecond, time);
        var queued = await AllTold(database, begun);
        var mails = (await MailBenchStore.Count(database)).Queued;
        Demand.That(mails == alerts, $"each alert is one mail: {mails}");
        var withQueueing = await during;
        yield return new BenchRow(
            $"{alerts:#,##0} alerts queued", "alerts/s", alerts / queued.TotalSeconds, "none", null, null,
            $"{queued.TotalSeconds:0.0} s; {Beside(withQueueing, alone)}; goal 10 s for 100,000");

        var undisturbed = await Rate(database, () => Task.Delay(time / 2));
        yield return new BenchRow(
            "mails delivered over STARTTLS, no calls", "mails/s", undisturbed, "none", null, null,
            $"set to {MailsPerSecond}/s; goal 100/s");
        var withSending = alone;
        var rate = await Rate(database, async () => withSending = await calls.Paced(CallsPerSecond, time));
        yield return new BenchRow(
            "mails delivered over STARTTLS beside calls", "mails/s", rate, "none", null, null,
            $"set to {MailsPerSecond}/s; {Beside(withSending, alone)}; goal 100/s");
        var (taken, distinct) = (sink.Mails.Count, sink.Mails.Select(mail => mail.To).Distinct().Count());
        Demand.That(taken == distinct, $"each mail came once: {taken} mails to {distinct} addresses");
    }

    static async Task<double> Rate(Database database, Func<Task> meanwhile)
    {
        var (before, begun) = (await MailBenchStore.Count(database), Stopwatch.GetTimestamp());
        await meanwhile();
        var after = await MailBenchStore.Count(database);
        return (after.Sent - before.Sent) / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    static string Beside(HttpFigures with, HttpFigures alone) =>
        $"{CallsPerSecond:#,##0} calls/s beside it: {with}; without: {alone}; p99 "
        + $"{with.Authorizes.P99 / alone.Authorizes.P99:0.0} times, goal 2";

    static async Task Furnish(Database database, CallDesk desk, int alerts)
    {
        await using (var connection = await database.Connect())
        {
            var first = await AccountStore.FindNo(connection, desk.AccountIds[0]);
            await BenchStore.CopyAccount(database, first!.Value, Callers, alerts);
        }
        await MailBenchStore.AddUsers(database);
    }

    /// <summary>Asked without counting rows, which would take time from what is measured.</summary>
    static async Task<TimeSpan> AllTold(Database database, long begun)
    {
        while (await MailBenchStore.AnyUntold(database))
        {
            Demand.That(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromMinutes(5), "alerts become mails");
            await Task.Delay(100);
        }
        return Stopwatch.GetElapsedTime(begun);
    }

    static X509Certificate2 Certificate(string folder)
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
        File.WriteAllText(Path.Combine(folder, "trusted.pem"), made.ExportCertificatePem());
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
