using System.Net.Http.Headers;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;
using Tollkeeper.Providers;
using Tollkeeper.Rating;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>
/// A data folder with one provider whose quotas are of a few seconds, and the real program serving it in a process of
/// its own: what a switch meets. A second to +1 costs 0.001 USD.
/// </summary>
public sealed class ServedInstallation : IAsyncDisposable
{
    public const long MicrosPerSecond = 1_000;
    public const int QuotaSeconds = 4;

    readonly TestDatabase test;
    readonly HttpClient http = new();
    ChildProgram? server;
    Provider provider = null!;
    int deckNo;

    ServedInstallation(TestDatabase test)
    {
        this.test = test;
        Url = $"http://127.0.0.1:{FreePort.Tcp()}";
    }

    public string Url { get; }

    public string Folder => test.Folder;

    public string SwitchKey { get; private set; } = "";

    public static async Task<ServedInstallation> New()
    {
        var installation = new ServedInstallation(await TestDatabase.New(DatabaseKind.Sqlite));
        await installation.Furnish();
        return installation;
    }

    /// <summary>Accounts are made before the program serves: SQLite has one serving process.</summary>
    public async Task<ServedAccount> Account(long balanceMicros)
    {
        var opened = await new OpenAccount(test.Database, SystemClock.Instance).Run(new NewAccount(
            provider.No, "An account", AccountType.Prepaid, Currency.Usd, TaxStatus.NonExempt, deckNo, null,
            Channels: 100, CallsPerSecond: 1_000, null, []));
        var account = opened.Value;
        if (balanceMicros > 0)
        {
            await using var bookkeeper = new Bookkeeper(
                test.Database, SystemClock.Instance, _ => DateTimeZone.Utc, NullLogger<Bookkeeper>.Instance);
            var move = new MoneyMove(
                provider.No, account.No, null, EntryKind.Deposit, new Money(balanceMicros, Currency.Usd),
                LedgerCode.InTransit, account.Id.Text, "the first deposit");
            Assert.True((await new PostMoney(bookkeeper).Post(move, 0)).Accepted);
        }
        return new ServedAccount(test.Database, account.No, account.Id.Text);
    }

    public async Task Serve()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "tollkeeper.dll");
        var environment = new Dictionary<string, string>
        {
            ["TOLLKEEPER_DATA"] = Folder,
            ["TOLLKEEPER_URLS"] = Url,
            ["TOLLKEEPER_DATABASE"] = "",
        };
        server = ChildProgram.Start("dotnet", Path.Combine(Folder, "server.log"), [program, "serve"], environment);
        await Wait.Until(IsReady, TimeSpan.FromSeconds(30), () => $"the server is ready; {Log("server.log")}");
    }

    /// <summary>As a power cut would.</summary>
    public async Task KillServer()
    {
        server!.Kill();
        await server.End(TimeSpan.FromSeconds(5));
        await server.DisposeAsync();
        server = null;
    }

    public string Log(string name)
    {
        var texts = new[] { name, name + ".err" }.Select(file => Path.Combine(Folder, file)).Where(File.Exists);
        return string.Join('\n', texts.Select(ReadShared));
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null) await server.DisposeAsync();
        http.Dispose();
        await test.DisposeAsync();
    }

    async Task Furnish()
    {
        var clock = SystemClock.Instance;
        var policy = PolicyPresets.All["retail-usd"];
        policy = policy with
        {
            Calls = policy.Calls with { QuotaSeconds = QuotaSeconds, RenewAtPartsPerMillion = 500_000 },
        };
        provider = (await new CreateProvider(test.Database, clock).Run(
            new NewProvider("retail-usd", "retail-usd.localhost", Currency.Usd, policy, "test"))).Value;
        var deck = await new CreateDeck(test.Database, clock).Run(new NewDeck(provider.No, "standard", Currency.Usd));
        deckNo = deck.Value.No;
        Rate[] rates = [Rate("1", 6_000_000), Blocked("1900")];
        var imported = await new ImportDeck(test.Database, clock).Run(
            new DeckImport(deckNo, Rounding.Micros, ZeroRates: false, null, rates, "", "test"));
        Assert.True(imported.Accepted, imported.Refused?.ToString());
        SwitchKey =
            (await new IssueKey(test.Database, clock).Run(KeyHolder.Switch(provider.No), "test")).Value.Reveal();
    }

    static Rate Rate(string prefix, long e8) => SomeRates.Row(prefix, "North America", e8, 1, 1);

    static Rate Blocked(string prefix) => Rate(prefix, 1) with { Blocked = true };

    async Task<bool> IsReady()
    {
        Assert.False(server!.HasEnded, "the server ended: " + Log("server.log"));
        try
        {
            using var answer = await http.GetAsync(Url + "/health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    static string ReadShared(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }
}

/// <summary>An account as the books show it, read from the database that the program serves.</summary>
public sealed class ServedAccount(Database database, long no, string id)
{
    public string Id => id;

    public async Task<WalletState> Wallet() => (await WalletStore.Of(database, no, CancellationToken.None)).Single();

    /// <summary>The account's only call, once its end is in the books.</summary>
    public async Task<KeptCall> OnlyCall()
    {
        KeptCall? call = null;
        await Wait.Until(
            async () =>
                (call = await Find()) is not null, TimeSpan.FromSeconds(20), () => $"the end of {id}'s call is booked");
        return call!;
    }

    async Task<KeptCall?> Find()
    {
        await using var connection = await database.Connect();
        var calls = await connection.QueryAsync<KeptCall>(
            """
            select seconds, granted_seconds, billed_seconds, overrun_seconds, disposition, sip_code, billable,
              charge_micros, tax_micros, balance_micros
            from call where account_no = @no
            """,
            new { no });
        return calls.SingleOrDefault();
    }
}

public sealed record KeptCall
{
    public long Seconds { get; init; }
    public long? GrantedSeconds { get; init; }
    public long BilledSeconds { get; init; }
    public long OverrunSeconds { get; init; }
    public long Disposition { get; init; }
    public long? SipCode { get; init; }
    public long Billable { get; init; }
    public long ChargeMicros { get; init; }
    public long TaxMicros { get; init; }
    public long BalanceMicros { get; init; }
}

public static class Wait
{
    public static async Task Until(Func<Task<bool>> holds, TimeSpan within, Func<string> what)
    {
        var begun = System.Diagnostics.Stopwatch.StartNew();
        while (!await holds())
        {
            Assert.True(begun.Elapsed < within, $"Within {within.TotalSeconds} s it did not come true that {what()}");
            await Task.Delay(50);
        }
    }
}
