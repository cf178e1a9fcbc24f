using System.Diagnostics;
using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Host;
using SystemClock = NodaTime.SystemClock;

namespace Tollkeeper.Bench;

/// <summary>
/// Customers who are signed in at a server, each with a session and cookie of its own. Signing in by the door would be
/// a measurement of its own: the cookies are made as the server would make them.
/// </summary>
sealed class Readers : IDisposable
{
    readonly HttpClient http;
    readonly string host;
    readonly IReadOnlyList<string> cookies;
    long bytes;
    int pages;

    Readers(ServedProcess served, IReadOnlyList<string> cookies)
    {
        http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(served.Url),
            Timeout = TimeSpan.FromMinutes(10),
        };
        host = $"bench.localhost:{http.BaseAddress.Port}";
        this.cookies = cookies;
    }

    public int Count => cookies.Count;

    /// <summary>Of a page as it went over the wire.</summary>
    public long BytesAPage => pages == 0 ? 0 : bytes / pages;

    /// <summary>A user of each of the first accounts, which have the numbers from 1 on; or as many of the staff.
    /// </summary>
    public static async Task<Readers> SignIn(
        ServedProcess served, Database database, Settings settings, int providerNo, int count, bool staff = false)
    {
        var clock = SystemClock.Instance;
        var opened = await Installation.Open(settings, clock, NullLoggerFactory.Instance, serving: true);
        Demand.That(opened.Accepted, $"a second node opens: {opened.Refused}");
        await using var installation = opened.Value;
        await using var app = Server.Build(installation, "http://127.0.0.1:0");
        var format = app.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>()
            .Get(IdentityConstants.ApplicationScheme).TicketDataFormat!;
        var cookies = new List<string>();
        for (var no = 1; no <= count; no++)
        {
            var name = staff ? "staff" : "reader";
            Demand.That(EmailAddress.TryParse($"{name}{no}@example.com", out var email), "the address is good");
            var user = (await new CreateUser(database, clock).Run(
                new NewUser(
                    providerNo, staff ? null : no, email, EmailConfirmed: true, "none", null,
                    staff ? Role.Owner : null), "bench")).Value;
            var session = await new StartSession(database, clock).Run(user, "bench", "127.0.0.1");
            var who = new ClaimsPrincipal(new ClaimsIdentity(
                [new Claim(ClaimTypes.NameIdentifier, user.Id), new Claim("sid", session)],
                IdentityConstants.ApplicationScheme));
            cookies.Add("tollkeeper=" + format.Protect(new AuthenticationTicket(
                who, new AuthenticationProperties { ExpiresUtc = DateTimeOffset.UtcNow.AddDays(1) },
                IdentityConstants.ApplicationScheme)));
        }
        return new Readers(served, cookies);
    }

    public async Task<Latencies> OneByOne(string path, int count)
    {
        var taken = new Latencies();
        for (var i = 0; i < count; i++) Demand.That(await Read(0, path, taken, 0), $"{path} is shown");
        return taken;
    }

    /// <summary>Pages in turn, at a fixed rate; what is late counts from when it was due.</summary>
    public async Task<(double PerSecond, Latencies Taken, int Failed)> Paced(
        IReadOnlyList<string> paths, int perSecond, TimeSpan time)
    {
        var read = new Task<bool>[(int)(perSecond * time.TotalSeconds)];
        var taken = read.Select(_ => new Latencies()).ToArray();
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < read.Length;)
        {
            var due = (int)(Stopwatch.GetElapsedTime(begun).TotalSeconds * perSecond);
            for (; i <= due && i < read.Length; i++)
            {
                var (n, at) = (i, begun + (long)((double)i / perSecond * Stopwatch.Frequency));
                // Every fourth page is of the account with very many calls.
                var reader = n % 4 == 0 ? 0 : n / 4 % cookies.Count;
                read[i] = Task.Run(() => Read(reader, paths[n / 4 % paths.Count], taken[n], at));
            }
            await Task.Delay(1);
        }
        var shown = (await Task.WhenAll(read)).Count(done => done);
        return (shown / Stopwatch.GetElapsedTime(begun).TotalSeconds, Latencies.Of(taken), read.Length - shown);
    }

    /// <summary>A stream of what moves, read until it is cancelled; with lists, their page is fetched as a browser
    /// does.</summary>
    public async Task Listen(int reader, bool lists, Action opened, Action message, CancellationToken ct)
    {
        try
        {
            using var answer = await Open(reader, ct);
            using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(ct));
            opened();
            while (await lines.ReadLineAsync(ct) is { } line)
            {
                if (line.Length == 0) message();
                if (lists && line.Contains("\"reload\"", StringComparison.Ordinal))
                    await Read(reader, "/finances/account-balance", new Latencies(), 0);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // It was closed.
        }
    }

    public void Dispose() => http.Dispose();

    /// <summary>All at once is more than a server that knows none of the sessions yet will look up: as a browser does,
    /// it is asked again.</summary>
    async Task<HttpResponseMessage> Open(int reader, CancellationToken ct)
    {
        while (true)
        {
            using var request = Ask(reader, "/live");
            var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            if (answer.StatusCode == HttpStatusCode.OK) return answer;
            Demand.That(answer.StatusCode == HttpStatusCode.ServiceUnavailable, $"a stream: {answer.StatusCode}");
            answer.Dispose();
            await Task.Delay(TimeSpan.FromSeconds(1), ct);
        }
    }

    async Task<bool> Read(int reader, string path, Latencies taken, long dueTimestamp)
    {
        var begun = dueTimestamp == 0 ? Stopwatch.GetTimestamp() : dueTimestamp;
        using var request = Ask(reader, path);
        using var answer = await http.SendAsync(request);
        var content = await answer.Content.ReadAsByteArrayAsync();
        taken.Add(begun);
        Interlocked.Add(ref bytes, content.Length);
        Interlocked.Increment(ref pages);
        return answer.StatusCode == HttpStatusCode.OK;
    }

    HttpRequestMessage Ask(int reader, string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        request.Headers.Add("Cookie", cookies[reader]);
        request.Headers.Add("Accept-Encoding", "gzip, br");
        return request;
    }
}
