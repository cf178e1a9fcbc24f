using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Ledger;
using Tollkeeper.Rating;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>
/// The real program serving a test's database in a process of its own, to be killed and started again.
/// </summary>
sealed class KilledServer : IAsyncDisposable
{
    static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);

    readonly string url = $"http://127.0.0.1:{FreePort()}";
    readonly string key;
    readonly HttpClient http;
    Process? process;
    bool sharesTest;

    KilledServer(TestDatabase test, string account, long accountNo, string key)
    {
        (Test, Account, AccountNo, this.key) = (test, account, accountNo, key);
        http = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(10) };
    }

    public TestDatabase Test { get; }

    public string Account { get; }

    public long AccountNo { get; }

    /// <summary>A provider with a deck, a key, and one account with that much money.</summary>
    public static async Task<KilledServer> Furnish(
        DatabaseKind kind, long micros, int channels = 1_000, int callsPerSecond = 100_000)
    {
        var test = await TestDatabase.New(kind);
        var clock = SystemClock.Instance;
        var house = new House(test.Database, clock);
        var provider = await house.Provider();
        var deck = await house.Deck(provider);
        var imported = await new ImportDeck(test.Database, clock).Run(
            new DeckImport(deck.No, Rounding.Micros, ZeroRates: false, null, SomeRates.Few, "", "test"));
        Assert.True(imported.Accepted, imported.Refused?.ToString());
        var key = await new IssueKey(test.Database, clock).Run(KeyHolder.Switch(provider.No), "test");
        var account = (await new OpenAccount(test.Database, clock).Run(new NewAccount(
            provider.No, "An account", AccountType.Prepaid, provider.Currency, TaxStatus.NonExempt, deck.No, null,
            channels, callsPerSecond, null, []))).Value;
        await using var bookkeeper = new Bookkeeper(
            test.Database, clock, _ => DateTimeZone.Utc, NullLogger<Bookkeeper>.Instance);
        var deposit = new MoneyMove(
            provider.No, account.No, null, EntryKind.Deposit, new Money(micros, provider.Currency),
                LedgerCode.InTransit,
            "first", "a test");
        Assert.True((await new PostMoney(bookkeeper).Post(deposit, 0)).Accepted);
        return new KilledServer(test, account.Id.Text, account.No, key.Value.Reveal());
    }

    /// <summary>A second process over the same database, to be disposed of before this one.</summary>
    public KilledServer Another() => new(Test, Account, AccountNo, key) { sharesTest = true };

    public async Task Start()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "tollkeeper.dll"), "serve"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["TOLLKEEPER_DATA"] = Test.Folder;
        start.Environment["TOLLKEEPER_DATABASE"] = Test.ConnectionString ?? "";
        start.Environment["TOLLKEEPER_URLS"] = url;
        var said = new StringBuilder();
        process = Process.Start(start)!;
        process.OutputDataReceived += Hear;
        process.ErrorDataReceived += Hear;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var begun = Stopwatch.GetTimestamp();
        while (!await IsReady())
        {
            Assert.False(process.HasExited, "the program ended: " + Heard());
            Assert.True(Stopwatch.GetElapsedTime(begun) < ReadyWithin, "the program is ready: " + Heard());
            await Task.Delay(30);
        }

        void Hear(object sender, DataReceivedEventArgs line)
        {
            lock (said) said.AppendLine(line.Data);
        }

        string Heard()
        {
            lock (said) return said.ToString();
        }
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task Kill()
    {
        if (process is null) return;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    /// <summary>Null: no answer came.</summary>
    public async Task<(HttpStatusCode Status, JsonNode? Body)?> Post(string path, JsonObject body)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path);
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            using var response = await http.SendAsync(request);
            return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync()));
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or IOException)
        {
            return null;
        }
    }

    async Task<bool> IsReady()
    {
        try
        {
            using var response = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or IOException)
        {
            return false;
        }
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        await Kill();
        http.Dispose();
        if (!sharesTest) await Test.DisposeAsync();
    }
}
