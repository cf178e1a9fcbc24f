using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Demo;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Ledger;
using Tollkeeper.Rating;
using Xunit;

namespace Tollkeeper.Tests.Engine.Demo;

public sealed class DemoTests
{
    static readonly Rate[] Rates =
    [
        Rate("1", 80_000, 6), Rate("44", 1_500_000, 60), Rate("33", 1_700_001, 60), Rate("61", 2_000_000, 60),
        Rate("49", 1_600_000, 60), Rate("881", 450_000_000, 60),
    ];

    readonly MovableClock clock = new(Instant.FromUtc(2026, 11, 21, 15, 0));

    [BothDatabases]
    public async Task The_demonstration_is_made_once_with_weeks_of_history_and_keys_that_open(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var create = new CreateDemo(test.Database, clock, NullLogger<Bookkeeper>.Instance);
        var demo = (await create.Run(Rates, "00", "http://127.0.0.1:8080")).Value;
        Assert.Equal(Refusal.DatabaseNotEmpty, (await create.Run(Rates, "00", "")).Refused?.Refusal);
        Assert.Equal(["retail-usd", "wholesale-usd", "retail-cad"], demo.Providers.Select(provider => provider.Name));

        await using var rules = await RulesInForce.Load(test.Database, clock);
        Assert.Equal(KeyKind.Operator, (await rules.Keys.Find(demo.OperatorKey)).Value.Kind);
        await using var connection = await test.Database.Connect();
        foreach (var provider in demo.Providers)
        {
            var found = rules.Providers.ByHost(provider.Host).Value;
            Assert.Equal(found.No, (await rules.Keys.Find(provider.SwitchKey)).Value.ProviderNo);
            var staff = (await UserStore.Find(connection, null, found.No, provider.Staff.Email)).Value;
            Assert.True(staff is { IsStaff: true, EmailConfirmed: true });
            var hasher = new PasswordHasher<User>();
            Assert.Equal(PasswordVerificationResult.Success,
                hasher.VerifyHashedPassword(staff, staff.PasswordHash!, provider.Staff.Password));
            Assert.Equal(PasswordVerificationResult.Failed,
                hasher.VerifyHashedPassword(staff, staff.PasswordHash!, provider.Staff.Password + "x"));
            foreach (var account in provider.Accounts)
            {
                var no = (await rules.Accounts.Find(found.No, account.Id)).Value;
                Assert.Equal(no, (await rules.Keys.Find(account.ApiKey)).Value.AccountNo);
                foreach (var wallet in await WalletStore.Of(test.Database, no, default))
                {
                    Assert.True(wallet.Calls > 20, $"{provider.Name} {account.Email} has {wallet.Calls} calls");
                    Assert.True(wallet.AvailableMicros(clock.Now) > 0, $"{provider.Name} {account.Email} has money");
                }
            }
        }
    }

    [BothDatabases]
    public async Task Each_preset_does_to_the_cases_what_it_says_side_by_side(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var create = new CreateDemo(test.Database, clock, NullLogger<Bookkeeper>.Instance);
        var demo = (await create.Run(Rates, "00", "http://127.0.0.1:8080")).Value;
        await using var rules = await RulesInForce.Load(test.Database, clock);
        var summaries = new SummarizeAccount(
            test.Database, rules.Providers, new OpenHolds(test.Database), clock);
        foreach (var provider in demo.Providers)
        {
            var no = rules.Providers.ByHost(provider.Host).Value.No;
            var stopped = new List<Directions>();
            foreach (var one in provider.Cases!)
            {
                var account = (await rules.Accounts.Find(no, one.Id)).Value;
                var summary = await summaries.Of(no, account, default);
                stopped.Add(summary!.Status.Blocks);
            }
            // R48, R49 everywhere; R93 where the policy says that a balance at the floor stops both ways.
            var off = provider.Name == "retail-cad" ? Directions.Both : Directions.Outbound;
            Assert.Equal((provider.Name, off, off, Directions.Outbound),
                (provider.Name, stopped[0], stopped[1], stopped[2]));
            Assert.All(stopped.Skip(3), one => Assert.Equal(Directions.None, one));
            await using var connection = await test.Database.Connect();
            var taxes = await Tollkeeper.Engine.Taxes.DepositTaxStore.Read(
                connection, null, no, (await rules.Accounts.Find(no, provider.Cases![^1].Id)).Value);
            // R39, R42: who taxes deposits is registered, and has a customer who is exempt.
            var counts = provider.Name == "wholesale-usd" ? (0, 0) : (5, 1);
            Assert.Equal(counts, (taxes.Registrations.All.Count, taxes.Exemptions.Count));
        }
    }

    [BothDatabases]
    public async Task A_first_prepaid_account_affords_fifty_satellite_quotas_and_no_more(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var create = new CreateDemo(test.Database, clock, NullLogger<Bookkeeper>.Instance);
        var demo = (await create.Run(Rates, "00", "http://127.0.0.1:8080")).Value;
        await using var rules = await RulesInForce.Load(test.Database, clock);
        foreach (var provider in demo.Providers)
        {
            var found = rules.Providers.ByHost(provider.Host).Value;
            var no = (await rules.Accounts.Find(found.No, provider.Accounts[0].Id)).Value;
            var facts = (await Facts(test, no))[no];
            Assert.Equal((1_000, 1_000), (facts.Channels, facts.CallsPerSecond));
            var prices = new CallPrices(
                (no, at) => rules.Decks.Find(no, at), () => rules.Numbering, () => rules.Factors);
            var policy = rules.Providers.PolicyOf(found.No, clock.Now).Value;
            var to = DialledNumber.Read(DemoPlan.SatelliteNumber, policy.Policy.Dialling).Value;
            var question = new CallQuestion(
                found.No, "sbc", "c", provider.Accounts[0].Id, Directions.Outbound, "+12125550180", to.E164, null);
            var quota = Charge(prices.TermsOf(facts, question, to, policy, clock.Now).Value);
            var available = (await WalletStore.Of(test.Database, no, default))[0].AvailableMicros(clock.Now);
            Assert.Equal(50, available / quota);
        }

        static long Charge(Tollkeeper.Charging.CallTerms terms) =>
            Tollkeeper.Charging.Charge.Of(terms, 300).TotalMicros;
    }

    [Fact]
    public void The_demonstrations_file_is_its_owners_alone_and_as_documented()
    {
        var folder = Directory.CreateTempSubdirectory("tollkeeper-test-").FullName;
        var account = new DemoFile.Account("acc_x", "prepaid", "a@b.example", "secret", "tk_x");
        var file = new DemoFile("http://127.0.0.1:8080", "tk_operator", [
            new("retail-usd", "retail-usd.localhost", new("s@b.example", "secret"), "tk_switch", [account])]);
        file.Write(folder);
        var path = DemoFile.PathIn(folder);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllText(path));
        var provider = json.RootElement.GetProperty("providers")[0];
        Assert.Equal("tk_operator", json.RootElement.GetProperty("operatorKey").GetString());
        Assert.Equal("secret", provider.GetProperty("staff").GetProperty("password").GetString());
        Assert.Equal("tk_x", provider.GetProperty("accounts")[0].GetProperty("apiKey").GetString());
        Assert.Equal("retail-usd", DemoFile.Read(folder)!.Providers[0].Name);
        Directory.Delete(folder, recursive: true);
    }

    static async Task<Dictionary<long, AccountFacts>> Facts(TestDatabase test, long no)
    {
        await using var connection = await test.Database.Connect();
        return await AccountStore.LoadFacts(connection, null, [no]);
    }

    static Rate Rate(string prefix, long e8, int seconds) => SomeRates.Row(prefix, "Somewhere", e8, seconds, seconds);
}
